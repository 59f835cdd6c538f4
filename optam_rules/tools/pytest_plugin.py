"""The pytest plugin: from packs that a project names to test items, one a test or a property; and fixtures for packs and records.

Inert in a project that names no pack: nothing is collected, and nothing but this module and the choice of a language is imported when
pytest starts. What it says is French or English, as OPTAM_LANG or the locale asks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from optam_rules.tools.language import VARIABLE, asked

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from optam_rules.api import Pack
    from optam_rules.tools.pytest_items import PackCollector

_MANIFEST = "manifest.toml"
_NAMED = pytest.StashKey[frozenset[Path]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what a project may write in its pytest configuration."""
    parser.addini(
        "optam_packs",
        type="linelist",
        default=[],
        help=_told(
            "packs dont les tests et les propriétés sont exécutés, un par ligne : un dossier, un motif (`conventions/*`) ou un pack livré",
            "packs whose tests and properties are run, one a line: a folder, a pattern (`conventions/*`) or a shipped pack",
        ),
    )
    parser.addini(
        "optam_examples",
        default="100",
        help=_told("dossiers tirés par propriété ; 0 pour n'en chercher aucun", "records drawn for each property; 0 to seek none"),
    )


def pytest_configure(config: pytest.Config) -> None:
    """Add the packs that the project names to what is collected, unless the call itself says what to collect."""
    named = {manifest: None for entry in config.getini("optam_packs") for manifest in _manifests(entry, config)}
    _check_language(named)
    config.stash[_NAMED] = frozenset(named)
    if config.args_source is not config.ArgsSource.ARGS:
        walked = [_absolute(argument, config) for argument in config.args]
        config.args += [str(manifest) for manifest in named if not any(manifest.is_relative_to(folder) for folder in walked)]


def _check_language(named: Iterable[Path]) -> None:
    """Refuse a word of OPTAM_LANG that is no language, in a project that has packs. Raises UsageError."""
    word = os.environ.get(VARIABLE)
    if word and word not in ("fr", "en") and any(named):
        raise pytest.UsageError(f"{VARIABLE}" + _told(f" : `{word}` n'est pas `fr` ou `en`", f": `{word}` is not `fr` or `en`"))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> PackCollector | None:
    """Collect a pack that the project names, or that the call gives by its folder or by its manifest."""
    if file_path.name != _MANIFEST:
        return None
    if file_path not in parent.config.stash[_NAMED] and not _is_given(file_path, parent.session):
        return None
    # Imported here: pytest starts in projects that have no pack.
    from optam_rules.tools.pytest_items import PackCollector

    return PackCollector.from_parent(parent, path=file_path)


@pytest.fixture(scope="session")
def optam_pack(pytestconfig: pytest.Config) -> Callable[[str | Path], Pack]:
    """Return what loads a pack, by the name of a shipped one or by a folder from the root of the project; each is loaded once."""
    from optam_rules.api import load  # imported here: pytest starts in projects that have no pack

    @cache
    def loaded(name: str | Path) -> Pack:
        folder = pytestconfig.rootpath / name
        return load(folder if (folder / _MANIFEST).is_file() else name)

    return loaded


@pytest.fixture(scope="session")
def optam_records(optam_pack: Callable[[str | Path], Pack]) -> Callable[..., SearchStrategy[dict[str, Any]]]:
    """Return what gives the strategy of a pack's records: `data.draw(optam_records("cm-2016"))` in a test of Hypothesis."""
    from optam_rules import testing  # imported here: it needs an extra

    def strategy(name: str | Path, *, partial: bool = True) -> SearchStrategy[dict[str, Any]]:
        return testing.records(optam_pack(name), partial=partial)

    return strategy


def _manifests(entry: str, config: pytest.Config) -> Iterator[Path]:
    """Yield the manifests that a line of `optam_packs` names. Raises UsageError where it names none."""
    found = sorted(_absolute(".", config).glob(f"{entry.rstrip('/')}/{_MANIFEST}"))
    if not found:
        from optam_rules._resources import shipped  # imported here: pytest starts in projects that have no pack

        manifest = Path(str(shipped("conventions") / entry / _MANIFEST))
        if not manifest.is_file():
            raise pytest.UsageError(
                _told(
                    f"optam_packs : `{entry}` n'est ni un dossier de pack (avec son `{_MANIFEST}`), ni un pack livré",
                    f"optam_packs: `{entry}` is neither the folder of a pack (with its `{_MANIFEST}`) nor a shipped pack",
                )
            )
        found = [manifest]
    yield from found


def _told(french: str, english: str) -> str:
    """Return the words in the language of the surroundings; without a Phrase, for pytest starts in projects that have no pack."""
    return english if asked() == "en" else french


def _is_given(manifest: Path, session: pytest.Session) -> bool:
    """Tell whether the words of the call give a pack: other tools have a `manifest.toml` too, but no text beside it."""
    if session.config.args_source is not session.config.ArgsSource.ARGS:
        return False
    given = session.isinitpath(manifest) or session.isinitpath(manifest.parent)
    return given and any(manifest.parent.glob("*.conv"))


def _absolute(argument: str, config: pytest.Config) -> Path:
    """Return where a path of the configuration leads, read from the project's root as `testpaths` is."""
    return (config.rootpath / argument.partition("::")[0]).resolve()
