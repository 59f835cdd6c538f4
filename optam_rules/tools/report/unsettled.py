"""What the law leaves unsettled, as the to-do list of a legal team, and how far each article is encoded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from optam_rules.analysis.unsettled import Coverage, Kind, Unsettled, clauses_of, coverage, unsettled
from optam_rules.base.phrases import COLON, Lang, Phrase
from optam_rules.core.program import ArticleText, Program
from optam_rules.tools.report.tree import fill
from optam_rules.tools.report.words import days_words

_TITLES = {
    Kind.UNKNOWN: Phrase("Ce qu'aucune source lue ne dit", "What no source read tells"),
    Kind.QUESTION: Phrase("Questions ouvertes, à plusieurs lectures", "Open questions, with several readings"),
    Kind.HYPOTHESIS: Phrase("Hypothèses faites ici, à confirmer", "Assumptions made here, to be confirmed"),
}
_NOTHING = Phrase("Rien n'est en suspens dans ce pack.", "Nothing is unsettled in this pack.")
_NO_ANSWER = Phrase("aucune réponse", "no answer")
_DEPEND = Phrase("réponses qui en dépendent : ", "answers that depend on it: ")


def to_do(program: Program, *, width: int | None = None, lang: Lang = "fr") -> str:
    """Tell what is unsettled in a pack, kind by kind, each with the answers that depend on it."""
    items = unsettled(program)
    lines = [f"{program.id} — {program.title}, version {program.version}"]
    if not items:
        return "\n".join([*lines, "", _NOTHING.told(lang)])
    for kind, group in groupby(items, key=lambda item: item.kind):
        lines += ["", f"{_TITLES[kind].told(lang)}{COLON.told(lang)}".rstrip()]
        for item in group:
            lines += _item(item, width, lang)
    return "\n".join(lines)


def _item(item: Unsettled, width: int | None, lang: Lang) -> Iterator[str]:
    where = f" [{_place(item.article)}]" if item.article else ""
    name = f"{item.name} — " if item.name else ""
    yield from _folded(f"- {name}{item.text}{where}", "  ", width)
    answers = ", ".join(item.answers) if item.answers else _NO_ANSWER.told(lang)
    yield from _folded(f"  {_DEPEND.told(lang)}{answers}", "    ", width)


def _folded(line: str, indent: str, width: int | None) -> Sequence[str]:
    return [line] if width is None else fill(line, width, "", indent)


def _place(article: str) -> str:
    return f"article {article}" if article[:1].isdigit() or article[1:2] == "." else article


def coverage_page(programs: Iterable[Program]) -> str:
    """Write the coverage of packs, article by article, as a Markdown page of the French reference."""
    lines = [
        "# Ce qui est encodé, article par article",
        "",
        "Page écrite par `make reference` d'après les packs. *Encodé* : des règles, et rien en suspens. *En partie* : des règles, et une",
        "question ouverte, un inconnu, une hypothèse, ou un texte connu par la seule doctrine. *Sans règle* : l'article est nommé, rien",
        "n'en est tiré, parce qu'il est inconnu ou qu'un autre article le rend, comme son résumé le dit. `optam law PACK --unknown`",
        "détaille ce qui est en suspens, et les réponses qui en dépendent.",
    ]
    for program in programs:
        open_items = unsettled(program)
        lines += [
            "",
            f"## {program.title} (`{program.id}`)",
            "",
            "| Article | Titre | En vigueur | Fondement | Règles | En suspens | État |",
            "|---|---|---|---|---|---|---|",
        ]
        own = [unit for unit in program.articles if unit.provenance.position.file.startswith(f"{program.id}/")]
        lines += [_row(program, unit, open_items) for unit in own]
        if not own:
            lines.append("| | pas d'article : vocabulaire | | | | | |")
    return "\n".join(lines) + "\n"


def _row(program: Program, unit: ArticleText, open_items: Sequence[Unsettled]) -> str:
    rules = sum(clauses_of(definition, unit) for definition in program.definitions.values())
    pending = sum(item.article == unit.number for item in open_items)
    state = coverage(program, unit)
    shown = f"**{state.value}**" if state is Coverage.NONE else state.value
    cells = (unit.number, unit.title, days_words(unit.interval), str(unit.provenance.standing), str(rules), str(pending), shown)
    return f"| {' | '.join(cells)} |"
