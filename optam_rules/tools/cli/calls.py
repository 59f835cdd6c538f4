"""From an error of a call, as click meets it, to one sentence: lower case, no final period, the offending word in backticks."""

from __future__ import annotations

from collections.abc import Iterable

import click
from click.core import ParameterSource
from click.exceptions import BadOptionUsage, NoSuchCommand, NoSuchOption

from optam_rules.base.phrases import COLON, Phrase, did_you_mean, joined
from optam_rules.base.suggestions import nearest
from optam_rules.tools.cli.messages import told

_HELP = Phrase("aide", "help")


def sentence(error: click.ClickException) -> str:
    """Say what is wrong with a call; what our own types and commands raise is a sentence already."""
    match error:
        case NoSuchOption():
            return _unknown(Phrase("option inconnue", "unknown option"), error.option_name, _options_of(error.ctx))
        case NoSuchCommand():
            return _unknown(Phrase("commande inconnue", "unknown command"), error.command_name, _commands_of(error.ctx))
        case click.MissingParameter() if isinstance(error.param, click.Option):
            return _of(Phrase("il manque l'option", "missing option"), max(error.param.opts, key=len))
        case click.MissingParameter():
            return _of(Phrase("il manque l'argument", "missing argument"), _metavar(error.param, error.ctx))
        case click.BadParameter():
            place = _place(error.param, error.ctx)
            return f"{place}{told(COLON)}{error.message}" if place else error.message
        case BadOptionUsage() if "does not take" in error.message:
            return told(
                Phrase(f"l'option `{error.option_name}` ne prend pas de valeur", f"the option `{error.option_name}` does not take a value")
            )
        case BadOptionUsage():
            return told(Phrase(f"l'option `{error.option_name}` demande une valeur", f"the option `{error.option_name}` requires a value"))
        case click.UsageError() if error.message.startswith("Got unexpected extra argument"):
            left = error.message.partition("(")[2].rstrip(")")
            return told(Phrase(f"argument en trop : {left}", f"unexpected argument: {left}"))
        case click.UsageError() if error.message == "Missing command.":
            return told(Phrase("il manque une commande", "missing command"))
        case _:
            return error.format_message()


def usage(error: click.UsageError) -> str:
    """Say what is wrong with a call, where, and where its help is."""
    where = error.ctx.command_path if error.ctx else "optam"
    return f"{where}{told(COLON)}{sentence(error)}\n  {told(_HELP)}{told(COLON)}{where} --help"


def perhaps(written: str, known: Iterable[str], verb: str = "écrire") -> Phrase:
    """Return `; did you mean …?`, to end a sentence with, where a known word is near."""
    hint = did_you_mean(nearest(written, known), verb)
    return joined("", (Phrase(" ; ", "; "), hint)) if hint is not None else Phrase("", "")


def _unknown(what: Phrase, written: str, known: Iterable[str]) -> str:
    return _of(what, written) + told(perhaps(written, known))


def _of(what: Phrase, name: str) -> str:
    return f"{told(what)} `{name}`"


def _options_of(ctx: click.Context | None) -> list[str]:
    return [name for param in ctx.command.get_params(ctx) for name in param.opts if name.startswith("--")] if ctx else []


def _commands_of(ctx: click.Context | None) -> list[str]:
    return ctx.command.list_commands(ctx) if ctx and isinstance(ctx.command, click.Group) else []


def _metavar(param: click.Parameter | None, ctx: click.Context | None) -> str:
    return param.make_metavar(ctx) if param is not None and ctx is not None else ""


def _place(param: click.Parameter | None, ctx: click.Context | None) -> str:
    """Name what holds a faulty value: an option, an argument, or the variable of the environment that spoke for it."""
    if not isinstance(param, click.Option):
        return _metavar(param, ctx)
    if ctx is not None and param.envvar and ctx.get_parameter_source(param.name) is ParameterSource.ENVIRONMENT:
        return str(param.envvar)
    return max(param.opts, key=len)
