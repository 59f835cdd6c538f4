"""What became of the mutants of a pack, told to people, written as JSON, and as the page that records a whole run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from optam_rules.analysis.mutation.changes import Kind
from optam_rules.analysis.mutation.mutants import Mutant
from optam_rules.analysis.mutation.run import MutationReport, Survivor
from optam_rules.analysis.verdict import Open, Refuted
from optam_rules.analysis.written import write_test
from optam_rules.base.phrases import COLON, Lang, Phrase, counted, filled
from optam_rules.tools.report.coverage import place, share
from optam_rules.tools.report.table import table

SCHEMA = "mutation-1"
_HEADINGS = (
    Phrase("faute", "fault"),
    Phrase("mutants", "mutants"),
    Phrase("tués", "killed"),
    Phrase("équivalents", "equivalent"),
    Phrase("survivants", "survivors"),
)
_ALL = Phrase("en tout", "in all")
_SEEN = Phrase("ce test le verrait :", "this test would see it:")
_UNDECIDED = Phrase("ni tué, ni prouvé équivalent", "neither killed nor proved equivalent")


def mutation_text(report: MutationReport, lang: Lang = "fr") -> str:
    """Tell the score, the faults kind by kind, and each survivor with a test that would see it."""
    lines = [_head(report).told(lang), "", table([heading.told(lang) for heading in _HEADINGS], _rows(report, lang))]
    if report.failing:
        failing = filled(
            "{tests} en échec sans aucune faute : ils ne tuent rien",
            "{tests} failed without any fault: they kill nothing",
            tests=counted(len(report.failing), Phrase("test", "test")),
        )
        lines.append(f"\n{failing.told(lang)}")
    for survivor in report.survivors:
        lines += ["", *_survivor(report, survivor, lang)]
    return "\n".join(lines)


def _head(report: MutationReport) -> Phrase:
    program = report.program
    killed, possible = report.score
    equivalent, alive = len(report.equivalent), len(report.survivors)
    plural = "s" if equivalent > 1 else ""
    return filled(
        "mutation de {pack} (version {version}) : {planted}{sample}, {killed} tué{s}, {equivalent}, {alive} : "
        "{share} des mutants qui peuvent l'être sont tués",
        "mutation of {pack} (version {version}): {planted}{sample}, {killed} killed, {equivalent}, {alive}: "
        "{share} of the mutants that can be are killed",
        pack=program.id,
        version=program.version,
        planted=counted(report.planted, Phrase("mutant", "mutant")),
        sample=Phrase(f" tirés parmi {report.total}", f" drawn among {report.total}") if report.planted < report.total else "",
        killed=killed,
        s="s" if killed > 1 else "",
        equivalent=Phrase(f"{equivalent} prouvé{plural} équivalent{plural}", f"{equivalent} proved equivalent"),
        alive=counted(alive, Phrase("survivant", "survivor")),
        share=share(killed, possible),
    )


def _rows(report: MutationReport, lang: Lang) -> list[tuple[str, ...]]:
    killed = Counter(one.mutant.kind for one in report.killed)
    equivalent = Counter(one.mutant.kind for one in report.equivalent)
    alive = Counter(one.mutant.kind for one in report.survivors)
    kinds = [kind for kind in Kind if killed[kind] + equivalent[kind] + alive[kind]]
    rows = [(k.value.told(lang), killed[k] + equivalent[k] + alive[k], killed[k], equivalent[k], alive[k]) for k in kinds]
    total = (_ALL.told(lang), report.planted, len(report.killed), len(report.equivalent), len(report.survivors))
    return [tuple(map(str, row)) for row in (*rows, total)]


def _survivor(report: MutationReport, survivor: Survivor, lang: Lang) -> Iterator[str]:
    mutant = survivor.mutant
    yield f"{mutant.position}{COLON.told(lang)}{fault_words(mutant).told(lang)}"
    match survivor.verdict:
        case Open(reason):
            yield f"  {_UNDECIDED.told(lang)}{COLON.told(lang)}{reason.told(lang)}"
        case Refuted():
            unseen = Phrase(f"`{survivor.path}` change, qu'aucune réponse ne montre", f"`{survivor.path}` changes, which no answer shows")
            test = witness_test(report, survivor)
            yield f"  {(_SEEN if test else unseen).told(lang)}"
            yield from (f"  {line}" for line in test.splitlines())


def fault_words(mutant: Mutant) -> Phrase:
    """Say what a mutant does, and to what."""
    return filled("{kind}, `{name}` : {words}", "{kind}, `{name}`: {words}", kind=mutant.kind.value, name=mutant.name, words=mutant.words)


def witness_test(report: MutationReport, survivor: Survivor) -> str:
    """Write the test that would kill a survivor, with the answer of the text as it stands; empty where no answer shows the fault.

    Whoever pastes it checks that answer against the law first: it is what the rules say, not what they should say.
    """
    if not isinstance(survivor.verdict, Refuted) or survivor.path not in report.program.answers_by_path:
        return ""
    witness = survivor.verdict.witness
    title = str(fault_words(survivor.mutant)).replace('"', "'").replace("`", "")
    return write_test(report.program, title, witness.case, {survivor.path: witness.outcome})


# --- JSON -----------------------------------------------------------------------------------------------------------------------


def mutation_json(report: MutationReport, lang: Lang = "fr") -> dict[str, Any]:
    """Return the whole report; scopes and reasons are in the language of messages, kinds and words of faults are names."""
    program = report.program
    killed, possible = report.score
    return {
        "schema": SCHEMA,
        "pack": {"id": program.id, "version": program.version, "digest": program.digest},
        "total": report.total,
        "planted": report.planted,
        "killed": killed,
        "possible": possible,
        "failing": list(report.failing),
        "mutants": [
            *({**_mutant(one.mutant), "state": "killed", "by": one.by} for one in report.killed),
            *({**_mutant(one.mutant), "state": "equivalent", "scope": one.scope.told(lang)} for one in report.equivalent),
            *({**_mutant(one.mutant), "state": "survivor", **_verdict(report, one, lang)} for one in report.survivors),
        ],
    }


def _mutant(mutant: Mutant) -> dict[str, Any]:
    where = place(mutant.position)
    return {"kind": str(mutant.kind.value), "name": mutant.name, "words": str(mutant.words), "article": mutant.article, **where}


def _verdict(report: MutationReport, survivor: Survivor, lang: Lang) -> dict[str, Any]:
    if isinstance(survivor.verdict, Open):
        return {"answer": survivor.path, "verdict": "open", "reason": survivor.verdict.reason.told(lang)}
    return {"answer": survivor.path, "verdict": "refuted", "test": witness_test(report, survivor)}


# --- the recorded page ----------------------------------------------------------------------------------------------------------


def mutation_page(reports: Sequence[MutationReport], day: str) -> str:
    """Write the page that records whole runs, in Markdown: a row a pack, then the survivors that are known."""
    lines = [
        "# Mutation des packs livrés",
        "",
        f"Page écrite par `make mutate`, le {day}. Chaque mutant est le pack avec une seule faute : une borne déplacée d'un centime, d'un",
        "jour ou d'un dixième de point, une comparaison changée, une condition retirée ou niée, une exception ou un plafond retirés.",
        "Il est tué si un test ou une propriété du pack le voit ; il est équivalent s'il est prouvé que rien ne peut le voir.",
        "Les autres survivent.",
        "",
        "| Pack | Mutants | Tués | Prouvés équivalents | Survivants | Tués, parmi ceux qui peuvent l'être | Empreinte du pack |",
        "|---|---|---|---|---|---|---|",
    ]
    for report in reports:
        killed, possible = report.score
        digest = report.program.digest.removeprefix("sha256:")[:16]
        counts = f"{report.planted} | {killed} | {len(report.equivalent)} | {len(report.survivors)} | {share(killed, possible)}"
        lines.append(f"| {report.program.id} | {counts} | `{digest}` |")
    for report in reports:
        if report.survivors:
            lines += ["", f"## Survivants de {report.program.id}", ""]
            lines += [f"- {survivor.mutant.position} : {_line(survivor)}" for survivor in report.survivors]
    return "\n".join(lines) + "\n"


def _line(survivor: Survivor) -> str:
    reason = survivor.verdict.reason if isinstance(survivor.verdict, Open) else f"un dossier le distingue, par `{survivor.path}`"
    return f"{fault_words(survivor.mutant)} ({reason})"
