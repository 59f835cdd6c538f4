"""What became of a pack's tests and properties, told to people and written as JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import attrs

from optam_rules.analysis.packtests import Mismatch, TestResult, in_words
from optam_rules.analysis.verdict import Witness
from optam_rules.base.diagnostics import render_text
from optam_rules.base.phrases import COLON, Lang, Phrase, joined
from optam_rules.base.phrases import told as told_in
from optam_rules.base.source import Position
from optam_rules.core.judgement import Status
from optam_rules.core.program import Property

if TYPE_CHECKING:
    from optam_rules.analysis.search import PropertyResult


_FAILURE = Phrase("échec", "failure")
_VERDICTS = {
    Status.KNOWN: Phrase("fausse", "false"),
    Status.CONFLICT: Phrase("en conflit", "in conflict"),
    Status.ERROR: Phrase("en erreur", "in error"),
}


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
    lines += [_mismatch(miss, lang) for miss in result.mismatches]
    title = f"{result.test.title} (au {result.test.on})"  # a name, by which tools know it from one run to the next
    return Result(title, result.test.provenance.position, None if result.passed else "\n".join(lines))


def _mismatch(miss: Mismatch, lang: Lang) -> str:
    expected, found = told_in(miss.expected, lang), in_words(miss.outcome, lang)
    words = Phrase(f"attendu {expected}, obtenu {found}", f"expected {expected}, got {found}")
    return COLON.told(lang).join((str(miss.position), miss.path, words.told(lang)))


def from_property(result: PropertyResult, lang: Lang = "fr") -> Result:
    """Tell a property: the record that refutes it, or that no drawn record decided it."""
    title, position = result.invariant.title, result.invariant.provenance.position
    witness = result.witness
    if witness is None:
        undecided = Phrase(
            f"aucun des {result.drawn} dossiers tirés ne décide la propriété",
            f"none of the {result.drawn} records drawn decides the property",
        )
        return Result(title, position, None if result.passed else undecided.told(lang))
    return Result(title, position, case_text(_VERDICTS[witness.outcome.status].told(lang), witness, lang))


def case_text(what: str, witness: Witness, lang: Lang = "fr") -> str:
    """Tell what a case came to, on which day and under which readings, then its record as JSON and the rows of its reference tables."""
    readings = "".join(f", {name} = {reading}" for name, reading in witness.readings.items())
    head = Phrase(f"{what} au {witness.on}{readings} pour ce dossier :", f"{what} on {witness.on}{readings} for this record:")
    record = json.dumps(witness.record, ensure_ascii=False, default=str, indent=2, sort_keys=True)
    table = Phrase("référentiel", "reference table").told(lang)
    rows = [
        f"{table} {name}[{' ; '.join(map(str, key))}] = {value}" for name, held in witness.references.items() for key, value in held.items()
    ]
    return "\n".join([head.told(lang), record, *rows])


def skipped(invariant: Property, reason: str) -> Result:
    """Tell a property that was not looked at."""
    return Result(invariant.title, invariant.provenance.position, skipped=reason)


def told(result: Result, lang: Lang = "fr") -> str:
    """Tell a failure to a person."""
    body = "\n".join(f"  {line}" for line in (result.failure or "").splitlines())
    place = COLON.told(lang).join((str(result.position), _FAILURE.told(lang), f"« {result.title} »"))
    return f"{place}\n{body}"


def counts(pack: str, results: Sequence[Result], lang: Lang = "fr") -> str:
    """Say how many passed, failed and were skipped, and why the last were."""
    failed = sum(result.failure is not None for result in results)
    left = [result.skipped for result in results if result.skipped is not None]
    passed = len(results) - failed - len(left)
    plural = "s" if passed > 1 else ""
    words = [
        Phrase(f"{passed} conforme{plural}", f"{passed} passed"),
        Phrase(f"{failed} échec{'s' if failed > 1 else ''}", f"{failed} failed"),
    ]
    if left:
        number, plural = len(left), "s" if len(left) > 1 else ""
        properties = "property" if number == 1 else "properties"
        words.append(Phrase(f"{number} propriété{plural} sautée{plural} ({left[-1]})", f"{number} {properties} skipped ({left[-1]})"))
    return f"{pack}{COLON.told(lang)}{joined(', ', words).told(lang)}"


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
