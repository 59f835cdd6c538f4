"""From FHIR R4 PractitionerRole resources, alone, in Bundles or one a line, to raw records; what extensions and codes mean is data.

A record is called by the resource's `id`, else by its place (`ressource-3`). No name of a person is read: neither `practitioner.display`
nor anything of the other resources of a Bundle, which are counted by type and set aside.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import attrs

from optam_rules._resources import shipped
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase
from optam_rules.core.drafts import NOT_APPLICABLE, RepeatedKeys
from optam_rules.core.program import Program
from optam_rules.core.scalars import describe, shown
from optam_rules.interop.hints import known_codes
from optam_rules.interop.json_text import parse_json
from optam_rules.interop.lines import BOM, decode, lines
from optam_rules.interop.raw import RawRecord

_MAX_LINE = 16 * 2**20  # bytes: one resource, or a Bundle on one line
_SNIFFED = 2**16  # bytes looked at to tell FHIR from records of the vocabulary


@attrs.frozen
class FhirMapping:
    """Which extensions fill which data: `addresses` of each, in lower case, and what the codes of the sector mean."""

    resource_type: str
    attribution: str
    sector: str
    sector_addresses: frozenset[str]
    code_system: str
    codes: Mapping[str, str]
    membership: str
    membership_addresses: frozenset[str]

    @classmethod
    def shipped(cls) -> FhirMapping:
        """Read the mapping that comes with the shared vocabulary."""
        data = tomllib.loads((shipped("conventions") / "commun" / "fhir_practitioner_role.toml").read_text(encoding="utf-8"))
        sector, membership = data["secteur"], data["adhesion"]
        return cls(
            data["type"],
            data["attribution"],
            sector["champ"],
            frozenset(map(str.casefold, sector["adresses"])),
            sector["nomenclature"],
            dict(sector["codes"]),
            membership["champ"],
            frozenset(map(str.casefold, membership["adresses"])),
        )


class FhirRecords:
    """The PractitionerRole resources of a file.

    Once it has been walked, `set_aside` counts the other resources by type, and `alike_counts` those of one practitioner.

    Raises CallError where a JSON file cannot be read (E530 to E532, E541); a line of NDJSON that cannot is a refused record.
    """

    others = None

    def __init__(self, program: Program, path: Path, mapping: FhirMapping | None = None) -> None:
        self.mapping = mapping if mapping is not None else FhirMapping.shipped()
        self.set_aside: Counter[str] = Counter()
        self._practitioners: Counter[str] = Counter()
        self._identifying = next(iter(program.main.fields))
        self._path = path
        self._by_line = path.suffix.lower() != ".json"
        self._whole: object = None if self._by_line else _document(path)

    def __iter__(self) -> Iterator[RawRecord]:
        """Yield the practitioners and what is refused; positions count lines of NDJSON, entries of a Bundle, elements of a list, from 1."""
        self.set_aside, self._practitioners = Counter(), Counter()
        if not self._by_line:
            for position, resource in enumerate(_resources(self._whole), 1):
                yield from self._record(resource, position, f"ressource-{position}")
            return
        with self._path.open("rb") as stream:
            for line in lines(stream, _MAX_LINE):
                if line.fault is None and not line.content.strip():
                    continue
                text, fault = decode(line.content, line.offset) if line.fault is None else ("", line.fault)
                raw, fault = parse_json(text.rstrip("\r\n"), str(self._path), first_line=line.number) if fault is None else (None, fault)
                if fault is not None:
                    yield RawRecord(line.number, None, None, (fault,))
                    continue
                for index, resource in enumerate(_resources(raw)):
                    yield from self._record(resource, line.number, f"ligne-{line.number}" + (f"-{index + 1}" if index else ""))

    def _record(self, resource: object, position: int, called: str) -> Iterator[RawRecord]:
        if isinstance(resource, RepeatedKeys):
            key = shown(resource.keys[0])
            fault = diagnose("E560", found=Phrase(f"une clé écrite deux fois, `{key}`", f"a key written twice, `{key}`"))
            yield RawRecord(position, called, None, (fault,))
            return
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        if not isinstance(resource, dict) or not isinstance(kind, str):
            yield RawRecord(position, called, None, (diagnose("E560", found=describe(resource)),))
            return
        if kind != self.mapping.resource_type:
            self.set_aside[shown(kind)] += 1
            return
        name = resource.get("id")
        identifiant = name if isinstance(name, str) and name else called
        raw: dict[str, Any] = {self._identifying: identifiant}
        faults = [*_misshapen(resource), *self._read_sector(resource, raw), *self._read_membership(resource, raw)]
        practitioner = resource.get("practitioner")
        reference = practitioner.get("reference") if isinstance(practitioner, dict) else None
        if isinstance(reference, str) and not faults:
            self._practitioners[reference] += 1
        yield RawRecord(position, identifiant, None if faults else raw, tuple(faults))

    def _read_sector(self, resource: Mapping[str, object], raw: dict[str, Any]) -> Iterator[Diagnostic]:
        path, found = self.mapping.sector, set[str]()
        for extension in _extensions(resource, self.mapping.sector_addresses):
            concept = extension.get("valueCodeableConcept")
            codings = concept.get("coding") if isinstance(concept, dict) else None
            if not isinstance(codings, list):
                yield diagnose("E561", path=path, wanted="valueCodeableConcept.coding", found=describe(concept))
                continue
            for coding in codings:
                system, code = (coding.get("system"), coding.get("code")) if isinstance(coding, dict) else (None, None)
                if isinstance(system, str) and not system.endswith(self.mapping.code_system):
                    continue
                if not isinstance(code, str) or code not in self.mapping.codes:
                    known = known_codes(self.mapping.codes)
                    yield diagnose("E538", path=path, found=shown(code) if isinstance(code, str) else describe(code), hint=known)
                else:
                    found.add(self.mapping.codes[code])
        if len(found) > 1:
            yield diagnose("E562", path=path, found=", ".join(sorted(found)))
        elif found:
            raw[path] = found.pop()

    def _read_membership(self, resource: Mapping[str, object], raw: dict[str, Any]) -> Iterator[Diagnostic]:
        path, found = self.mapping.membership, set[bool]()
        for extension in _extensions(resource, self.mapping.membership_addresses):
            value = extension.get("valueBoolean")
            if isinstance(value, bool):
                found.add(value)
            else:
                yield diagnose("E561", path=path, wanted="valueBoolean", found=describe(value))
        if len(found) > 1:
            yield diagnose("E562", path=path, found="true, false")
        elif found:
            raw[path] = {} if found.pop() else NOT_APPLICABLE

    def alike_counts(self) -> tuple[int, int]:
        """Return how many practitioners have several roles, and how many roles these are in all."""
        several = [count for count in self._practitioners.values() if count > 1]
        return len(several), sum(several)

    def close(self) -> None:
        """Do nothing: files are closed once walked."""

    def __enter__(self) -> Self:
        """Return the file itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Do nothing."""


def is_fhir(path: Path) -> bool:
    """Tell whether a file of JSON opens with a FHIR resource: no vocabulary has a datum called `resourceType`."""
    with path.open("rb") as stream:
        return b'"resourceType"' in stream.read(_SNIFFED)


def _document(path: Path) -> object:
    text, fault = decode(path.read_bytes().removeprefix(BOM))
    if fault is None and not text.strip():
        fault = diagnose("E541")
    raw, fault = parse_json(text, str(path)) if fault is None else (None, fault)
    if fault is not None:
        raise CallError([fault if fault.position is not None else attrs.evolve(fault, path=str(path))])
    return raw


def _resources(raw: object) -> Iterator[object]:
    """Yield the resources of a document: itself, the elements of a list, the entries of a Bundle; an entry without one is its own fault."""
    if isinstance(raw, list):
        for item in raw:
            yield from _resources(item) if not isinstance(item, list) else [item]
    elif isinstance(raw, dict) and raw.get("resourceType") == "Bundle":
        entries = raw.get("entry", [])
        for entry in entries if isinstance(entries, list) else [entries]:
            yield entry["resource"] if isinstance(entry, dict) and "resource" in entry else entry
    else:
        yield raw


def _misshapen(resource: Mapping[str, object]) -> Iterator[Diagnostic]:
    """Refuse what would hide extensions: `extension` that is no list, or an element of it that is no object."""
    held = resource.get("extension", [])
    wrong = [held] if not isinstance(held, list) else [item for item in held if not isinstance(item, dict)]
    for item in wrong:
        yield diagnose("E561", path="extension", wanted='[{"url": …}]', found=describe(item))


def _extensions(resource: Mapping[str, object], addresses: frozenset[str]) -> Iterator[Mapping[str, Any]]:
    held = resource.get("extension")
    for extension in held if isinstance(held, list) else []:
        if isinstance(extension, dict) and str(extension.get("url")).casefold() in addresses:
            yield extension
