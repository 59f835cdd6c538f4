"""How cost grows: with rules, with records, with the size of a group, with the size of a pack's text; each point says which way it went.

Records are drawn, read and dropped a part at a time, so that ten million need no more memory than one part; only judging is timed.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs

import optam_rules
from benchmarks.contest.entry import Workload
from benchmarks.contest.rows import ON as DAY
from benchmarks.contest.rows import ROWS
from benchmarks.contest.rows import pack as workload_pack
from benchmarks.measure import timed
from benchmarks.optam16.by_hand import ANSWERS
from benchmarks.optam16.records import CHUNK, columns
from optam_rules.core.schema import MemoryOthers, RecordReader

ON = dt.date(2017, 8, 1)
ROUNDS = 3
_SECONDS = 3.0  # what takes longer is measured fewer times
_LOAD = """
import sys, time, optam_rules
optam_rules.load(sys.argv[1])
begun = time.perf_counter()
optam_rules.load(sys.argv[2])
print(time.perf_counter() - begun)
"""
_ROWS_AT_ONCE, _TABLE_AT_ONCE = CHUNK, 8 * CHUNK


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
        return _slope(self.points[0], self.points[-1])

    @property
    def last(self) -> float:
        """The slope between the last two points: what small sizes hide under what is paid once."""
        return _slope(self.points[-2], self.points[-1])


def _slope(begin: tuple[int, float], end: tuple[int, float]) -> float:
    return math.log(end[1] / begin[1]) / math.log(end[0] / begin[0])


def curves(scale: float) -> Iterator[Curve]:
    """Yield the curves; `scale` 1 is the whole range, less stops earlier, at the third size or later."""
    yield _curve("rules", "rules that the asked answer needs", "one record judged", [16, 50, 160, 500, 1600], scale, _rules)
    yield _curve(
        "records", "records, one by one", "one answer of each, records read beforehand", [10**3, 10**4, 10**5, 10**6], scale, _records
    )
    yield _curve("tables", "records, as tables", "sixteen answers of each", [10**3, 10**4, 10**5, 10**6, 10**7], scale, _tables)
    yield _curve("group", "members of a group", "the common rate of one member", [2, 6, 20, 60, 200], scale, _group)
    yield _curve("text", "bytes of a pack", "the pack read, checked and elaborated", [10**3, 10**4, 10**5, 10**6], scale, _text)
    yield _curve("cache", "bytes of a pack", "the pack loaded from the cache", [10**3, 10**4, 10**5, 10**6], scale, _cached)


def _curve(name: str, grows: str, what: str, sizes: list[int], scale: float, measure: Callable[[int], float]) -> Curve:
    kept = [size for place, size in enumerate(sizes) if place < 3 or size <= sizes[-1] * scale]
    return Curve(name, grows, what, tuple((size, measure(size)) for size in kept))


def _best(run: Callable[[], Any]) -> float:
    first = timed(run, 1).seconds  # what is compiled once is compiled here
    return min(timed(run, 1).seconds for _ in range(max(1, min(ROUNDS, int(_SECONDS / first)))))


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


def articles(size: int) -> str:
    """Write a convention of about so many bytes: articles with their text, a parameter, rules that read those of the article before."""
    parts = [
        'convention "Chaîne" version "1"\n'
        'entité principale dossier "Dossier"\n'
        '  donnée montant_de_depart : montant entre 0 € et 1_000_000 € "Départ"\n'
        '  donnée urgence : booléen "Urgence"\n'
    ]
    written, number = len(parts[0].encode()), 0
    while written < size:
        number += 1
        before = f"montant_{number - 1}" if number > 1 else "montant_de_depart"
        share = f"montant_de_depart * part_{number} arrondi à 0.01 € (demi supérieur)"
        part = (
            f'article {number} "Article {number}" en vigueur du 2016-01-01\n'
            f'  réf "Texte de la convention, article {number}"\n'
            "  texte «\n"
            f"    La part {number} est de {number % 100} pour cent du montant de départ du dossier, arrondie au centime le plus proche ;\n"
            "    en urgence, elle ne passe pas mille euros.\n"
            "  »\n"
            f"  paramètre part_{number} : taux = {number % 100} % depuis 2016-01-01\n"
            f'  règle montant_{number} : montant "Montant {number}" vaut {share}\n'
            f"  exception urgence_{number} de montant_{number} si urgence vaut {share} plafonné à 1_000 €\n"
            f"  règle plus_haut_{number} : montant vaut maximum({{ montant_{number} ; {before} }})\n"
        )
        parts.append(part)
        written += len(part.encode())
    return "".join(parts)


def _write(text: str, folder: str) -> None:
    Path(folder, "manifest.toml").write_text('id = "chaine"\ntitle = "Chaîne"\nversion = "1"\n', encoding="utf-8")
    Path(folder, "chaine.conv").write_text(text, encoding="utf-8")


def _rules(count: int) -> float:
    with _written(chain(count)) as folder:
        pack = optam_rules.load(Path(folder))
    call = pack.prepare(on=ON, answers=[f"r{count}"])
    record, _ = RecordReader(call.program).read({"montant_de_depart": "1"})
    if record is None or call.judge(record).answers[f"r{count}"].value != count + 1:
        raise AssertionError(f"r{count} is not {count + 1}")
    judged: optam_rules.Call = call
    return _best(lambda: [judged.judge(record) for _ in range(100)]) / 100


def _parts(count: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the place and the size of each part of some records."""
    yield from ((start, min(size, count - start)) for start in range(0, count, size))


def _records(count: int) -> float:
    ours = next(each for each in ROWS if each.name == "optam-one-answer")
    _best(ours.prepare(Workload.of(100)).run)
    return sum(_of_part(ours.prepare(Workload.of(size, start=start)).run) for start, size in _parts(count, _ROWS_AT_ONCE))


def _tables(count: int) -> float:
    from benchmarks.optam16.tables import table

    evaluate = workload_pack().evaluate_table
    evaluate(table(columns(100)), on=DAY, answers=ANSWERS)
    seconds = 0.0
    for start, size in _parts(count, _TABLE_AT_ONCE):
        given = table(columns(size, start))
        seconds += _of_part(lambda given=given: evaluate(given, on=DAY, answers=ANSWERS))  # type: ignore[misc]
    return seconds


def _of_part(run: Callable[[], Any]) -> float:
    return min(timed(run, 1).seconds for _ in range(ROUNDS))


def doctors(size: int) -> list[dict[str, Any]]:
    """Return the records of a group, all of whose doctors want the common rate."""
    years = [{"annee": year, "honoraires_remboursables": "100000", "depassements": f"{year}"} for year in (2013, 2014, 2015)]
    names = [f"DR-{number}" for number in range(size)]
    group = {"identifiant": "G", "meme_structure": True, "pratique_tarifaire_commune": True, "membres": names}
    return [
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


def _group(size: int) -> float:
    raws = doctors(size)
    call = optam_rules.load("cm-2016").prepare(on=ON, answers=["taux_engagement"])
    record, _ = RecordReader(call.program, MemoryOthers.of(call.program, raws)).read(raws[0], place=0)
    if record is None:
        raise AssertionError("the group does not read")
    return _best(lambda: call.judge(record))


def _text(size: int) -> float:
    with _written(articles(size)) as folder:
        return min(_load_in_a_process(folder, "non") for _ in range(ROUNDS if size < 10**6 else 1))


def _cached(size: int) -> float:
    with _written(articles(size)) as folder, TemporaryDirectory() as cache:
        return min([_load_in_a_process(folder, cache) for _ in range(1 + ROUNDS)][1:])


@contextmanager
def _written(text: str) -> Iterator[str]:
    with TemporaryDirectory() as folder:
        _write(text, folder)
        yield folder


def _load_in_a_process(folder: str, cache: str) -> float:
    """Load a pack in a fresh process, after another one: a process keeps what it loaded, and what it imported is not this pack's to pay."""
    with _written(chain(2)) as other:
        call = [sys.executable, "-c", _LOAD, other, folder]
        told = subprocess.run(call, env={**os.environ, "OPTAM_CACHE": cache}, check=True, capture_output=True, text=True)
    return float(told.stdout)
