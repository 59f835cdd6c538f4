"""Invented lines of fees, and an oracle that reads the law again in plain Python, on integer cents: it shares nothing with the package."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import product
from typing import Any

import attrs

Line = dict[str, str | None]

COLUMNS = (
    "identifiant",
    "praticien",
    "date_acte",
    "code_acte",
    "tarif_secteur_1",
    "tarif_propre",
    "honoraires",
    "urgence",
    "beneficiaire_css",
    "date_reglement",
)
KNOWN = tuple(f"DR-{number}" for number in range(1, 41))
STRANGER = "DR-41"
ON = dt.date(2018, 6, 1)  # the day on which lines are counted: none that the oracle knows comes after it
AFTER = ON + dt.timedelta(days=1)
READINGS = {"reglement_du_dernier_jour": ("compris", "exclu"), "acte_sous_la_base": ("base_entiere", "prix_facture")}
FIGURES = (
    "honoraires_remboursables",
    "depassements",
    "honoraires_opposables",
    "honoraires_remboursables_recalcules",
    "depassements_recalcules",
    "honoraires_opposables_recalcules",
    "nombre_actes",
    "nombre_actes_opposables",
    "nombre_actes_opposables_recalcules",
)


def lines(seed: int, count: int, *, faulty: float = 0.2) -> list[Line]:
    """Draw lines whose prices stand on, above and below both bases, whose settlements stand around 31 March; some of them faulty."""
    draw = random.Random(seed)
    found: list[Line] = []
    for number in range(count):
        day = dt.date(2016, 1, 1) + dt.timedelta(days=draw.randrange(2 * 366))
        close = dt.date(day.year + 1, 3, 31)
        own, first = draw.choice([(2300, 2300), (2300, 2800), (2300, 3000), (4773, 4773), (0, 0)] if draw.random() < 0.9 else [(2300, 0)])
        fee = draw.choice([own, first, first + 1, max(own - 100, 0), first + draw.randrange(5000), max(first - draw.randrange(900), 0)])
        paid = draw.choice([day + dt.timedelta(days=draw.randrange(40)), close, close + dt.timedelta(days=draw.choice([-1, 1, 30]))])
        line: Line = {
            "identifiant": f"L{number}",
            "praticien": draw.choice([*KNOWN, STRANGER] if draw.random() < 0.2 else KNOWN),
            "date_acte": day.isoformat(),
            "code_acte": draw.choice(["CS", "CS", "APC", "FMT"]),
            "tarif_secteur_1": _euros(first),
            "tarif_propre": _euros(own),
            "honoraires": _euros(fee),
            "urgence": draw.choice(["oui", "non", None]),
            "beneficiaire_css": draw.choice(["oui", "non", None]),
            "date_reglement": paid.isoformat(),
        }
        if draw.random() < faulty:
            name, value = draw.choice(
                [
                    ("praticien", None),
                    ("date_acte", None),
                    ("date_acte", "2017-02-30"),
                    ("date_reglement", "31/03/2018"),
                    ("date_reglement", (day - dt.timedelta(days=1)).isoformat()),
                    ("date_reglement", AFTER.isoformat()),
                    ("date_acte", AFTER.isoformat()),
                    ("honoraires", "-23.00"),
                    ("honoraires", "23,00"),
                    ("honoraires", "23.005"),
                    ("tarif_propre", None),
                    ("tarif_secteur_1", "10000000.01"),
                    ("code_acte", None),
                ]
            )
            line[name] = value
        found.append(line)
        if draw.random() < 0.04:
            found.append(dict(line))
        elif draw.random() < 0.04:
            found.append(line | {"honoraires": _euros(fee + 100)})
    draw.shuffle(found)
    return found


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


@attrs.frozen
class Expected:
    """Figures by practitioner and year in cents and acts (`None` unknown), and the reasons of each line set aside."""

    years: Mapping[tuple[str, int], Mapping[str, int | None]]
    reasons: Counter[tuple[str | None, str]]


def expected(given: Iterable[Line], *, assume: Mapping[str, str], lump_sums: Iterable[str] = (), doubts_unknown: bool = True) -> Expected:
    """Count lines one by one."""
    contents: dict[str | None, Counter[tuple[tuple[str, str | None], ...]]] = defaultdict(Counter)
    for line in given:
        contents[line["identifiant"]][tuple(line.items())] += 1
    reasons: Counter[tuple[str | None, str]] = Counter()
    sums: dict[tuple[tuple[str, str], ...], dict[tuple[str, int], Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    doubtful: set[tuple[str, int | None]] = set()
    for held in contents.values():
        if len(held) > 1:
            for content, copies in held.items():
                line = dict(content)
                reasons[line["identifiant"], "doublon_contradictoire"] += copies
                doubtful.add((line["praticien"] or "", _year(line)))
            continue
        ((content, copies),) = held.items()
        line = dict(content)
        if copies > 1:
            reasons[line["identifiant"], "doublon"] += copies - 1
        _one(line, assume, set(lump_sums), reasons, sums, doubtful)
    years: dict[tuple[str, int], dict[str, int | None]] = {}
    pairs = {pair for found in sums.values() for pair in found}
    named = {(name, year) for name, year in doubtful if year is not None and name in KNOWN}
    for name, year in pairs | named:
        readings = [found.get((name, year)) for found in sums.values()]
        unsure = doubts_unknown and bool({(name, year), (name, None)} & doubtful)
        figures: dict[str, int | None] = {}
        for figure in FIGURES:
            values = {found[figure] if found is not None else 0 for found in readings}
            none_counts = all(found is None for found in readings)
            figures[figure] = None if unsure or none_counts or len(values) > 1 else values.pop()
        years[name, year] = figures
    return Expected(years, reasons)


def _one(
    line: Line,
    assume: Mapping[str, str],
    lump_sums: set[str],
    reasons: Counter[tuple[str | None, str]],
    sums: dict[tuple[tuple[str, str], ...], dict[tuple[str, int], Counter[str]]],
    doubtful: set[tuple[str, int | None]],
) -> None:
    who = line["identifiant"]
    faults = list(_faults(line, lump_sums))
    amounts = {name: _cents(line[name]) for name in ("tarif_secteur_1", "tarif_propre", "honoraires")}
    first, own, fee = amounts.values()
    day, paid = _day(line["date_acte"]), _day(line["date_reglement"])
    late = {}
    if day is not None and paid is not None:
        close = dt.date(day.year + 1, 3, 31)
        late = {"compris": paid > close, "exclu": paid >= close}
    if day is not None and paid is not None and paid < day:
        faults.append("reglement_avant_acte")
    outs = []
    if day is not None and day > ON:
        outs.append("acte_a_venir")
    if paid is not None and paid > ON:
        outs.append("reglement_a_venir")
    if line["code_acte"] is not None and line["code_acte"] in lump_sums:
        outs.append("forfait")
    if first == 0 or own == 0:
        outs.append("sans_base")
    chosen = assume.get("reglement_du_dernier_jour")
    if late and (late[chosen] if chosen else all(late.values())):
        outs.append("reglement_tardif")
    between = [] if chosen or not late or late["compris"] == late["exclu"] else ["reglement_tardif[reglement_du_dernier_jour=exclu]"]
    stranger = ["praticien_inconnu"] if line["praticien"] is not None and line["praticien"] not in KNOWN else []
    for reason in (*faults, *outs, *between, *stranger):
        reasons[who, reason] += 1
    if faults:
        if not outs:
            doubtful.add((line["praticien"] or "", _year(line)))
        return
    if stranger or outs:
        return
    assert first is not None
    assert own is not None
    assert fee is not None
    assert day is not None
    for reading in product(*([assume[name]] if name in assume else READINGS[name] for name in READINGS)):
        settled, under = reading
        if late[settled]:
            sums[reading]  # the reading exists, and this line does not count in it
            continue
        counted = sums[reading][line["praticien"] or "", day.year]
        for base, suffix in ((own, ""), (first, "_recalcules")):
            billed = base if under == "base_entiere" else min(base, fee)
            counted[f"honoraires_remboursables{suffix}"] += billed
            counted[f"depassements{suffix}"] += max(0, fee - base)
            counted[f"honoraires_opposables{suffix}"] += billed if fee <= base else 0
            counted[f"nombre_actes_opposables{suffix}"] += fee <= base
        counted["nombre_actes"] += 1


def _faults(line: Line, lump_sums: set[str]) -> Iterable[str]:
    for name in ("praticien", "date_acte", "date_reglement", "tarif_secteur_1", "tarif_propre", "honoraires", "code_acte"):
        text = line[name]
        if name == "code_acte" and not lump_sums:
            continue
        if text is None:
            yield f"valeur_manquante:{name}"
        elif name.startswith("date"):
            if _day(text) is None:
                yield f"valeur_illisible:{name}"
        elif name in ("tarif_secteur_1", "tarif_propre", "honoraires"):
            cents = _cents(text)
            if cents is None:
                yield f"valeur_illisible:{name}"
            elif cents < 0:
                yield f"montant_negatif:{name}"
            elif cents > 1_000_000_000:
                yield f"valeur_hors_bornes:{name}"


def _year(line: Line) -> int | None:
    day = _day(line["date_acte"])
    return day.year if day is not None else None


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return None


def _cents(text: str | None) -> int | None:
    match = re.fullmatch(r"(-?)(\d+)(?:\.(\d{1,2}))?", text or "")
    if match is None:
        return None
    cents = int(match[2]) * 100 + int((match[3] or "").ljust(2, "0"))
    return -cents if match[1] else cents


def as_cents(row: Mapping[str, Any]) -> dict[str, int | None]:
    """Return the figures of a year as the oracle gives them."""
    return {name: _whole(row[name]) for name in FIGURES}


def _whole(value: Any) -> int | None:
    return int(value * 100) if isinstance(value, Decimal) else value
