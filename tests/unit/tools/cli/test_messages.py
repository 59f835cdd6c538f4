"""The language of messages of the command: by option, by OPTAM_LANG, by the locale; in text, JSON, SARIF and annotations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optam_rules.tools.cli.main import main
from optam_rules.tools.language import asked

WRONG = 'convention "Essai" version "1"\nentité principale dossier\n  donnée annee : entier\nrègle r : montant vaut 1 € + 2\n'
FRENCH = """essai.conv:4:24: erreur E302: `+` ne s'applique pas à `montant` et `entier`
  4 | règle r : montant vaut 1 € + 2
                             ^^^^^^^
  attendu : montant
  aide : écrivez `2 €`
"""
ENGLISH = """essai.conv:4:24: error E302: `+` does not apply to `montant` and `entier`
  4 | règle r : montant vaut 1 € + 2
                             ^^^^^^^
  expected: montant
  help: write `2 €`
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand beside a faulty text, with no language chosen."""
    (tmp_path / "essai.conv").write_text(WRONG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("OPTAM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def check(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[str, str]:
    """Run `optam … check essai.conv`, which finds one error, and return what it wrote."""
    assert 1 == main([*words, "check", "essai.conv"])
    written = capsys.readouterr()
    return written.out, written.err


def test_french_where_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a locale, messages are French."""
    assert (FRENCH, "1 erreur, 0 avertissement\n") == check(capsys)


def test_by_option(capsys: pytest.CaptureFixture[str]) -> None:
    """The option of `optam` itself, before the command."""
    assert (ENGLISH, "1 error, 0 warnings\n") == check(capsys, "--messages", "en")


def test_by_environment(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """OPTAM_LANG does as the option, which has the last word."""
    monkeypatch.setenv("OPTAM_LANG", "en")
    assert ENGLISH == check(capsys)[0]
    assert FRENCH == check(capsys, "--messages", "fr")[0]


def test_by_locale(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A locale is the last to be asked."""
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert ENGLISH == check(capsys)[0]
    monkeypatch.setenv("OPTAM_LANG", "fr")
    assert FRENCH == check(capsys)[0]


@pytest.mark.parametrize(
    ("locales", "expected"),
    [
        ({"LANG": "C"}, "fr"),
        ({"LANG": "C.UTF-8"}, "fr"),
        ({"LC_ALL": "POSIX"}, "fr"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "fr"),
        ({"LANG": "ens"}, "fr"),
        ({"LANG": "en"}, "en"),
        ({"LANG": "en.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "en_IE"}, "en"),
        ({"LC_MESSAGES": "en_US", "LC_ALL": "C"}, "fr"),
        ({"LC_ALL": "", "LANG": "en_US"}, "en"),
    ],
)
def test_which_locale_counts(locales: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of LC_ALL, LC_MESSAGES and LANG that is set and not empty, as the C library reads them; only `en` asks for English."""
    for name, value in locales.items():
        monkeypatch.setenv(name, value)
    assert expected == asked(None)


def test_another_language_is_refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the option nor the variable takes another word, and the one at fault is named, in the language that is left."""
    assert 2 == main(["--messages", "de", "check", "essai.conv"])
    assert "optam : --messages : `de` n'est pas `fr` ou `en`\n  aide : optam --help\n" == capsys.readouterr().err
    monkeypatch.setenv("OPTAM_LANG", "de")
    assert 2 == main(["check", "essai.conv"])
    assert "optam : OPTAM_LANG : `de` n'est pas `fr` ou `en`\n  aide : optam --help\n" == capsys.readouterr().err
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert 2 == main(["check", "essai.conv"])
    assert "optam: OPTAM_LANG: `de` is not `fr` or `en`\n  help: optam --help\n" == capsys.readouterr().err
    assert 1 == main(["--messages", "fr", "check", "essai.conv"])
    assert FRENCH == capsys.readouterr().out


def test_every_form_follows(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON, SARIF (rules and results) and annotations are in the language asked for."""

    def written(form: str) -> str:
        assert 1 == main(["--messages", "en", "check", "essai.conv", "--format", form])
        return capsys.readouterr().out

    message, hint = "`+` does not apply to `montant` and `entier`", "write `2 €`"
    (fault,) = json.loads(written("json"))["diagnostics"]
    assert (message, hint, ["montant"]) == (fault["message"], fault["hint"], fault["expected"])
    (run,) = json.loads(written("sarif"))["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert "en" == run["language"]
    assert "Operation without a dimension" == rule["shortDescription"]["text"]
    assert "Check the units, or write the operation that suits them." == rule["help"]["text"]
    assert f"{message} ({hint})" == run["results"][0]["message"]["text"]
    place = "file=essai.conv,line=4,col=24,endLine=4,endColumn=31"
    assert f"::error title=E302 Operation without a dimension,{place}::{message}%0A{hint}\n" == written("github")


def test_what_the_command_itself_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    """An error of the call that has a code is told in English too, by whichever command meets it."""
    assert 2 == main(["--messages", "en", "check", "cm-2106"])
    assert "error E801: no pack `cm-2106`\n  help: did you mean `cm-2016`?\n" == capsys.readouterr().err


def test_a_refused_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A refused record is told in English on standard error and in the document; `--lang` is that of the sentences of answers alone."""
    (tmp_path / "d.json").write_text(json.dumps({"identifiant": "A", "secteur": "Secteur 2"}), encoding="utf-8")
    arguments = ["evaluate", "d.json", "--pack", "cm-2016", "--on", "2017-06-08", "--format", "json", "--lang", "fr"]
    assert 1 == main(["--messages", "en", *arguments])
    written = capsys.readouterr()
    (refused,) = json.loads(written.out)["refused"]
    assert "`Secteur 2` is not a value of `secteur`" in refused["diagnostics"][0]["message"]
    assert "refused: record 1 (A)\n  secteur: error E509: `Secteur 2` is not a value of `secteur`\n" in written.err
