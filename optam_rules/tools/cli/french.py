"""click's headings and errors in French: commands whose help is French, and one sentence for each error of a call."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

import click
from click.exceptions import BadOptionUsage, NoSuchCommand, NoSuchOption

from optam_rules.base.suggestions import nearest


class FrenchOption(click.Option):
    """An option whose help says by itself whether it is required and what its default is."""

    def get_help_extra(self, ctx: click.Context) -> Any:
        """Return nothing: click would add `[required]` and the like, in English."""
        del ctx
        return {}


class FrenchCommand(click.Command):
    """A command whose help has French headings and an epilog kept line by line."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the first line."""
        _usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        _options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples and exit codes as they are laid out."""
        del ctx
        formatter.write(_epilog(self.epilog))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help`, described in French."""
        return _in_french(super().get_help_option(ctx))


class LazyGroup(click.Group):
    """A group whose subcommands are modules, imported when they are called; headings in French."""

    def __init__(self, *args: Any, modules: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._modules = dict(modules or {})

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

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the first line."""
        _usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the subcommands."""
        _options(self, ctx, formatter)
        rows = [(name, command.get_short_help_str(200)) for name in self.list_commands(ctx) if (command := self.get_command(ctx, name))]
        with formatter.section("Commandes"):
            formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples and exit codes as they are laid out."""
        del ctx
        formatter.write(_epilog(self.epilog))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help`, described in French."""
        return _in_french(super().get_help_option(ctx))


def _usage(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    formatter.write_usage(ctx.command_path, " ".join(command.collect_usage_pieces(ctx)), "Usage : ")


def _options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    records = [param.get_help_record(ctx) for param in command.get_params(ctx) if isinstance(param, click.Option)]
    with formatter.section("Options"):
        formatter.write_dl([record for record in records if record is not None])


def _epilog(text: str | None) -> str:
    return f"\n{inspect.cleandoc(text)}\n" if text else ""


def _in_french(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "Affiche cette aide."
    return option


def sentence(error: click.ClickException) -> str:
    """Say an error of a call in French: lower case, no final period, the offending word in backticks."""
    match error:
        case NoSuchOption():
            return f"option inconnue `{error.option_name}`{_perhaps(error.option_name, _options_of(error.ctx))}"
        case NoSuchCommand():
            return f"commande inconnue `{error.command_name}`{_perhaps(error.command_name, _commands_of(error.ctx))}"
        case click.MissingParameter() if isinstance(error.param, click.Option):
            return f"il manque l'option `{max(error.param.opts, key=len)}`"
        case click.MissingParameter():
            return f"il manque l'argument `{error.param.make_metavar(error.ctx) if error.param and error.ctx else ''}`"
        case click.BadParameter():
            return f"{_name(error.param)}{error.message}"
        case BadOptionUsage():
            wants = "ne prend pas de valeur" if "does not take" in error.message else "demande une valeur"
            return f"l'option `{error.option_name}` {wants}"
        case click.UsageError() if error.message.startswith("Got unexpected extra argument"):
            return f"argument en trop : {error.message.partition('(')[2].rstrip(')')}"
        case click.UsageError() if error.message == "Missing command.":
            return "il manque une commande"
        case _:
            return error.format_message()


def _perhaps(written: str, known: Iterable[str]) -> str:
    near = nearest(written, known)
    return f" ; vouliez-vous écrire `{near}` ?" if near else ""


def _options_of(ctx: click.Context | None) -> list[str]:
    return [name for param in ctx.command.get_params(ctx) for name in param.opts if name.startswith("--")] if ctx else []


def _commands_of(ctx: click.Context | None) -> list[str]:
    return ctx.command.list_commands(ctx) if ctx and isinstance(ctx.command, click.Group) else []


def _name(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return f"{max(param.opts, key=len)} : "
    return f"{param.metavar} : " if param is not None and param.metavar else ""
