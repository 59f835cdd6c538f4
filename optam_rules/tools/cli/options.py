"""The options that several subcommands share, and the types of their values, whose errors are French sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.suggestions import nearest
from optam_rules.library.files import shipped_folders
from optam_rules.tools.cli.french import FrenchOption

_PACK_HELP = "Pack : un nom (cm-2016) ou le chemin d'un dossier. Obligatoire."
Command = TypeVar("Command", bound=Callable[..., Any])


class IsoDate(click.ParamType[dt.date]):
    """A date as 2017-06-08."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Return the date; anything else than AAAA-MM-JJ is an error of the call."""
        try:
            if len(value) != len("2017-06-08"):  # the library's reader also takes 20170608 and 2017-W23-4
                raise ValueError(value)
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"date `{value}` mal formée, une date s'écrit 2017-06-08", param, ctx)


class OneOf(click.ParamType[str]):
    """One of some words."""

    name = "mot"

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word; any other is an error that lists them."""
        if value not in self.words:
            near = nearest(str(value), self.words)
            hint = f" ; vouliez-vous écrire `{near}` ?" if near else ""
            self.fail(f"`{value}` n'est pas {_or(self.words)}{hint}", param, ctx)
        return str(value)


class Pair(click.ParamType[tuple[str, str]]):
    """`NAME=VALUE`."""

    name = "paire"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Return name and value."""
        if isinstance(value, tuple):
            return value
        name, equals, rest = str(value).partition("=")
        if not (name and equals and rest):
            self.fail(f"`{value}` n'a pas la forme NOM=VALEUR", param, ctx)
        return name.strip(), rest.strip()


def chosen(option_name: str, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the values by name; the same pair twice is one, two values of one name are refused (CallError E826)."""
    held: dict[str, str] = {}
    for name, value in pairs:
        if held.setdefault(name, value) != value:
            raise CallError([diagnose("E826", option=option_name, name=name, first=held[name], second=value)])
    return held


class PackName(click.ParamType[str]):
    """The name of a shipped pack, or a path; a shell completes names."""

    name = "pack"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name as written: what it stands for is looked up when the pack is loaded."""
        del param, ctx
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """List the shipped packs whose name begins so."""
        del ctx, param
        return [CompletionItem(folder.name) for folder in shipped_folders() if folder.name.startswith(incomplete)]


class Names(click.ParamType[tuple[str, ...]]):
    """`a,b,c`."""

    name = "noms"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Return the names, each once."""
        if isinstance(value, tuple):
            return value
        names = tuple(dict.fromkeys(part.strip() for part in str(value).split(",")))
        if not all(names):
            self.fail(f"`{value}` contient un nom vide", param, ctx)
        return names


class Count(click.ParamType[int]):
    """A whole number, zero or more."""

    name = "nombre"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number."""
        if not str(value).isascii() or not str(value).isdigit() or len(str(value)) > 9:
            self.fail(f"`{value}` n'est pas un nombre entier", param, ctx)
        return int(value)


class ExistingFile(click.ParamType[Path]):
    """A path to a file that exists."""

    name = "fichier"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path."""
        path = Path(value)
        if path.is_dir():
            self.fail(f"`{value}` est un dossier, un fichier est attendu", param, ctx)
        if not path.exists():
            self.fail(f"le fichier `{value}` n'existe pas", param, ctx)
        return path


class ExistingFolder(click.ParamType[Path]):
    """A path to a folder that exists."""

    name = "dossier"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path."""
        path = Path(value)
        if not path.is_dir():
            self.fail(f"le dossier `{value}` n'existe pas", param, ctx)
        return path


def _or(words: Sequence[str]) -> str:
    quoted = [f"`{word}`" for word in words]
    return f"{', '.join(quoted[:-1])} ou {quoted[-1]}" if len(quoted) > 1 else quoted[0]


def option(*declarations: str, **attributes: Any) -> Callable[[Command], Command]:
    """Declare an option whose help is French."""
    return click.option(*declarations, cls=FrenchOption, **attributes)


def pack_option(command: Command) -> Command:
    """Add `--pack`."""
    return option("--pack", "-p", type=PackName(), required=True, metavar="PACK", help=_PACK_HELP)(command)


def output_option(command: Command) -> Command:
    """Add `--output`."""
    return option("--output", "-o", metavar="FICHIER", help="Écrit le résultat dans un fichier au lieu de la sortie standard.")(command)
