"""The options that several subcommands share, what stands for their values in pages of help, and the types of these values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase, Word, joined
from optam_rules.library.files import shipped_folders
from optam_rules.tools.cli.calls import perhaps
from optam_rules.tools.cli.messages import told
from optam_rules.tools.cli.spoken import SpokenArgument, SpokenOption

FILE = Phrase("FICHIER", "FILE")
FOLDER = Phrase("DOSSIER", "FOLDER")
RECORDS = Phrase("DOSSIERS", "RECORDS")
NAME = Phrase("NOM", "NAME")
PACK_OR_FOLDER = Phrase("PACK|DOSSIER", "PACK|FOLDER")
ANY_TEXT = Phrase("PACK|DOSSIER|FICHIER", "PACK|FOLDER|FILE")
READING = Phrase("NOM=LECTURE", "NAME=READING")
NAMED_FILE = Phrase("NOM=FICHIER", "NAME=FILE")

DOUBTS = {"inconnus": "unknown", "calcules": "computed"}  # as the API has them

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
            words = Phrase(
                f"date `{value}` mal formée, une date s'écrit 2017-06-08", f"malformed date `{value}`, a date is written 2017-06-08"
            )
            self.fail(told(words), param, ctx)


class OneOf(click.ParamType[str]):
    """One of some words."""

    name = "word"

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word; any other is an error that lists them."""
        if value not in self.words:
            wrong = joined("", (Phrase(f"`{value}` n'est pas ", f"`{value}` is not "), _or(self.words), perhaps(str(value), self.words)))
            self.fail(told(wrong), param, ctx)
        return str(value)


class Pair(click.ParamType[tuple[str, str]]):
    """`NAME=VALUE`."""

    name = "pair"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Return name and value."""
        if isinstance(value, tuple):
            return value
        name, equals, rest = str(value).partition("=")
        if not (name and equals and rest):
            self.fail(told(Phrase(f"`{value}` n'a pas la forme NOM=VALEUR", f"`{value}` does not have the form NAME=VALUE")), param, ctx)
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

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Return the names, each once."""
        if isinstance(value, tuple):
            return value
        names = tuple(dict.fromkeys(part.strip() for part in str(value).split(",")))
        if not all(names):
            self.fail(told(Phrase(f"`{value}` contient un nom vide", f"`{value}` contains an empty name")), param, ctx)
        return names


class Count(click.ParamType[int]):
    """A whole number, zero or more."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number."""
        if not str(value).isascii() or not str(value).isdigit() or len(str(value)) > 9:
            self.fail(told(Phrase(f"`{value}` n'est pas un nombre entier", f"`{value}` is not a whole number")), param, ctx)
        return int(value)


class ExistingPath(click.ParamType[Path]):
    """A path to a file or a folder that exists."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path."""
        path = Path(value)
        if not path.exists():
            self.fail(told(Phrase(f"le fichier `{value}` n'existe pas", f"the file `{value}` does not exist")), param, ctx)
        return path


class ExistingFile(ExistingPath):
    """A path to a file that exists."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path."""
        if Path(value).is_dir():
            self.fail(told(Phrase(f"`{value}` est un dossier, un fichier est attendu", f"`{value}` is a folder, not a file")), param, ctx)
        return super().convert(value, param, ctx)


class ExistingFolder(click.ParamType[Path]):
    """A path to a folder that exists."""

    name = "folder"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path."""
        path = Path(value)
        if not path.is_dir():
            self.fail(told(Phrase(f"le dossier `{value}` n'existe pas", f"the folder `{value}` does not exist")), param, ctx)
        return path


def _or(words: Sequence[str]) -> Phrase:
    *others, last = (f"`{word}`" for word in words)
    return joined(Phrase(" ou ", " or "), (", ".join(others), last)) if others else Phrase(last, last)


def option(*declarations: str, **attributes: Any) -> Callable[[Command], Command]:
    """Declare an option; its `help` is a phrase, its `metavar` one too where it is no name."""
    return click.option(*declarations, cls=SpokenOption, **attributes)


def argument(name: str, *, metavar: Word, **attributes: Any) -> Callable[[Command], Command]:
    """Declare an argument."""
    return click.argument(name, cls=SpokenArgument, metavar=metavar, **attributes)


def pack_option(command: Command) -> Command:
    """Add `--pack`."""
    words = Phrase(
        "Pack : un nom (cm-2016) ou le chemin d'un dossier. Obligatoire.", "Pack: a name (cm-2016) or the path of a folder. Required."
    )
    return option("--pack", "-p", type=PackName(), required=True, metavar="PACK", help=words)(command)


def output_option(command: Command) -> Command:
    """Add `--output`."""
    words = Phrase(
        "Écrit le résultat dans un fichier au lieu de la sortie standard.", "Writes the result to a file instead of standard output."
    )
    return option("--output", "-o", metavar=FILE, help=words)(command)


def format_option(forms: Sequence[str]) -> Callable[[Command], Command]:
    """Add `--format`, text by default."""
    words = Phrase("Forme ; text par défaut.", "Form; text by default.")
    return option("--format", "form", type=OneOf(forms), default="text", metavar="|".join(forms), help=words)


def known_on_option(command: Command) -> Command:
    """Add `--known-on`, for what judges."""
    words = Phrase(
        "Juge avec ce qui était publié à cette date ; sinon, avec tout.",
        "Judges with what was published on that date; otherwise, with everything.",
    )
    return option("--known-on", type=IsoDate(), metavar="DATE", help=words)(command)


def assume_option(command: Command) -> Command:
    """Add `--assume`."""
    words = Phrase("Choisit la lecture d'une question ouverte. Répétable.", "Chooses the reading of an open question. May be repeated.")
    return option("--assume", type=Pair(), multiple=True, metavar=READING, help=words)(command)


def reference_option(command: Command) -> Command:
    """Add `--reference`."""
    words = Phrase("Fournit un référentiel, en CSV. Répétable.", "Supplies a reference table, as CSV. May be repeated.")
    return option("--reference", type=Pair(), multiple=True, metavar=NAMED_FILE, help=words)(command)


def exercices_option(command: Command) -> Command:
    """Add `--exercices`, a companion of records."""
    words = Phrase("Les années d'activité, une ligne par médecin et par année.", "The years of activity, a row for each doctor and year.")
    return option("--exercices", type=ExistingFile(), metavar=FILE, help=words)(command)


def groupes_option(command: Command) -> Command:
    """Add `--groupes`, a companion of records."""
    words = Phrase("Les groupes, une ligne par groupe.", "The groups, a row for each group.")
    return option("--groupes", type=ExistingFile(), metavar=FILE, help=words)(command)


def input_format_option(forms: Sequence[str]) -> Callable[[Command], Command]:
    """Add `--input-format`."""
    words = Phrase("Forme des dossiers ; sinon, selon le nom.", "Form of the records; otherwise, after the file's name.")
    return option("--input-format", type=OneOf(forms), metavar="|".join(forms), help=words)


def doubts_option(words: Phrase) -> Callable[[Command], Command]:
    """Add `--incomplets`, a word of `DOUBTS`; the words tell what becomes of a sum of which something is unknown."""
    return option("--incomplets", type=OneOf(tuple(DOUBTS)), default="inconnus", metavar="|".join(DOUBTS), help=words)


def after_verified_option(modes: Sequence[str], fr: str, en: str) -> Callable[[Command], Command]:
    """Add `--after-verified`; the words tell what `extend` does."""
    words = Phrase(
        f"Au-delà du jour où le pack a été vérifié : refuser (par défaut), ou {fr} quand même.",
        f"Past the day when the pack was verified: refuse (the default), or {en} all the same.",
    )
    return option("--after-verified", type=OneOf(modes), default="refuse", metavar="|".join(modes), help=words)
