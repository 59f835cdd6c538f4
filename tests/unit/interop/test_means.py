"""Means of reference tables: exact, beside fractions added one by one, counted three ways, and read by the pack that asks for them."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import optam_rules

ASKED: dict[str, Any] = {
    "pack": "cm-2016",
    "reference": "moyennes_regionales",
    "rate": "depassements/honoraires_remboursables",
    "years": [2013, 2014, 2015],
}
WEIGHTS = ("medecins", "annees", "montants")
DOCTORS = [
    {"identifiant": "A", "specialite": "radiologie", "region": "bretagne"},
    {"identifiant": "B", "specialite": "radiologie", "region": "bretagne"},
    {"identifiant": "C", "specialite": "radiologie", "region": "corse"},
]


def year(name: str, number: int, excess: str | None, fees: str | None) -> dict[str, object]:
    """Return a year of a doctor; figures in euros."""
    amounts = {"depassements": excess, "honoraires_remboursables": fees}
    return {"identifiant": name, "annee": number, **{key: None if text is None else Decimal(text) for key, text in amounts.items()}}


YEARS = [
    year("A", 2013, "40.00", "100.00"),
    year("A", 2014, "30.00", "60.00"),
    year("A", 2015, "10.00", "40.00"),
    year("B", 2015, "10.00", "100.00"),
    year("A", 2016, "999.00", "1.00"),
]


def means(held: object = YEARS, doctors: object = DOCTORS, **said: Any) -> optam_rules.Moyennes:
    """Compute the means of the tests."""
    return optam_rules.moyennes(held, practitioners=doctors, **(ASKED | {"weights": "medecins"} | said))


@pytest.mark.parametrize(("weights", "mean"), [("medecins", Fraction(29, 120)), ("annees", Fraction(5, 16)), ("montants", Fraction(3, 10))])
def test_what_counts_for_one_changes_the_mean(weights: str, mean: Fraction) -> None:
    """A has 40, 50 and 25 %, B 10 % in one year.

    A doctor for one: (115/3 + 10)/2 % = 145/6 %. A year for one: (40 + 50 + 25 + 10)/4 = 31.25 %. Sums: 90 € over 300 €. 2016 is no year
    of the three, and C has none: corse has no mean.
    """
    done = means(weights=weights)
    assert {("radiologie", "bretagne"): mean} == done.rows
    assert (1, 2, 4, 1) == (done.report.means, done.report.practitioners, done.report.years, done.report.idle)


@pytest.mark.parametrize(
    ("rounding", "text"),
    [
        (None, "29/120"),
        ("0.01 % (demi supérieur)", "0.2417"),
        ("0.01 % (inférieur)", "0.2416"),
        ("0.1 % (supérieur)", "0.242"),
        ("1 % (demi pair)", "0.24"),
    ],
)
def test_a_mean_is_rounded_where_it_is_said_how(rounding: str | None, text: str) -> None:
    """29/120 = 24.1666… %: exact unless a step and a mode are given, and written as the file of a reference table."""
    done = means(rounding=rounding)
    assert [("specialite", "region", "valeur"), ("radiologie", "bretagne", text)] == list(done.texts())


def test_means_are_read_by_the_pack_that_asks_for_them() -> None:
    """A doctor of bretagne without activity in 2015 gets the mean of his specialty there (annexe 21, article 1): 29/120."""
    young = {"identifiant": "D", "specialite": "radiologie", "region": "bretagne", "exercices": []}
    judged = optam_rules.load("cm-2016").evaluate(
        young, on=dt.date(2017, 6, 8), references={"moyennes_regionales": means().rows}, answers=["taux_depassement_constate"]
    )
    assert Fraction(29, 120) == judged.answers["taux_depassement_constate"].value


def test_a_national_table_and_a_rate_of_acts() -> None:
    """By specialty alone, in acts: 3 of 4 and 1 of 2 acts without excess make (75 + 50)/2 = 62.5 %, the third year being without acts."""
    acts = [("A", 2013, 3, 4), ("B", 2013, 1, 2), ("C", 2013, 0, 0)]
    years = [{"identifiant": name, "annee": n, "nombre_actes_opposables": low, "nombre_actes": all_} for name, n, low, all_ in acts]
    done = means(years, reference="parts_opposables_nationales", rate="nombre_actes_opposables/nombre_actes")
    assert {("radiologie",): Fraction(5, 8)} == done.rows
    assert 1 == done.report.idle


def drawn(seed: int, count: int) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Draw doctors in three regions, each with one to three years of odd amounts, some of them without activity."""
    draw = random.Random(seed)
    doctors, years = [], []
    for number in range(count):
        doctors.append({"identifiant": f"D{number}", "specialite": "radiologie", "region": draw.choice(["bretagne", "corse", "normandie"])})
        for n in sorted(draw.sample([2013, 2014, 2015, 2016], draw.randrange(1, 4))):
            fees = Decimal(draw.choice([0, draw.randrange(1, 30_000_000)])) / 100
            years.append(year(f"D{number}", n, str(draw.randrange(9_000_000) / Decimal(100)) if fees else "0", str(fees)))
    return doctors, years


def by_hand(doctors: list[dict[str, object]], years: list[dict[str, object]], weights: str) -> dict[tuple[object, ...], Fraction]:
    """Add fractions one by one: independent of any engine."""
    place = {doctor["identifiant"]: (doctor["specialite"], doctor["region"]) for doctor in doctors}
    rates: dict[object, list[tuple[Fraction, Fraction]]] = defaultdict(list)
    for each in years:
        fees = each["honoraires_remboursables"]
        if each["annee"] in ASKED["years"] and isinstance(fees, Decimal) and fees > 0:
            rates[each["identifiant"]].append((Fraction(str(each["depassements"])), Fraction(fees)))
    groups: dict[tuple[object, ...], list[list[tuple[Fraction, Fraction]]]] = defaultdict(list)
    for name, held in rates.items():
        groups[place[name]].append(held)
    made: dict[tuple[object, ...], Fraction] = {}
    for keys, members in groups.items():
        every = [pair for held in members for pair in held]
        if weights == "medecins":
            made[keys] = sum((sum((a / b for a, b in held), Fraction(0)) / len(held) for held in members), Fraction(0)) / len(members)
        elif weights == "annees":
            made[keys] = sum((a / b for a, b in every), Fraction(0)) / len(every)
        else:
            made[keys] = sum((a for a, _ in every), Fraction(0)) / sum(b for _, b in every)
    return made


@pytest.mark.parametrize("weights", WEIGHTS)
def test_drawn_means_are_those_of_fractions(weights: str, tmp_path: Path) -> None:
    """A hundred doctors, in files of Parquet and of text and in memory: the same fractions, of hundreds of digits, as added one by one."""
    doctors, years = drawn(3, 100)
    pq.write_table(pa.Table.from_pylist(years), tmp_path / "exercices.parquet")
    names = list(years[0])
    lines = [",".join(names), *(",".join(str(each[name]) for name in names) for each in years)]
    (tmp_path / "exercices.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    wanted = by_hand(doctors, years, weights)
    for source in (years, tmp_path / "exercices.parquet", tmp_path / "exercices.csv"):
        done = means(source, doctors, weights=weights)
        assert wanted == done.rows
        assert (0 if weights == "montants" else 3) == done.report.overlong


def test_an_unknown_figure_leaves_its_mean_unknown() -> None:
    """B's excess is unknown: bretagne has no mean, unless such years are left out, which leaves A's (40 + 50 + 25)/3 %."""
    years = [*YEARS[:3], year("B", 2015, None, "100.00")]
    done = means(years)
    assert ({}, 1, 1) == (done.rows, done.report.unknown_means, done.report.unknown_years)
    assert {("radiologie", "bretagne"): Fraction(23, 60)} == means(years, doubts="computed").rows


@pytest.mark.parametrize("spoilt", ["exercices.parquet", "medecins.parquet"])
def test_a_file_that_fails_in_its_midst_is_named(spoilt: str, tmp_path: Path) -> None:
    """The end of the file, which says what it holds, is whole; a column of it no longer unpacks."""
    files = {"exercices.parquet": YEARS, "medecins.parquet": DOCTORS}
    for name, rows in files.items():
        held = [row | {"identifiant": f"{row['identifiant']}{place}"} for place in range(500) for row in rows]
        pq.write_table(pa.Table.from_pylist(held), tmp_path / name, use_dictionary=False)
    content = bytearray((tmp_path / spoilt).read_bytes())
    content[64:512] = bytes(byte ^ 0x5A for byte in content[64:512])
    (tmp_path / spoilt).write_bytes(content)
    with pytest.raises(optam_rules.CallError) as caught:
        means(tmp_path / "exercices.parquet", tmp_path / "medecins.parquet")
    assert [("E809", True)] == [(fault.code, spoilt in fault.message) for fault in caught.value.diagnostics]


def test_who_is_in_no_mean_is_told() -> None:
    """A doctor without a region is in no regional mean, and one without a row is without activity; both are counted."""
    done = means(doctors=[*DOCTORS[:1], DOCTORS[1] | {"region": None}, {**DOCTORS[2], "identifiant": "Z"}])
    assert {("radiologie", "bretagne"): Fraction(23, 60)} == done.rows
    assert (1, 1) == (done.report.without_keys, done.report.idle)
    told = [sentence.fr for sentence in done.report.sentences()]
    assert "médecins actifs à qui manque une clé, comptés nulle part : 1" in told
    assert any(sentence.startswith("question ouverte : ce qui compte pour un") for sentence in told)


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"weights": "fees"}, ["E827"]),
        ({"years": []}, ["E827"]),
        ({"years": 2013}, ["E827"]),
        ({"years": ["2013"]}, ["E827"]),
        ({"rate": "depassements"}, ["E827"]),
        ({"rate": "depassements/nombre_actes"}, ["E827"]),
        ({"rate": 5}, ["E827"]),
        ({"rounding": "0.01 %"}, ["E827"]),
        ({"rounding": "0 % (inférieur)"}, ["E827"]),
        ({"rounding": "0.01 % (au plus près)"}, ["E827"]),
        ({"doubts": "?"}, ["E827"]),
        ({"reference": "moyennes_regionale"}, ["E550"]),
        ({"pack": "cm-2024", "reference": "rangs_des_regions"}, ["E827"]),
        ({"reference": None, "rate": None, "weights": None}, ["E550", "E827", "E827"]),
        ({"years_data": [*YEARS, YEARS[0]]}, ["E552"]),
        ({"doctors": [*DOCTORS, DOCTORS[0]]}, ["E552"]),
        ({"doctors": [{"identifiant": "A"}]}, ["E536", "E536"]),
        ({"years_data": [{"identifiant": "A", "annee": 2013, "depassements": 1.5}]}, ["E503", "E536"]),
        ({"doctors": [DOCTORS[0] | {"region": "bretagn"}]}, ["E509"]),
        ({"years_data": [year("A", 2013, "100.01", "10.00")]}, ["E510"]),
        ({"years_data": "absent.parquet"}, ["E809"]),
        ({"doctors": 5}, ["E816"]),
    ],
    ids=str,
)
def test_a_wrong_call_is_told(said: dict[str, Any], codes: list[str]) -> None:
    """Wrong words, figures of two kinds, a doctor or a year twice, columns missing, a region and a mean that the table does not take."""
    with pytest.raises(optam_rules.CallError) as caught:
        means(said.pop("years_data", YEARS), said.pop("doctors", DOCTORS), **said)
    assert codes == sorted(fault.code for fault in caught.value.diagnostics)
