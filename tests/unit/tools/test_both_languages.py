"""What the tools say: each sentence is written in French and in English, side by side, and neither holds words of the other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import optam_rules
from tests.support.english import english_left, french_left

_SOURCES = Path(optam_rules.__file__).parent
_TOOLS = sorted((_SOURCES / "tools").rglob("*.py"))
# What takes a sentence in French and in English, in that order.
_PAIRS = frozenset({"Phrase", "filled", "wrong_call", "_told", "_tell", "after_verified_option", "UnencodableError"})
# Families of words of their own, each key or each field in both languages, and what finds the headings of either to paint them.
_CATALOGUES = frozenset({"wording.py", "code_words.py", "paint.py"})
# Pages of the French reference, and the text of a new pack.
_FRENCH = frozenset({"language_page.py", "code_pages.py", "init.py"})
_FRENCH_PAGES = frozenset({"coverage_page", "mutation_page", "_row", "_line"})
# Names: words of the language and of needs, what other programs compare, a family of fonts, a verb that a hint takes.
_NAMES = frozenset(
    {"référentiel", "référentiel:", "hypothèse", "hypothèse:", "propriété", "propriété x", "x (au x)", "sans-serif", "écrire"}
)


_FIELD = re.compile(r"\{[a-z_]*\}")
# What a template says in both languages, and what of it is no text: styles, scripts, comments, instructions, marks.
_SAID = re.compile(r"""say\((?P<mark>["'])(?P<french>(?:\\.|(?!(?P=mark)).)*)(?P=mark), (?P=mark)(?P<english>.*?)(?P=mark)\)""")
_MARKS = re.compile(r"<style>.*?</style>|<script.*?</script>|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", re.DOTALL)


def pairs(tree: ast.AST) -> Iterator[tuple[int, str, str]]:
    """Yield what is said in both languages: line, French, English; what fills a sentence stands as `x`."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) in _PAIRS):
        texts = [_plain(value) for value in call.args if isinstance(value, ast.Constant | ast.JoinedStr)]
        if len(texts) >= 2:
            yield call.lineno, texts[-2], texts[-1]


def loose(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the French sentences that are said without their English."""
    paired = {id(part) for call in ast.walk(tree) if isinstance(call, ast.Call) and _called(call) in _PAIRS for part in ast.walk(call)}
    documented = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        for part in ast.walk(node.value)
        if isinstance(node.value, ast.Constant)
    }
    french = {
        id(part)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name in _FRENCH_PAGES
        for part in ast.walk(function)
    }
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node) if part is not node}
    keys = {id(key) for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys}
    examples = {id(word.value) for word in ast.walk(tree) if isinstance(word, ast.keyword) and word.arg == "examples"}
    apart = paired | documented | french | inner | keys | examples
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in apart:
            said = _plain(node)
            if said not in _NAMES and not said.startswith("--") and french_left(said):
                yield node.lineno, said


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _plain(text: ast.Constant | ast.JoinedStr) -> str:
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    held = (part.value if isinstance(part, ast.Constant) else "x" for part in parts)
    return _FIELD.sub("x", "".join(part for part in held if isinstance(part, str)))


def test_every_pair_is_in_its_two_languages() -> None:
    """In the whole library: no French in the English side, no English in the French one."""
    found = [
        (f"{path.relative_to(_SOURCES)}:{line}", french, english)
        for path in sorted(_SOURCES.rglob("*.py"))
        for line, french, english in pairs(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert len(found) > 500
    assert [] == [(place, english) for place, _, english in found if french_left(english.replace("Légifrance", ""))]
    assert [] == [(place, french) for place, french, _ in found if english_left(french)]


@pytest.mark.parametrize("path", [path for path in _TOOLS if path.name not in _CATALOGUES | _FRENCH], ids=lambda path: path.stem)
def test_no_tool_says_a_sentence_in_french_alone(path: Path) -> None:
    """Commands, reports and the pytest plugin, the templates of pages below."""
    assert [] == list(loose(ast.parse(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("path", sorted((_SOURCES / "tools").rglob("*.j2")), ids=lambda path: path.stem)
def test_no_page_says_a_sentence_in_french_alone(path: Path) -> None:
    """What a template writes itself is in neither language, or in both by `say`."""
    text = path.read_text(encoding="utf-8")
    assert [] == french_left(_MARKS.sub(" ", text))
    said = [(match["french"], match["english"]) for match in _SAID.finditer(text)]
    assert said or 'say("page_' in text  # by keys of the catalogue, in the page of judgements
    assert [] == [english for _, english in said if french_left(english)]
    assert [] == [french for french, _ in said if english_left(french)]


@pytest.mark.parametrize(
    "line",
    ['click.echo("le dossier est refusé")', 'yield f"échec de {name}"', 'rows = ["réponse", "valeur"]', 'raise X(f"la règle {name}")'],
)
def test_a_sentence_in_french_alone_is_seen(line: str) -> None:
    """The check above fails on what it is made to find."""
    assert list(loose(ast.parse(f"def f():\n    {line}")))


def test_what_is_said_in_both_passes() -> None:
    """And a docstring is nobody's output."""
    assert [] == list(loose(ast.parse('"""Dit « échec »."""\nx = Phrase("échec", "failure")\ny = wrong_call(f"le {x}", f"the {x}")\n')))
    assert [(1, "échec", "failure")] == list(pairs(ast.parse('x = Phrase("échec", "failure")')))
