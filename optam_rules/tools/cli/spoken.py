"""Commands, options and arguments whose words are phrases: click asks for them when it writes a page, and the language is known then."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import click

from optam_rules.base.phrases import Phrase, Word
from optam_rules.tools.cli.messages import told

_HELP = Phrase("Affiche cette aide.", "Shows this help.")
_COMMAND = Phrase("COMMANDE [ARGUMENTS]…", "COMMAND [ARGUMENTS]…")
_USAGE = Phrase("Usage : ", "Usage: ")
_COMMANDS = Phrase("Commandes", "Commands")
_EXAMPLES = Phrase("Exemples :", "Examples:")
_EXITS = Phrase("Codes de sortie : ", "Exit codes: ")


class SpokenOption(click.Option):
    """An option whose help says by itself whether it is required and what its default is."""

    def __init__(self, declarations: Sequence[str], *, help: Phrase, metavar: Word | None = None, **attributes: Any) -> None:
        super().__init__(declarations, help=str(help), metavar=None if metavar is None else str(metavar), **attributes)
        self.words = help
        self.placeholder = metavar

    def make_metavar(self, ctx: click.Context) -> str:
        """Return what stands for the value."""
        return super().make_metavar(ctx) if self.placeholder is None else told(self.placeholder)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """Return the option as it is written, and its help; none of what click would add by itself, as `[required]`."""
        return self.get_help_spec(ctx), told(self.words)


class SpokenArgument(click.Argument):
    """An argument, which the first line of the help names."""

    def __init__(self, declarations: Sequence[str], *, metavar: Word, **attributes: Any) -> None:
        super().__init__(declarations, metavar=str(metavar), **attributes)
        self.placeholder = metavar

    def make_metavar(self, ctx: click.Context) -> str:
        """Return its name."""
        del ctx
        return told(self.placeholder)


class Spoken(click.Command):
    """A command that says what it does, how it is called, what is to be known of it, and its exit codes; all kept line by line."""

    def __init__(
        self, name: str | None, *, help: Phrase, exits: Phrase, examples: Word = "", notes: Phrase | None = None, **attributes: Any
    ) -> None:
        super().__init__(name, help=str(help), add_help_option=False, **attributes)
        self.words, self.exits, self.examples, self.notes = help, exits, examples, notes
        click.help_option("--help", cls=SpokenOption, help=_HELP)(self)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return what the command does, whole: pages fold it, and shells cut it."""
        del limit
        return told(self.words)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the first line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), told(_USAGE))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        del ctx
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(told(self.words))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        records = [param.get_help_record(ctx) for param in self.get_params(ctx) if isinstance(param, click.Option)]
        with formatter.section("Options"):
            formatter.write_dl([record for record in records if record is not None])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples, notes and exit codes as they are laid out."""
        del ctx
        examples = "\n".join(f"  {line}".rstrip() for line in _lines(self.examples).splitlines())
        notes = [_lines(self.notes)] if self.notes is not None else []
        last = "\n".join([*notes, told(_EXITS) + _lines(self.exits)])
        formatter.write(f"\n{told(_EXAMPLES)}\n{examples}\n\n{last}\n" if examples else f"\n{last}\n")


class LazyGroup(Spoken, click.Group):
    """A group whose subcommands are modules, imported when they are called."""

    def __init__(self, name: str | None, *, modules: Mapping[str, str], **attributes: Any) -> None:
        super().__init__(name, **attributes)
        self._modules = dict(modules)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table, which is the order of use."""
        del ctx
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a subcommand and return its `command`."""
        del ctx
        module = self._modules.get(cmd_name)
        # Imported here so that `optam explain` does not pay for what `optam evaluate` needs.
        command = import_module(module).command if module else None
        return command if isinstance(command, click.Command) else None

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what the first line holds after the name of the group."""
        return [*click.Command.collect_usage_pieces(self, ctx), told(_COMMAND)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the subcommands."""
        super().format_options(ctx, formatter)
        rows = [(name, command.get_short_help_str()) for name in self.list_commands(ctx) if (command := self.get_command(ctx, name))]
        with formatter.section(told(_COMMANDS)):
            formatter.write_dl(rows)


def _lines(words: Word) -> str:
    return inspect.cleandoc(told(words)).rstrip()
