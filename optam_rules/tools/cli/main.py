"""The command `optam`: from the words of a call to one of its subcommands, and from an error to an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

import click
from click.exceptions import Exit, NoArgsIsHelpError
from click.shell_completion import shell_complete

from optam_rules.base.errors import OptamError
from optam_rules.base.phrases import COLON, LANGS, Lang, Phrase
from optam_rules.core.compute import MAX_BITS
from optam_rules.tools.cli.calls import sentence, usage
from optam_rules.tools.cli.messages import told
from optam_rules.tools.cli.options import OneOf, option
from optam_rules.tools.cli.paint import echo
from optam_rules.tools.cli.spoken import LazyGroup, SpokenOption
from optam_rules.tools.language import VARIABLE, asked

COMPLETE = "_OPTAM_COMPLETE"  # where a shell says what it wants to be completed
WRONG_CALL = 2
INTERRUPTED = 130  # as shells say of a program ended by an interrupt, and by a pipe that nobody reads
BROKEN_PIPE = 141
_INTERRUPTED = Phrase("interrompu", "interrupted")

_COMMANDS = {
    name: f"optam_rules.tools.cli.{module}"
    for name, module in {
        "evaluate": "evaluate",
        "exercices": "exercices",
        "moyennes": "moyennes",
        "whatif": "whatif",
        "check": "check",
        "test": "test",
        "diff": "diff",
        "mutate": "mutate",
        "verify": "verify",
        "fmt": "fmt",
        "lint": "lint",
        "catalogue": "catalogue",
        "law": "law",
        "schema": "schema",
        "explain": "explain",
        "init": "init",
        "completion": "completion",
    }.items()
}


@click.command(
    "optam",
    cls=LazyGroup,
    modules=_COMMANDS,
    help=Phrase(
        "Juge des dossiers de médecins selon les conventions (CAS, OPTAM, OPTAM-CO), article par article.",
        "Judges records of doctors under the French medical conventions (CAS, OPTAM, OPTAM-CO), article by article.",
    ),
    notes=Phrase(
        "Chaque commande a sa propre aide, avec des exemples et ses codes de sortie : optam evaluate --help",
        "Each command has its own help, with examples and its exit codes: optam evaluate --help",
    ),
    exits=Phrase(
        "0 tout va bien ; 1 la commande a trouvé des fautes ; 2 l'appel ou le pack est faux.",
        "0 all is well; 1 the command found faults; 2 the call or the pack is wrong.",
    ),
)
@option(
    "--messages",
    type=OneOf(LANGS),
    envvar=VARIABLE,
    metavar="|".join(LANGS),
    help=Phrase(
        f"Langue de ce qui est dit, aide comprise ; à défaut {VARIABLE}, puis la locale, puis fr.",
        f"Language of what is said, help included; otherwise {VARIABLE}, then the locale, then fr.",
    ),
)
@click.version_option(
    package_name="optam-rules", message="%(version)s", cls=SpokenOption, help=Phrase("Affiche la version.", "Shows the version.")
)
def optam(messages: str | None) -> None:
    """Run `optam`; its subcommand does the rest."""
    del messages  # the context of the call holds the language that it asks for


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `optam` and return its exit code; results go to stdout, everything else to stderr."""
    _never_fail_on_odd_characters()
    _write_numbers_whole()
    if instruction := os.environ.get(COMPLETE):
        return shell_complete(optam, {}, "optam", COMPLETE, instruction)
    words = list(sys.argv[1:] if arguments is None else arguments)
    # Whatever is told, errors of the call included, is told inside this context, which says in which language.
    with click.Context(optam, obj=asked(_language_in(words))) as context:
        return _told(words, context.obj)


def _language_in(words: list[str]) -> str | None:
    """Return the value of `--messages`, before anything else of the call is looked at: its faults and its help are told in it."""
    parser = optam.make_parser(click.Context(optam, ignore_unknown_options=True))
    try:
        value = parser.parse_args(list(words))[0].get("messages")
    except click.UsageError:
        return None
    return value if isinstance(value, str) else None


def _told(words: list[str], lang: Lang) -> int:
    """Run a call, and tell the error that ends it."""
    try:
        # Not `optam.main(...)`: click would take a broken pipe for itself and exit 1, which here means that records were refused.
        with optam.make_context("optam", words, obj=lang) as context:
            result = optam.invoke(context)
        sys.stdout.flush()
    except Exit as error:
        return error.exit_code
    except NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help(), err=True)
        return WRONG_CALL
    except click.UsageError as error:
        click.echo(usage(error), err=True)
        return WRONG_CALL
    except click.ClickException as error:
        click.echo(f"optam{told(COLON)}{sentence(error)}", err=True)
        return WRONG_CALL
    except OptamError as error:
        echo(error.told(lang), err=True)
        return WRONG_CALL
    except BrokenPipeError:
        # Whoever read the output (`| head`) has left: what remains to flush goes nowhere, without a word.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:
        place = f"`{error.filename}`{told(COLON)}" if error.filename else ""
        click.echo(f"optam{told(COLON)}{place}{error.strerror or error}", err=True)
        return WRONG_CALL
    except (click.Abort, KeyboardInterrupt):
        click.echo(told(_INTERRUPTED), err=True)
        return INTERRUPTED
    return result if isinstance(result, int) else 0


def _write_numbers_whole() -> None:
    """Let JSON write numbers as long as the rules keep them; no number that is read is this long (S12), so that none is slow to read."""
    digits = MAX_BITS // 3  # a digit takes more than three bits
    if 0 < sys.get_int_max_str_digits() < digits:
        sys.set_int_max_str_digits(digits)


def _never_fail_on_odd_characters() -> None:
    """Write what an encoding lacks (a lone surrogate from a hostile file) as an escape, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
