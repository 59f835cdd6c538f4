"""Judgements turned into Markdown: a heading a record, a table of answers or a nested list of reasons."""

from __future__ import annotations

import re

from optam_rules.core.answers import Judgement
from optam_rules.core.program import Program
from optam_rules.interop.judgements import Refused
from optam_rules.tools.report.explain import explain
from optam_rules.tools.report.judgement import rest, short
from optam_rules.tools.report.tree import walk
from optam_rules.tools.report.wording import Language, note, say

# What Markdown or HTML would take for its own.
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
_CODE_SPECIAL = re.compile(r"`+")


def judgement_markdown(program: Program, judgement: Judgement, *, explained: bool, language: Language) -> str:
    """Tell a judgement under a heading of the second level."""
    who = judgement.identifiant or say(language, "nobody")
    head = say(language, "head", who=who, day=judgement.on, pack=judgement.pack, version=judgement.version)
    lines = [f"## {escaped(head)}", ""]
    lines += [line for text in judgement.notes for line in (f"> {escaped(say(language, 'note', text=note(language, text)))}", "")]
    if explained:
        for name, answer in judgement.answers.items():
            tree = explain(program, judgement.on, name, answer.outcome, language=language)
            lines += [*(f"{'  ' * depth}- {escaped(node.text)}" for depth, _, node in walk(tree)), ""]
    else:
        lines += ["| " + " | ".join(say(language, f"column_{name}") for name in ("answer", "value", "rest")) + " |", "| --- | --- | --- |"]
        for name, answer in judgement.answers.items():
            cells = (code(name), short(answer.outcome, program.enumerations, language), rest(program, answer.outcome, language))
            lines.append(f"| {cells[0]} | {escaped(cells[1])} | {escaped(cells[2])} |")
        lines.append("")
    return "\n".join(lines)


def refused_markdown(refused: Refused, language: Language) -> str:
    """Tell a refused record and all its faults."""
    lines = [f"## {escaped(say(language, 'refused', who=refused.identifiant or say(language, 'nobody'), position=refused.position))}", ""]
    told = [(fault, escaped(fault.told(language.lang).message)) for fault in refused.diagnostics]
    lines += [f"- {code(fault.code)} {code(fault.path)} {message}" for fault, message in told if fault.path]
    lines += [f"- {code(fault.code)} {message}" for fault, message in told if not fault.path]
    return "\n".join([*lines, ""])


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def code(text: str) -> str:
    """Return a text as code, whatever grave accents it holds."""
    ticks = "`" * (max((len(run) for run in _CODE_SPECIAL.findall(text)), default=0) + 1)
    pad = " " if "`" in text else ""
    return f"{ticks}{pad}{' '.join(text.split())}{pad}{ticks}".replace("|", r"\|")
