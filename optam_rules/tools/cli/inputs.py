"""What a call of `evaluate` names on disk: records, companions, reference tables; and the counts of what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import attrs
import click

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import COLON, Phrase, counted
from optam_rules.core.program import Program
from optam_rules.core.public import public_value
from optam_rules.interop.annuaire import AnnuaireRecords
from optam_rules.interop.companions import by_field
from optam_rules.interop.csv_records import CsvRecords
from optam_rules.interop.csv_references import read_reference_csv
from optam_rules.interop.fhir import FhirRecords
from optam_rules.interop.json_lines import JsonLinesRecords
from optam_rules.interop.json_records import JsonRecords
from optam_rules.interop.open import companions_beside, open_records
from optam_rules.interop.raw import RecordFile
from optam_rules.tools.cli.messages import told, wrong_call
from optam_rules.tools.cli.options import chosen

_EMPTY = Phrase("vide", "empty")
FORMATS = ("json", "jsonl", "csv", "annuaire", "fhir")


def companion_files(exercices: Path | None, groupes: Path | None, tables: Sequence[tuple[str, str]]) -> dict[str, Path]:
    """Return the companions that a call names. Raises CallError for one named twice (E826) or that is not there (E809)."""
    own = [(name, str(path)) for name, path in (("exercices", exercices), ("groupes", groupes)) if path is not None]
    found = {name: Path(path) for name, path in chosen("--table", [*own, *tables]).items()}
    missing = Phrase("ce n'est pas un fichier", "it is not a file")
    if faults := [diagnose("E809", file=str(path), reason=missing) for path in found.values() if not path.is_file()]:
        raise CallError(faults)
    return found


def open_input(program: Program, path: Path, form: str | None, companions: Mapping[str, Path], ignore_unknown_fields: bool) -> RecordFile:
    """Open records in the format that the call names, or that their file's name and header tell."""
    try:
        match form:
            case "json":
                file: RecordFile = JsonRecords.open(program, path)
            case "jsonl":
                file = JsonLinesRecords(program, path)
            case "annuaire":
                file = AnnuaireRecords(program, path)
            case "fhir":
                file = FhirRecords(program, path)
            case "csv":
                beside = companions_beside(program, path) | by_field(program, companions)
                file = CsvRecords(program, path, beside, ignore_unknown_fields=ignore_unknown_fields)
            case _:
                beside = companions_beside(program, path) | by_field(program, companions)
                file = open_records(program, path, companions=beside, ignore_unknown_fields=ignore_unknown_fields)
    except OSError as error:
        raise CallError([diagnose("E809", file=str(path), reason=error.strerror or str(error))]) from error
    if companions and not isinstance(file, CsvRecords):
        file.close()
        raise wrong_call(
            "--exercices, --groupes et --table vont avec des dossiers en CSV, en Parquet ou en Arrow",
            "--exercices, --groupes and --table go with records in CSV, Parquet or Arrow",
        )
    return file


def read_reference_files(program: Program, named: Sequence[tuple[str, str]]) -> dict[str, dict[object, object]]:
    """Read `NAME=FILE.csv` pairs as the API takes them. Raises CallError with every fault of every file."""
    tables: dict[str, dict[object, object]] = {}
    faults: list[Diagnostic] = []
    for name, path in named:
        if not Path(path).is_file():
            faults.append(diagnose("E809", file=str(path), reason=Phrase("ce n'est pas un fichier", "it is not a file")))
            continue
        rows, found = read_reference_csv(program, name, Path(path))
        faults += found
        spec = program.references.get(name)
        if spec is not None:
            types = [type_ for _, type_ in spec.keys]
            tables[name] = {
                tuple(public_value(key, type_) for key, type_ in zip(keys, types, strict=True)): public_value(value, spec.type)
                for keys, value in rows.items()
            }
    if faults:
        raise CallError(faults)
    return tables


@attrs.define
class Tally:
    """What became of the records; they always add up to what was read."""

    judged: int = 0
    refused: int = 0
    set_aside: int = 0
    left: int = 0  # of those judged: some answer was left to the reference interpreter
    reasons: set[str] = attrs.field(factory=set)

    def leave(self, records: int, reasons: Iterable[str]) -> None:
        """Count records of which an answer was left to the reference interpreter."""
        self.left += records
        self.reasons.update(reasons)

    def fallback(self) -> str | None:
        """Say how many were left to the interpreter and why; `None` where none was."""
        if not self.left:
            return None
        why = " ; ".join(sorted(self.reasons))
        return told(Phrase(f"laissés à l'interpréteur : {self.left} ({why})", f"left to the interpreter: {self.left} ({why})"))

    def sentence(self) -> str:
        """Say the counts, in the language of messages."""
        read = self.judged + self.refused + self.set_aside
        return told(
            Phrase(
                f"lus : {read} = jugés : {self.judged} + refusés : {self.refused} + écartés : {self.set_aside}",
                f"read: {read} = judged: {self.judged} + refused: {self.refused} + set aside: {self.set_aside}",
            )
        )


def tell_register(file: RecordFile, tally: Tally) -> None:
    """Say what only a register tells: rows set aside, codes without a known meaning, practitioners met twice, whose data these are."""
    if isinstance(file, AnnuaireRecords):
        kinds = {f"type {code or told(_EMPTY)}": number for code, number in file.counts.set_aside.items()}
        _tell_aside(Phrase("écartées, autres professions : ", "set aside, other professions: "), kinds, tally)
        for name, codes in file.counts.unknown.items():
            if codes:
                listed = _listed({code or told(_EMPTY): number for code, number in sorted(codes.items())})
                _tell(
                    f"laissés inconnus, {name} : codes sans correspondance ({listed})",
                    f"left unknown, {name}: codes without a meaning ({listed})",
                )
        _tell_alike(file.alike_counts(), Phrase("ligne", "row"))
    elif isinstance(file, FhirRecords):
        _tell_aside(Phrase("écartées, autres ressources : ", "set aside, other resources: "), file.set_aside, tally)
        _tell_alike(file.alike_counts(), Phrase("ressource", "resource"))
    else:
        return
    _tell(f"données : {file.mapping.attribution}", f"data: {file.mapping.attribution}")


def _tell(french: str, english: str) -> None:
    click.echo(told(Phrase(french, english)), err=True)


def _listed(counts: Mapping[str, int]) -> str:
    colon = told(COLON)
    return ", ".join(f"{name}{colon}{number}" for name, number in counts.items())


def _tell_aside(what: Phrase, kinds: Mapping[str, int], tally: Tally) -> None:
    tally.set_aside = sum(kinds.values())
    if kinds:
        click.echo(f"{told(what)}{_listed(dict(sorted(kinds.items())))}", err=True)


def _tell_alike(counts: tuple[int, int], place: Phrase) -> None:
    if counts[0]:
        several, places = counted(counts[0], Phrase("praticien", "practitioner")), counted(counts[1], place)
        _tell(
            f"doublons probables : {several.fr} sur {places.fr}, jugées séparément",
            f"probable duplicates: {several.en} on {places.en}, judged apart",
        )
