"""Diagnostics as other tools read them: JSON, SARIF 2.1.0 for code scanning, and the annotations of GitHub's workflows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from optam_rules.base.codes import wording
from optam_rules.base.diagnostics import Diagnostic, render_text
from optam_rules.base.phrases import Lang

# SOURCE: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, sections 3.13 to 3.30.
_SARIF_VERSION = "2.1.0"
_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# What a workflow command escapes: everywhere, and in its properties besides.
_ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY_ESCAPES = {**_ESCAPES, ":": "%3A", ",": "%2C"}

FORMATS = ("text", "json", "sarif", "github")


def rendered(diagnostics: Sequence[Diagnostic], form: str, version: str, path_of: Callable[[str], str], lang: Lang = "fr") -> str:
    """Write diagnostics in one of FORMATS, in a language.

    `path_of` turns the name of a text into a path that the reader's tool can open.
    """
    match form:
        case "json":
            return json.dumps({"diagnostics": [diagnostic.to_json(lang) for diagnostic in diagnostics]}, ensure_ascii=False, indent=2)
        case "sarif":
            return json.dumps(_sarif(diagnostics, version, path_of, lang), ensure_ascii=False, indent=2)
        case "github":
            return "\n".join(_annotation(diagnostic, path_of, lang) for diagnostic in diagnostics)
        case _:
            return "\n\n".join(render_text(diagnostic, lang) for diagnostic in diagnostics)


def _sarif(diagnostics: Sequence[Diagnostic], version: str, path_of: Callable[[str], str], lang: Lang) -> dict[str, Any]:
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    rules = [_rule(code, lang) for code in codes]
    results = [_result(diagnostic, codes.index(diagnostic.code), path_of, lang) for diagnostic in diagnostics]
    driver = {"name": "optam", "version": version, "rules": rules}
    return {
        "$schema": _SARIF_SCHEMA,
        "version": _SARIF_VERSION,
        # The language of messages, and what columns count: characters, as the JSON diagnostics do.
        "runs": [{"tool": {"driver": driver}, "language": lang, "columnKind": "unicodeCodePoints", "results": results}],
    }


def _rule(code: str, lang: Lang) -> dict[str, Any]:
    entry = wording(code, lang)
    return {
        "id": code,
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": entry.meaning},
        "help": {"text": entry.remedy},
        "defaultConfiguration": {"level": "warning" if code.startswith("W") else "error"},
    }


def _result(diagnostic: Diagnostic, index: int, path_of: Callable[[str], str], lang: Lang) -> dict[str, Any]:
    said = diagnostic.told(lang)
    text = f"{said.message} ({said.hint})" if said.hint else said.message
    result: dict[str, Any] = {"ruleId": diagnostic.code, "ruleIndex": index, "level": diagnostic.severity, "message": {"text": text}}
    place = diagnostic.position
    if place is not None:
        line, column = place.last
        region = {"startLine": place.line, "startColumn": place.column, "endLine": line, "endColumn": column}
        location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": path_of(place.file)}, "region": region}}
        if place.article:
            location["logicalLocations"] = [{"name": place.article, "kind": "member"}]
        result["locations"] = [location]
    return result


def _annotation(diagnostic: Diagnostic, path_of: Callable[[str], str], lang: Lang) -> str:
    properties = {"title": f"{diagnostic.code} {wording(diagnostic.code, lang).title}"}
    place = diagnostic.position
    if place is not None:
        line, column = place.last
        properties |= {"file": path_of(place.file), "line": str(place.line), "col": str(place.column), "endLine": str(line)}
        if line == place.line:  # GitHub takes an end column on the same line only
            properties["endColumn"] = str(column)
    told = ",".join(f"{name}={_escaped(value, _PROPERTY_ESCAPES)}" for name, value in properties.items())
    said = diagnostic.told(lang)
    text = f"{said.message}\n{said.hint}" if said.hint else said.message
    return f"::{diagnostic.severity} {told}::{_escaped(text, _ESCAPES)}"


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(char, char) for char in text)
