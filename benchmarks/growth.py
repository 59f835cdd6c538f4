"""How cost grows: with rules, with records, with the size of a group, with the size of a pack's text."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs

import optam_rules
from benchmarks.contest.entry import Workload
from benchmarks.contest.rows import ROWS
from benchmarks.measure import timed
from optam_rules.core.schema import MemoryOthers, RecordReader

ON = dt.date(2017, 8, 1)
ROUNDS = 3


@attrs.frozen
class Curve:
    """Seconds by size: what grows, what is timed, and the best of some rounds at each size."""

    name: str
    grows: str
    timed: str
    points: tuple[tuple[int, float], ...]

    @property
    def exponent(self) -> float:
        """The slope between the ends on logarithmic axes: 1 is linear, 2 quadratic."""
        (first, fast), (last, slow) = self.points[0], self.points[-1]
        return math.log(slow / fast) / math.log(last / first)


def curves(scale: float) -> Iterator[Curve]:
    """Yield the four curves; `scale` 1 is the whole range, less stops earlier."""
    yield _curve("rules", "rules that the asked answer needs", "one record judged", [16, 50, 160, 500, 1600], scale, _rules)
    yield _curve("records", "records", "all records judged", [10**3, 10**4, 10**5, 10**6, 10**7], scale, _records)
    yield _curve("group", "members of a group", "the common rate of one member", [2, 6, 20, 60, 200], scale, _group)
    yield _curve("text", "bytes of a pack", "the pack read, checked and compiled", [10**3, 10**4, 10**5, 10**6], scale, _text)


def _curve(name: str, grows: str, what: str, sizes: list[int], scale: float, measure: Callable[[int], float]) -> Curve:
    kept = [size for place, size in enumerate(sizes) if place < 2 or size <= sizes[-1] * scale]
    return Curve(name, grows, what, tuple((size, measure(size)) for size in kept))


def _best(run: Callable[[], Any]) -> float:
    run()  # what is compiled once is compiled here
    return min(timed(run, 1).seconds for _ in range(ROUNDS))


def chain(rules: int) -> str:
    """Write a convention of so many rules, each reading the one before."""
    lines = [
        'convention "Chaîne" version "1"',
        'entité principale dossier "Dossier"',
        '  donnée montant_de_depart : montant entre 0 € et 1_000_000 € "Départ"',
        'article 1 "Chaîne" en vigueur du 2016-01-01',
        "  règle r1 : montant vaut montant_de_depart + 1 €",
    ]
    lines += [f"  règle r{n} : montant vaut r{n - 1} + 1 € plafonné à {1_000_000 + n} €" for n in range(2, rules + 1)]
    return "\n".join(lines) + "\n"


def _pack(text: str, folder: str) -> optam_rules.Pack:
    Path(folder, "manifest.toml").write_text('id = "chaine"\ntitle = "Chaîne"\nversion = "1"\n', encoding="utf-8")
    Path(folder, "chaine.conv").write_text(text, encoding="utf-8")
    return optam_rules.load(Path(folder))


def _rules(count: int) -> float:
    with TemporaryDirectory() as folder:
        pack = _pack(chain(count), folder)
    call = pack.prepare(on=ON, answers=[f"r{count}"])
    record, _ = RecordReader(call.program).read({"montant_de_depart": "1"})
    if record is None or call.judge(record).answers[f"r{count}"].value != count + 1:
        raise AssertionError(f"r{count} is not {count + 1}")
    judged: optam_rules.Call = call
    return _best(lambda: [judged.judge(record) for _ in range(20)]) / 20


def _records(count: int) -> float:
    ours = next(each for each in ROWS if each.name == "optam-one-answer")
    return _best(ours.prepare(Workload.of(count)).run)


def _group(size: int) -> float:
    """Ask the common rate of one doctor among `size`, all of whom want it."""
    years = [{"annee": year, "honoraires_remboursables": "100000", "depassements": f"{year}"} for year in (2013, 2014, 2015)]
    names = [f"DR-{number}" for number in range(size)]
    group = {"identifiant": "G", "meme_structure": True, "pratique_tarifaire_commune": True, "membres": names}
    raws: list[dict[str, Any]] = [
        {
            "identifiant": name,
            "secteur": "secteur_2",
            "specialite": "radiologie",
            "demande_taux_groupe": True,
            "adherent_cas": True,
            "groupe": group if name == names[0] else "G",
            "exercices": years,
        }
        for name in names
    ]
    call = optam_rules.load("cm-2016").prepare(on=ON, answers=["taux_engagement"])
    record, _ = RecordReader(call.program, MemoryOthers.of(call.program, raws)).read(raws[0], place=0)
    if record is None:
        raise AssertionError("the group does not read")
    return _best(lambda: call.judge(record))


def _text(size: int) -> float:
    """Time the load of a text of about `size` bytes; each round changes it, for a pack is compiled once."""
    rules = max(2, size // (len(chain(1000).encode()) // 1000))
    times = []
    for number in range(ROUNDS):
        with TemporaryDirectory() as folder:
            text = chain(rules) + f"# {number}\n"
            times.append(timed(lambda text=text, folder=folder: _pack(text, folder), len(text)))  # type: ignore[misc]
    return min(sample.seconds for sample in times)
