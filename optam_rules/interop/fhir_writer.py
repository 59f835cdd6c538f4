"""From results, as they come, to one FHIR R4 Bundle: a Parameters resource a judged record, an OperationOutcome a refused one.

Exact numbers stay exact: a rate whose decimals end is a `valueDecimal` written digit by digit, another (`23/60`) a `valueString`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO, cast

from optam_rules.base.numbers import Number, digits, euros, format_ratio
from optam_rules.base.phrases import Lang
from optam_rules.core.answers import Answer
from optam_rules.core.ir import Constant
from optam_rules.core.judgement import Outcome
from optam_rules.core.types import ListType, Scalar, SetType, Type
from optam_rules.core.values import plain_text
from optam_rules.interop.judgements import Header, Judged, Refused, Result
from optam_rules.interop.writers import Counts

# SOURCE: HL7 FHIR R4, OperationOutcome.issue.code, value set issue-type: content that does not fit, and an item not found.
_ISSUE = "invalid"


def write_fhir(stream: TextIO, header: Header, results: Iterable[Result]) -> Counts:
    """Write one Bundle of type `collection`, an entry a line, judged and refused in the order of the file."""
    judged = refused = 0
    stream.write('{"resourceType": "Bundle", "type": "collection", "entry": [')
    for result in results:
        resource = _parameters(header, result) if isinstance(result, Judged) else _refusal(result, header.lang)
        stream.write(("," if judged + refused else "") + '\n{"resource": ' + resource + "}")
        if isinstance(result, Judged):
            judged += 1
        else:
            refused += 1
    stream.write("\n]}\n" if judged + refused else "]}\n")
    return Counts(judged, refused)


def _parameters(header: Header, result: Judged) -> str:
    judgement = result.judgement
    heads = [
        _parameter("identifiant", "String", judgement.identifiant),
        _parameter("on", "Date", judgement.on.isoformat()),
        _parameter("pack", "String", f"{header.pack}|{header.version}"),
        _parameter("digest", "String", judgement.digest),
    ]
    answers = [_answer(name, answer) for name, answer in judgement.answers.items()]
    return f'{{"resourceType": "Parameters", "parameter": [{", ".join([*filter(None, heads), *answers])}]}}'


def _answer(name: str, answer: Answer) -> str:
    """Write an answer as a parameter with parts: its value where known, its status, what it rests on, what it waits for."""
    outcome = answer.outcome
    parts = [_value("value", outcome)] if outcome.value is not None else []
    parts += [_parameter("status", "Code", str(outcome.status).replace("_", "-")), _parameter("standing", "String", answer.standing)]
    parts += [_parameter("needs", "String", need) for need in sorted(outcome.needs)]
    return f'{{"name": {_text(name)}, "part": [{", ".join(parts)}]}}'


def _value(name: str, outcome: Outcome) -> str:
    value, type_ = cast("Constant", outcome.value), outcome.type
    match type_:
        case Scalar.BOOLEAN:
            return _raw(name, "Boolean", "true" if value else "false")
        case Scalar.INTEGER if -(2**31) <= cast("int", value) < 2**31:  # FHIR's integer has 32 bits
            return _raw(name, "Integer", str(value))
        case Scalar.INTEGER:
            return _raw(name, "Decimal", digits(cast("int", value)))
        case Scalar.MONEY:
            return _raw(name, "Money", f'{{"value": {euros(cast("Number", value))}, "currency": "EUR"}}')
        case Scalar.DATE:
            return _parameter(name, "Date", plain_text(value, type_))
        case Scalar.RATE | Scalar.POINTS:
            ratio = format_ratio(cast("Number", value))
            return _parameter(name, "String", ratio) if "/" in ratio else _raw(name, "Decimal", ratio)
        case _:
            return _parameter(name, "String", _words(value, type_))


def _words(value: Constant, type_: Type) -> str:
    """Return plain words; FHIR has no empty string, so an empty set says so."""
    return plain_text(value, type_) or ("∅" if isinstance(type_, SetType | ListType) else " ")


def _refusal(result: Refused, lang: Lang) -> str:
    issues = [
        {
            "severity": "error",
            "code": _ISSUE,
            "details": {"coding": [{"code": fault.code}], "text": said.message},
            **({"diagnostics": said.hint} if said.hint else {}),
            "expression": [fault.path or f"position {result.position}"],
        }
        for fault in result.diagnostics
        for said in [fault.told(lang)]
    ]
    form: dict[str, Any] = {"resourceType": "OperationOutcome", "issue": issues}
    if result.identifiant:
        form["text"] = {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{_escaped(result.identifiant)}</div>'}
    return json.dumps(form, ensure_ascii=False)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _parameter(name: str, kind: str, value: str | None) -> str:
    return _raw(name, kind, _text(value)) if value else ""


def _raw(name: str, kind: str, digits: str) -> str:
    return f'{{"name": {_text(name)}, "value{kind}": {digits}}}'


def _text(value: str | None) -> str:
    return json.dumps(value, ensure_ascii=False)
