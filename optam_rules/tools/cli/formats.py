"""The formats of judgements that `evaluate` writes: each a function from a call and its results to a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from optam_rules.base.extras import require
from optam_rules.interop.fhir_writer import write_fhir
from optam_rules.interop.judgements import Judged, Result
from optam_rules.interop.writers import write_csv, write_json, write_json_lines
from optam_rules.tools.cli.judging import Judging
from optam_rules.tools.cli.messages import wrong_call
from optam_rules.tools.cli.streams import opened, terminal_width
from optam_rules.tools.report.judgement import judgement_text
from optam_rules.tools.report.markdown import judgement_markdown, refused_markdown
from optam_rules.tools.report.wording import Language

FORMATS = ("text", "json", "jsonl", "csv", "parquet", "arrow", "fhir", "markdown", "html")
EXPLAINED = ("text", "markdown", "html", "json", "jsonl")  # those that tell why

Writer = Callable[[Judging, Iterable[Result]], None]


def writer(form: str, output: str | None, *, explained: bool, language: Language) -> Writer:
    """Return what writes results in a format. Raises MissingExtraError (E701) where its library is not installed."""
    match form:
        case "json":
            return partial(_json, output)
        case "jsonl":
            return partial(_json_lines, output)
        case "csv":
            return partial(_csv, output)
        case "fhir":
            return partial(_fhir, output)
        case "markdown":
            return partial(_markdown, output, explained, language)
        case "html":
            return _page_writer(output, explained, language)
        case "parquet":
            return _parquet_writer(output)
        case "arrow":
            raise wrong_call("--format arrow juge à une date : donner --on DATE", "--format arrow judges on one date: give --on DATE")
        case _:
            return partial(_text, output, explained, language)


def _json(output: str | None, judging: Judging, results: Iterable[Result]) -> None:
    with opened(output) as stream:
        write_json(stream, judging.header(), results)


def _json_lines(output: str | None, judging: Judging, results: Iterable[Result]) -> None:
    with opened(output) as stream:
        write_json_lines(stream, judging.header(), results)


def _csv(output: str | None, judging: Judging, results: Iterable[Result]) -> None:
    with opened(output) as stream:
        write_csv(stream, judging.header(), judging.columns(), results)


def _fhir(output: str | None, judging: Judging, results: Iterable[Result]) -> None:
    with opened(output) as stream:
        write_fhir(stream, judging.header(), results)


def _text(output: str | None, explained: bool, language: Language, judging: Judging, results: Iterable[Result]) -> None:
    with opened(output) as stream:
        width = terminal_width(stream)
        written = 0
        for result in results:
            if isinstance(result, Judged):
                text = judgement_text(judging.pack.program, result.judgement, explained=explained, width=width, language=language)
                stream.write(("\n" if written else "") + text + "\n")
                written += 1


def _markdown(output: str | None, explained: bool, language: Language, judging: Judging, results: Iterable[Result]) -> None:
    with opened(output) as stream:
        for result in results:
            if isinstance(result, Judged):
                stream.write(judgement_markdown(judging.pack.program, result.judgement, explained=explained, language=language) + "\n")
            else:
                stream.write(refused_markdown(result, language) + "\n")


def _page_writer(output: str | None, explained: bool, language: Language) -> Writer:
    require("--format html", "web", "jinja2", "matplotlib")
    # Imported here: the libraries of pages are an extra, and the other formats must do without them.
    from optam_rules.tools.report.page import write_page

    def write(judging: Judging, results: Iterable[Result]) -> None:
        with opened(output) as stream:
            write_page(stream, judging.pack.program, judging.header(), results, language=language, explained=explained)

    return write


def _parquet_writer(output: str | None) -> Writer:
    # Imported here: pyarrow is an extra, and the other formats must do without it.
    from optam_rules.tools.cli.parquet import write_parquet

    def write(judging: Judging, results: Iterable[Result]) -> None:
        write_parquet(output, judging, results)

    return write
