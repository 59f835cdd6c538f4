"""`optam completion`: from the name of a shell to the lines that make it complete commands, options and names of packs."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from optam_rules.tools.cli.french import FrenchCommand
from optam_rules.tools.cli.options import OneOf

SHELLS = ("bash", "zsh", "fish")


@click.command(
    "completion",
    cls=FrenchCommand,
    epilog="""
    Exemples :
      eval "$(optam completion bash)"      # dans ~/.bashrc
      eval "$(optam completion zsh)"       # dans ~/.zshrc
      optam completion fish > ~/.config/fish/completions/optam.fish

    Code de sortie : 0 ; 2 un autre interpréteur.
    """,
)
@click.argument("shell", metavar="|".join(SHELLS), type=OneOf(SHELLS))
def command(shell: str) -> None:
    """Écrit ce qui fait compléter les commandes, les options et les noms de packs par un interpréteur."""
    kind = get_completion_class(shell)
    assert kind is not None  # SHELLS are click's own
    root = click.get_current_context().find_root().command
    click.echo(kind(root, {}, "optam", "_OPTAM_COMPLETE").source())
