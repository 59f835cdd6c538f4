"""From lines of fees to yearly figures: validates the call, then one call down to the engine that holds the data."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from optam_rules.api.calls import AfterVerified, wrong_date, wrong_readings
from optam_rules.api.pack import Pack, load
from optam_rules.base.arguments import choice_fault, count_fault, kind, mapping_fault, names_fault, path_fault, texts_fault
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.extras import require
from optam_rules.base.phrases import Phrase
from optam_rules.interop.acts.plan import PRACTITIONER, YEAR_ENTITY, Rules
from optam_rules.interop.acts.report import Report
from optam_rules.interop.acts.years import Request

if TYPE_CHECKING:
    import pyarrow


_SIZE = re.compile(r"[0-9]*[1-9][0-9]*([.][0-9]+)? *[KMGT]i?B", re.IGNORECASE)


class Doubts(StrEnum):
    """What becomes of the figures of a year of which a line is faulty: unknown, or summed without it."""

    UNKNOWN = "unknown"
    COMPUTED = "computed"


@attrs.frozen
class Exercices:
    """The years that lines of fees add up to, the lines set aside, and the account of all lines.

    `years` has `identifiant`, `annee` and the figures, exact and NULL where unknown; `set_aside` the columns of the acts and
    `motifs`, parted by `|`. Each is `None` where it was written to a file instead, or not asked for.
    """

    years: pyarrow.Table | None
    set_aside: pyarrow.Table | None
    report: Report


def exercices(
    acts: object,
    *,
    on: dt.date,
    pack: Pack | str | Path = "actes",
    practitioners: str | Path | Collection[str] | None = None,
    assume: Mapping[str, str] | None = None,
    key: Sequence[str] | None = None,
    columns: Mapping[str, str] | None = None,
    lump_sums: Collection[str] = (),
    doubts: str = "unknown",
    output: str | Path | None = None,
    anomalies: str | Path | None = None,
    keep_set_aside: bool = True,
    after_verified: AfterVerified | str = AfterVerified.REFUSE,
    memory_limit: str | None = None,
    threads: int | None = None,
) -> Exercices:
    """Turn lines of fees into yearly figures, `exercice` of the shared vocabulary, observed and recalculated, with DuckDB.

    `acts` is a path (Parquet, a folder of it, CSV), Arrow data or a list of lines; its columns are the data of `ligne`, or those
    that `columns` names for them. `practitioners` are the known ones: a file with a column `identifiant`, or their names. `key` lists the
    columns that identify a line (`identifiant` where there is one; none: no duplicate is looked for). `lump_sums` are codes of lump sums,
    where no column `forfait` tells them. `assume` chooses readings; where they differ the figure is unknown. `doubts="computed"` sums a
    year without its faulty lines, which otherwise leave its figures unknown. `output` and `anomalies` write to files (.csv, .parquet);
    `keep_set_aside=False` only counts the lines set aside, where no file takes them. `memory_limit` is a size (`2GB`).

    Raises MissingExtraError (E701), CallError for a wrong argument or file (E501, E502, E503, E536, E702, E805, E807, E809, E810, E816,
    E818, E819, E820, E827).
    """
    wrong = [*_limits_faults(memory_limit, threads), *_files_faults(acts, practitioners, output, anomalies)]
    require_arguments(key, columns, lump_sums, doubts, assume, after_verified, wrong)
    rules = rules_of_lines(pack, on, assume, after_verified)
    require("exercices", "acts", "duckdb", "pyarrow")
    from optam_rules.interop.acts.duck import opened

    request = Request(practitioners, key, dict(columns or {}), lump_sums, Doubts(doubts) is Doubts.UNKNOWN, memory_limit, threads)
    with opened(acts, rules, request) as (years, engine):
        figures = engine.taken(years.years_query, output)
        apart = engine.taken(years.set_aside_query, anomalies) if keep_set_aside or anomalies is not None else None
        return Exercices(figures, apart, years.report())


def _limits_faults(memory_limit: object, threads: object) -> Iterator[Diagnostic]:
    if threads is not None:
        yield from count_fault("threads", threads)
    if memory_limit is not None and not (isinstance(memory_limit, str) and _SIZE.fullmatch(memory_limit)):
        found = f"`{memory_limit}`" if isinstance(memory_limit, str) else kind(memory_limit)
        yield diagnose("E827", name="memory_limit", found=found, wanted=Phrase("une taille (`2GB`, `512MiB`)", "a size (`2GB`, `512MiB`)"))


def _files_faults(acts: object, practitioners: object, output: object, anomalies: object) -> Iterator[Diagnostic]:
    if not isinstance(practitioners, str | Path):
        wanted = Phrase("un fichier, ou une liste d'identifiants", "a file, or a list of identifiants")
        yield from names_fault("practitioners", practitioners, wanted)
    held = [Path(path).resolve() for path in (acts, practitioners) if isinstance(path, str | Path)]
    for name, path in (("output", output), ("anomalies", anomalies)):
        yield from path_fault(name, path, Phrase("le chemin d'un fichier", "the path of a file"))
        if not isinstance(path, str | Path):
            continue
        if Path(path).resolve() in held:
            reason = Phrase(
                "il est lu, ou écrit, par le même appel : il serait effacé", "the same call reads or writes it: it would be lost"
            )
            yield diagnose("E820", file=str(path), reason=reason)
        held.append(Path(path).resolve())


def require_arguments(
    key: Sequence[str] | None,
    columns: Mapping[str, str] | None,
    lump_sums: Collection[str],
    doubts: str,
    assume: Mapping[str, str] | None,
    after_verified: AfterVerified | str,
    others: Iterable[Diagnostic] = (),
) -> None:
    """Raise CallError with every argument of another type than the call reads (E827): one code alone would be read letter by letter."""
    if wrong := [
        *others,
        *names_fault("key", key, Phrase("une liste de noms de colonnes", "a list of names of columns")),
        *texts_fault("columns", columns, Phrase("un dictionnaire {donnée: colonne}", "a dict {datum: column}")),
        *names_fault("lump_sums", lump_sums, Phrase("une liste de codes d'actes", "a list of codes of acts")),
        *choice_fault("doubts", doubts, [str(choice) for choice in Doubts]),
        *mapping_fault("assume", assume, Phrase("un dictionnaire {hypothèse: lecture}", "a dict {assumption: reading}")),
        *choice_fault("after_verified", after_verified, [str(choice) for choice in AfterVerified]),
    ]:
        raise CallError(wrong)


def rules_of_lines(pack: Pack | str | Path, on: dt.date, assume: Mapping[str, str] | None, after_verified: AfterVerified | str) -> Rules:
    """Return what a pack says of lines of fees on a day. Raises CallError (E805, E807, E810, E818), and as `load`."""
    program = (pack if isinstance(pack, Pack) else load(pack)).program
    chosen = dict(assume or {})
    faults = [*wrong_date(program, on, AfterVerified(after_verified)), *wrong_readings(program, chosen)]
    if faults:
        raise CallError(faults)
    rules = Rules(program, on, chosen)
    if PRACTITIONER not in program.main.fields or YEAR_ENTITY not in program.entities or not rules.complete:
        raise CallError([diagnose("E818", pack=program.id, day=on)])
    return rules
