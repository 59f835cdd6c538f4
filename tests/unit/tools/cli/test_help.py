"""The pages of help: every command and option in both languages, chosen as messages are."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click
import pytest

from optam_rules.base.phrases import LANGS, Phrase
from optam_rules.tools.cli.main import optam as root
from optam_rules.tools.cli.spoken import LazyGroup, Spoken, SpokenArgument, SpokenOption
from tests.support.english import english_left, french_left
from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]
COMMANDS = root.list_commands(click.Context(root))
# What stands for a value and is the same word in both languages.
SAME = frozenset({"DATE", "PACK", "[PACK]", "[ARTICLE]", "[CODE]", "N", "S", "A,B"})

CHECK_FR = """\
Usage : optam check [OPTIONS] PACK|DOSSIER|FICHIER

  Vérifie un pack ou un fichier : toutes les fautes en une fois, avec leur
  place et le remède.

Options:
  --format text|json|sarif|github
                                  Forme ; text par défaut.
  --texts DOSSIER                 Textes officiels : dit les articles dont le
                                  texte a changé.
  --record                        Avec --texts : garde d'abord l'empreinte des
                                  textes, dans `sources.lock` du pack.
  --help                          Affiche cette aide.

Exemples :
  optam check cm-2016
  optam check ./mes-conventions/essai
  optam check brouillon.conv --format json
  optam check ./mes-conventions/essai --format sarif > essai.sarif
  optam check ./mes-conventions/essai --texts ./textes-officiels

Un fichier seul voit le vocabulaire commun.
Codes de sortie : 0 aucune erreur (des avertissements sont permis) ; 1 des erreurs ; 2 rien à vérifier à cet endroit.
"""
CHECK_EN = """\
Usage: optam check [OPTIONS] PACK|FOLDER|FILE

  Checks a pack or a file: all the faults at once, with their place and the
  remedy.

Options:
  --format text|json|sarif|github
                                  Form; text by default.
  --texts FOLDER                  Official texts: tells the articles whose
                                  wording has changed.
  --record                        With --texts: first keeps the digests of the
                                  texts, in `sources.lock` of the pack.
  --help                          Shows this help.

Examples:
  optam check cm-2016
  optam check ./mes-conventions/essai
  optam check brouillon.conv --format json
  optam check ./mes-conventions/essai --format sarif > essai.sarif
  optam check ./mes-conventions/essai --texts ./textes-officiels

A file alone sees the shared vocabulary.
Exit codes: 0 no error (warnings are allowed); 1 errors; 2 nothing to check there.
"""
COMPLETION_FR = """\
Usage : optam completion [OPTIONS] bash|zsh|fish

  Écrit ce qui fait compléter les commandes, les options et les noms de packs
  par un interpréteur.

Options:
  --help  Affiche cette aide.

Exemples :
  eval "$(optam completion bash)"      # dans ~/.bashrc
  eval "$(optam completion zsh)"       # dans ~/.zshrc
  optam completion fish > ~/.config/fish/completions/optam.fish

Codes de sortie : 0 ; 2 un autre interpréteur.
"""
COMPLETION_EN = """\
Usage: optam completion [OPTIONS] bash|zsh|fish

  Writes what makes a shell complete commands, options and names of packs.

Options:
  --help  Shows this help.

Examples:
  eval "$(optam completion bash)"      # in ~/.bashrc
  eval "$(optam completion zsh)"       # in ~/.zshrc
  optam completion fish > ~/.config/fish/completions/optam.fish

Exit codes: 0; 2 another shell.
"""


def commands() -> Iterator[click.Command]:
    """Yield `optam` and each of its subcommands."""
    context = click.Context(root)
    yield root
    for name in COMMANDS:
        command = root.get_command(context, name)
        assert command is not None
        yield command


def phrases(command: click.Command) -> Iterator[tuple[str, object]]:
    """Yield what a page says, each with where it stands."""
    assert isinstance(command, Spoken)
    name = command.name or ""
    yield f"{name}: help", command.words
    yield f"{name}: exits", command.exits
    if command.notes is not None:
        yield f"{name}: notes", command.notes
    for param in command.params:
        place = f"{name} {param.opts[0]}"
        if isinstance(param, click.Option):
            assert isinstance(param, SpokenOption), f"{place}: an option of click alone has its help in one language"
            yield f"{place}: help", param.words
        else:
            assert isinstance(param, SpokenArgument), f"{place}: an argument of click alone has its name in one language"


def placeholders(command: click.Command) -> Iterator[tuple[str, object, click.ParamType[object]]]:
    """Yield what stands for each value that a command takes, with the type of the value."""
    for param in command.params:
        assert isinstance(param, SpokenOption | SpokenArgument)
        if not (isinstance(param, SpokenOption) and param.is_flag):
            yield f"{command.name} {param.opts[0]}", param.placeholder, param.type


def test_every_command_and_option_is_told_in_both_languages() -> None:
    """Each help is a phrase whose two sides differ, with no French in the English one and no English in the French one."""
    said = [(place, words) for command in commands() for place, words in phrases(command)]
    assert len(said) > 100
    assert [] == [place for place, words in said if not isinstance(words, Phrase)]
    both = [(place, words) for place, words in said if isinstance(words, Phrase)]
    assert [] == [place for place, words in both if not words.fr.strip() or not words.en.strip() or words.fr == words.en]
    assert [] == [(place, left) for place, words in both if (left := french_left(words.en))]
    assert [] == [(place, left) for place, words in both if (left := english_left(words.fr))]


def test_what_stands_for_a_value_is_told_in_both_languages() -> None:
    """A phrase, or words that the value itself takes, or a word that both languages have."""
    held = [(place, words, type_) for command in commands() for place, words, type_ in placeholders(command)]
    assert [] == [place for place, words, _ in held if isinstance(words, Phrase) and words.fr == words.en]
    plain = [(place, words, type_) for place, words, type_ in held if not isinstance(words, Phrase) and words not in SAME]
    assert [] == [place for place, words, type_ in plain if words != "|".join(getattr(type_, "words", ()))]


def test_every_value_is_read_by_a_type_of_ours() -> None:
    """A type of click, but for plain text and flags, would tell its errors in English alone."""
    types = {type(param.type) for command in commands() for param in command.params}
    assert set() == {kind.__name__ for kind in types if not kind.__module__.startswith("optam_rules.")} - {
        type(click.STRING).__name__,
        type(click.BOOL).__name__,
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_a_page_is_in_the_language_asked_for(optam: Optam, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Help is a result: it goes to standard output and exits 0; examples, exit codes and headings are there in both languages."""
    french = optam("--messages", "fr", name, "--help")
    english = optam("--messages", "en", name, "--help")
    assert (0, "", 0, "") == (french.code, french.err, english.code, english.err)
    assert french.out.startswith(f"Usage : optam {name}")
    assert english.out.startswith(f"Usage: optam {name}")
    for page, headings in ((french, ("Exemples :", "Codes de sortie : ")), (english, ("Examples:", "Exit codes: "))):
        assert [] == [words for words in (*headings, f"optam {name} ") if words not in page.out]
    assert [] == [word for word in ("[required]", "default:", "Show this", "[env") if word in french.out + english.out]
    for lang, page in zip(LANGS, (french, english), strict=True):
        monkeypatch.setenv("OPTAM_LANG", lang)
        assert page == optam(name, "--help")


@pytest.mark.parametrize(
    ("name", "french", "english"),
    [("check", CHECK_FR, CHECK_EN), ("completion", COMPLETION_FR, COMPLETION_EN)],
    ids=["check", "completion"],
)
def test_a_whole_page(optam: Optam, name: str, french: str, english: str) -> None:
    """Two pages, line by line."""
    assert french == optam(name, "--help").out
    assert english == optam("--messages", "en", name, "--help").out


def test_the_help_of_optam_itself(optam: Optam, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for before or after the language, or by the variable; a call without a command shows it, and is wrong."""
    english = optam("--messages", "en", "--help")
    assert english.out.startswith("Usage: optam [OPTIONS] COMMAND [ARGUMENTS]…\n\n  Judges records of doctors")
    assert [] == french_left(english.out)
    assert english == optam("--help", "--messages", "en") == optam("--help", "--messages=en")
    assert optam("--help").out.startswith("Usage : optam [OPTIONS] COMMANDE [ARGUMENTS]…\n\n  Juge des dossiers de médecins")
    assert [] == english_left(optam("--help").out)
    monkeypatch.setenv("OPTAM_LANG", "en")
    assert english == optam("--help")
    assert Ran(2, "", english.out) == optam()


def test_a_fault_beside_the_option_is_told_in_its_language(optam: Optam) -> None:
    """The language is read before the rest of the call, wrong as it may be; an option without its value asks for none."""
    assert "optam: unknown option `--formt`\n  help: optam --help\n" == optam("--messages", "en", "--formt").err
    assert "optam: missing command\n  help: optam --help\n" == optam("--messages", "en").err
    assert "optam : l'option `--messages` demande une valeur\n  aide : optam --help\n" == optam("--messages").err


def test_a_shell_is_told_what_commands_do_in_the_language_of_its_surroundings(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, optam: Optam
) -> None:
    """Fish shows a sentence beside each command that it completes."""
    monkeypatch.setenv("_OPTAM_COMPLETE", "fish_complete")
    monkeypatch.setenv("COMP_WORDS", "optam lin")
    monkeypatch.setenv("COMP_CWORD", "lin")
    assert "lint\tRelit un pack" in optam().out.replace("plain,", "").replace("\n", "\t")
    monkeypatch.setenv("OPTAM_LANG", "en")
    assert "lint\tReads a pack" in optam().out.replace("plain,", "").replace("\n", "\t")


def test_a_group_of_commands_is_lazy() -> None:
    """No module of a subcommand is asked for by name unless it is called; a name that is none gives nothing."""
    assert isinstance(root, LazyGroup)
    assert root.get_command(click.Context(root), "rien") is None
