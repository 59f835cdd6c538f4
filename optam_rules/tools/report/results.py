"""What became of a pack's tests and properties, told to people and written as JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import attrs

from optam_rules.analysis.packtests import TestResult
from optam_rules.base.diagnostics import render_text
from optam_rules.base.phrases import Lang
from optam_rules.base.source import Position
from optam_rules.core.judgement import Status
from optam_rules.core.program import Property

if TYPE_CHECKING:
    from optam_rules.analysis.search import PropertyResult


@attrs.frozen
class Result:
    """A test or a property, and why it failed or was skipped; neither where it passed."""

    title: str
    position: Position
    failure: str | None = None
    skipped: str | None = None


def from_test(result: TestResult, lang: Lang = "fr") -> Result:
    """Tell a test of the pack: the faults of its record, or each answer that came out otherwise than expected."""
    lines = [render_text(fault, lang) for fault in result.faults]
    lines += [f"{miss.position} : {miss.path} : attendu {miss.expected}, obtenu {miss.found}" for miss in result.mismatches]
    title = f"{result.test.title} (au {result.test.on})"
    return Result(title, result.test.provenance.position, None if result.passed else "\n".join(lines))


def from_property(result: PropertyResult) -> Result:
    """Tell a property: the record that refutes it, or that no drawn record decided it."""
    title, position = result.invariant.title, result.invariant.provenance.position
    witness = result.witness
    if witness is None:
        undecided = None if result.passed else f"aucun des {result.drawn} dossiers tirés ne décide la propriété"
        return Result(title, position, undecided)
    outcome = witness.outcome
    verdict = "fausse" if outcome.status is Status.KNOWN else "en conflit" if outcome.status is Status.CONFLICT else "en erreur"
    readings = "".join(f", {name} = {reading}" for name, reading in witness.readings.items())
    record = json.dumps(witness.record, ensure_ascii=False, default=str, indent=2, sort_keys=True)
    rows = [f"{table}[{' ; '.join(map(str, key))}] = {value}" for table, held in witness.references.items() for key, value in held.items()]
    tables = "".join(f"\nréférentiel {row}" for row in rows)
    return Result(title, position, f"{verdict} au {witness.on}{readings} pour ce dossier :\n{record}{tables}")


def skipped(invariant: Property, reason: str) -> Result:
    """Tell a property that was not looked at."""
    return Result(invariant.title, invariant.provenance.position, skipped=reason)


def told(result: Result) -> str:
    """Tell a failure to a person."""
    body = "\n".join(f"  {line}" for line in (result.failure or "").splitlines())
    return f"{result.position} : échec : « {result.title} »\n{body}"


def junit(suite: str, results: Iterable[Result]) -> str:
    """Write results as JUnit XML: one case a test or a property."""
    held = list(results)
    failures = sum(result.failure is not None for result in held)
    skips = sum(result.skipped is not None for result in held)
    counts = {"tests": str(len(held)), "failures": str(failures), "errors": "0", "skipped": str(skips)}
    root = ElementTree.Element("testsuite", {"name": suite} | counts)
    for result in held:
        place = {"file": result.position.file, "line": str(result.position.line)}
        case = ElementTree.SubElement(root, "testcase", {"classname": _legal(result.position.file), "name": _legal(result.title)} | place)
        if result.failure is not None:
            failure = ElementTree.SubElement(case, "failure", {"message": _legal(result.failure.splitlines()[0])})
            failure.text = _legal(result.failure)
        if result.skipped is not None:
            ElementTree.SubElement(case, "skipped", {"message": _legal(result.skipped)})
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _legal(text: str) -> str:
    """Replace the characters that XML cannot hold."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
