"""`optam completion`: from the name of a shell to the lines that make it complete commands, options and names of packs."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from optam_rules.base.phrases import Phrase
from optam_rules.tools.cli.options import OneOf, argument
from optam_rules.tools.cli.spoken import Spoken

SHELLS = ("bash", "zsh", "fish")


@click.command(
    "completion",
    cls=Spoken,
    help=Phrase(
        "Écrit ce qui fait compléter les commandes, les options et les noms de packs par un interpréteur.",
        "Writes what makes a shell complete commands, options and names of packs.",
    ),
    examples=Phrase(
        """
        eval "$(optam completion bash)"      # dans ~/.bashrc
        eval "$(optam completion zsh)"       # dans ~/.zshrc
        optam completion fish > ~/.config/fish/completions/optam.fish
        """,
        """
        eval "$(optam completion bash)"      # in ~/.bashrc
        eval "$(optam completion zsh)"       # in ~/.zshrc
        optam completion fish > ~/.config/fish/completions/optam.fish
        """,
    ),
    exits=Phrase("0 ; 2 un autre interpréteur.", "0; 2 another shell."),
)
@argument("shell", metavar="|".join(SHELLS), type=OneOf(SHELLS))
def command(shell: str) -> None:
    """Write the script that a shell runs."""
    kind = get_completion_class(shell)
    assert kind is not None  # SHELLS are click's own
    root = click.get_current_context().find_root().command
    click.echo(kind(root, {}, "optam", "_OPTAM_COMPLETE").source())
