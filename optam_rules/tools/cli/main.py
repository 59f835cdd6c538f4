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
from optam_rules.base.phrases import LANGS
from optam_rules.tools.cli.french import LazyGroup, sentence
from optam_rules.tools.cli.messages import VARIABLE, asked
from optam_rules.tools.cli.options import OneOf, option
from optam_rules.tools.cli.paint import echo

COMPLETE = "_OPTAM_COMPLETE"  # where a shell says what it wants to be completed
WRONG_CALL = 2
INTERRUPTED = 130  # as shells say of a program ended by an interrupt, and by a pipe that nobody reads
BROKEN_PIPE = 141

_COMMANDS = {
    name: f"optam_rules.tools.cli.{module}"
    for name, module in {
        "evaluate": "evaluate",
        "exercices": "exercices",
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
    subcommand_metavar="COMMANDE [ARGUMENTS]…",
    epilog="""
    Chaque commande a sa propre aide, avec des exemples et ses codes de sortie : optam evaluate --help
    Codes de sortie : 0 tout va bien ; 1 la commande a trouvé des fautes ; 2 l'appel ou le pack est faux.
    """,
)
@option(
    "--messages",
    type=OneOf(LANGS),
    envvar=VARIABLE,
    metavar="fr|en",
    help=f"Langue des messages ; à défaut {VARIABLE}, puis la locale, puis fr.",
)
@click.version_option(package_name="optam-rules", message="%(version)s", help="Affiche la version.")
def optam(messages: str | None) -> None:
    """Juge des dossiers de médecins selon les conventions (CAS, OPTAM, OPTAM-CO), article par article."""
    del messages  # read from the context by whatever tells a message


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `optam` and return its exit code; results go to stdout, everything else to stderr."""
    _never_fail_on_odd_characters()
    if instruction := os.environ.get(COMPLETE):
        return shell_complete(optam, {}, "optam", COMPLETE, instruction)
    lang = asked(None)
    try:
        # Not `optam.main(...)`: click would take a broken pipe for itself and exit 1, which here means that records were refused.
        with optam.make_context("optam", list(sys.argv[1:] if arguments is None else arguments)) as context:
            lang = asked(context.params["messages"])
            result = optam.invoke(context)
        sys.stdout.flush()
    except Exit as error:
        return error.exit_code
    except NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help(), err=True)
        return WRONG_CALL
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "optam"
        click.echo(f"{where} : {sentence(error)}\n  aide : {where} --help", err=True)
        return WRONG_CALL
    except click.ClickException as error:
        click.echo(f"optam : {sentence(error)}", err=True)
        return WRONG_CALL
    except OptamError as error:
        echo(error.told(lang), err=True)
        return WRONG_CALL
    except BrokenPipeError:
        # Whoever read the output (`| head`) has left: what remains to flush goes nowhere, without a word.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:
        click.echo(f"optam : {f'`{error.filename}` : ' if error.filename else ''}{error.strerror or error}", err=True)
        return WRONG_CALL
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrompu", err=True)
        return INTERRUPTED
    return result if isinstance(result, int) else 0


def _never_fail_on_odd_characters() -> None:
    """Write what an encoding lacks (a lone surrogate from a hostile file) as an escape, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
