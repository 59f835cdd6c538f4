"""The pytest plugin, run by pytest itself in projects of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

# Loaded here, pytester leaves them loaded: it puts back the modules that were there before each run.
import optam_rules
import optam_rules.analysis.search
import optam_rules.tools.pytest_items

pytest_plugins = ["pytester"]

MANIFEST = 'id = "essai"\ntitle = "Essai"\nversion = "1"\nparent = "commun"\nin_force = { from = 2017-01-01 }\n'
RULES = """convention "Essai" version "1"
article 1 "Plafond" en vigueur du 2017-01-01
  règle plafond_essai : taux vaut 50 % si secteur = secteur_2 sinon 100 %
  règle titre_essai : booléen vaut titres contient ancien_assistant_des_hopitaux
  règle loi_inconnue : taux vaut inconnu
"""
PASSING = 'test "secteur 2" au 2017-06-08 sachant secteur = secteur_2 attendu plafond_essai = 50 %\n'
FAILING = 'test "secteur 1" au 2017-06-08 sachant secteur = secteur_1 attendu plafond_essai = 40 %\n'
ERRING = (
    'test "deux fois A" au 2017-06-08 sachant identifiant = "A" ; groupe = groupe(identifiant = "G" ; membres = { "B" }) '
    "attendu plafond_essai = 40 %\n"
)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load no plugin but the one under test: it may be installed as well."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(Path(optam_rules.__file__).parent.parent))


def _pack(pytester: pytest.Pytester, *texts: str, folder: str = "packs/essai") -> None:
    home = pytester.path / folder
    home.mkdir(parents=True)
    (home / "manifest.toml").write_text(MANIFEST, encoding="utf-8")
    (home / "essai.conv").write_text(RULES + "".join(texts), encoding="utf-8")


def _run(pytester: pytest.Pytester, *arguments: str, **ini: str) -> pytest.RunResult:
    if ini:
        pytester.makeini("[pytest]\n" + "".join(f"{key} = {value}\n" for key, value in ini.items()))
    return pytester.runpytest_inprocess("-p", "optam_rules.tools.pytest_plugin", *arguments)


def test_a_pack_that_the_project_names_is_collected(pytester: pytest.Pytester) -> None:
    """One item a test and one a property, beside the project's own tests."""
    _pack(pytester, PASSING, 'propriété "jamais plus de 100 %" plafond_essai <= 100 %\n')
    pytester.makepyfile("def test_own(): pass")
    result = _run(pytester, "-v", optam_packs="packs/*", optam_examples="20")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["packs/essai/manifest.toml::secteur 2 (au 2017-06-08) PASSED*"])
    result.stdout.fnmatch_lines(["packs/essai/manifest.toml::propriété jamais plus de 100 % PASSED*"])


def test_a_test_of_the_law_as_it_was_known_runs_on_it(pytester: pytest.Pytester) -> None:
    """Before the publication of its last value, a parameter has the one before."""
    values = "= 1 % depuis 2017-01-01 ; 2 % depuis 2018-01-01 publié le 2019-01-01"
    tests = 'test "su" au 2018-06-01 connu au 2018-12-31 attendu lu = 1 %\ntest "tout" au 2018-06-01 attendu lu = 2 %\n'
    _pack(pytester, f"paramètre p : taux {values}\nrègle lu : taux vaut p\n{tests}")
    _run(pytester, optam_packs="packs/*").assert_outcomes(passed=2)


def test_a_pack_outside_the_folders_of_tests_is_collected_too(pytester: pytest.Pytester) -> None:
    """`testpaths` says where the Python tests are, `optam_packs` where the packs are; a call that says where to look has the last word."""
    _pack(pytester, PASSING)
    pytester.mkdir("tests").joinpath("test_own.py").write_text("def test_own(): pass", encoding="utf-8")
    _run(pytester, optam_packs="packs/essai", testpaths="tests").assert_outcomes(passed=2)
    _run(pytester, "tests").assert_outcomes(passed=1)


def test_a_failure_reads_like_a_sentence(pytester: pytest.Pytester) -> None:
    """The place in the text, what was expected and what came out; the record that refutes a property; and no line of Python."""
    _pack(pytester, FAILING, 'propriété "au moins 60 %" plafond_essai >= 60 %\n')
    result = _run(pytester, optam_packs="packs/essai", optam_examples="50")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["essai/essai.conv:6:68 : plafond_essai : attendu 0.4, obtenu 1"])
    result.stdout.fnmatch_lines(["fausse au * pour ce dossier :", '  "secteur": "secteur_2"'])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*.py:*")


def test_failures_are_told_in_english(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPTAM_LANG asks for it: what was expected, the record that refutes, what nothing decides, faults of a record and of a text."""
    _pack(
        pytester, FAILING, ERRING, 'propriété "au moins 60 %" plafond_essai >= 60 %\n', 'propriété "sur l\'inconnu" loi_inconnue >= 0 %\n'
    )
    _pack(pytester, "règle faute : taux vaut plafon_essai\n", folder="packs/faux")
    monkeypatch.setenv("OPTAM_LANG", "en")
    result = _run(pytester, "--continue-on-collection-errors", optam_packs="packs/*", optam_examples="50")
    result.assert_outcomes(failed=3, errors=2)
    result.stdout.fnmatch_lines(["essai/essai.conv:6:68: plafond_essai: expected 0.4, got 1"])
    result.stdout.fnmatch_lines(["essai/essai.conv:6:1: « secteur 1 (au 2017-06-08) »"])
    result.stdout.fnmatch_lines(["false on * for this record:", '  "secteur": "secteur_2"'])
    result.stdout.fnmatch_lines(["none of the * records drawn decides the property"])
    result.stdout.fnmatch_lines(["groupe.membres: error E518: `A` is not listed in `membres`"])
    result.stdout.fnmatch_lines(["*error E201: `plafon_essai` is not a name known here"])


def test_wrong_settings_are_told_in_english(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is no pack, a number that is none, and the help of the settings; no language is refused by its variable."""
    _pack(pytester, PASSING, 'propriété "jamais plus de 100 %" plafond_essai <= 100 %\n')
    monkeypatch.setenv("OPTAM_LANG", "en")
    _run(pytester, optam_packs="packs/esai").stderr.fnmatch_lines(["*optam_packs: `packs/esai` is neither the folder of a pack*"])
    _run(pytester, optam_packs="packs/*", optam_examples="dix").stdout.fnmatch_lines(["*optam_examples: `dix` is not a number of records*"])
    _run(pytester, "--help").stdout.fnmatch_lines(["*packs whose tests and properties are run*"])
    monkeypatch.setenv("OPTAM_LANG", "fr")
    _run(pytester, "--help").stdout.fnmatch_lines(["*packs dont les tests et les propriétés*"])
    monkeypatch.setenv("OPTAM_LANG", "de")
    _run(pytester, optam_packs="packs/*").stderr.fnmatch_lines(["*OPTAM_LANG : `de` n'est pas `fr` ou `en`*"])


def test_a_record_that_cannot_be_read_is_an_error(pytester: pytest.Pytester) -> None:
    """A doctor who is not among the members of his own group: the test says nothing about the rules, so it does not fail, it errs."""
    _pack(pytester, PASSING, ERRING)
    result = _run(pytester, optam_packs="packs/essai")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["groupe.membres: erreur E518: `A` ne figure pas dans `membres`"])
    result.stdout.no_fnmatch_line("*.py:*")


def test_a_pack_that_does_not_compile_is_an_error_of_collection(pytester: pytest.Pytester) -> None:
    """Its diagnostics are shown as the command line shows them, and the other tests still run."""
    _pack(pytester, "règle faute : taux vaut plafon_essai\n")
    pytester.makepyfile("def test_own(): pass")
    result = _run(pytester, "--continue-on-collection-errors", optam_packs="packs/essai")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*erreur E201: `plafon_essai` n'est pas un nom connu ici"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_property_that_nothing_decides_fails(pytester: pytest.Pytester) -> None:
    """A property that stays unknown on every record holds nothing."""
    _pack(pytester, 'propriété "sur l\'inconnu" loi_inconnue >= 0 %\n')
    result = _run(pytester, optam_packs="packs/essai", optam_examples="5")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["aucun des * dossiers tirés ne décide la propriété"])


def test_no_record_asked_skips_the_properties(pytester: pytest.Pytester) -> None:
    """`optam_examples = 0` runs the tests alone, and says so."""
    _pack(pytester, PASSING, 'propriété "jamais plus de 100 %" plafond_essai <= 100 %\n')
    _run(pytester, optam_packs="packs/essai", optam_examples="0").assert_outcomes(passed=1, skipped=1)


def test_a_pack_given_by_the_call_needs_no_configuration(pytester: pytest.Pytester) -> None:
    """`pytest packs/essai` is explicit enough; a folder above it, or a `manifest.toml` of another tool, is not."""
    _pack(pytester, PASSING)
    pytester.path.joinpath("manifest.toml").write_text("a = 1\n", encoding="utf-8")
    _run(pytester, "packs/essai").assert_outcomes(passed=1)
    assert _run(pytester, "packs", ".").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_project_that_names_no_pack_is_left_alone(pytester: pytest.Pytester) -> None:
    """Manifests, even of packs, are not collected, and nothing of the library is imported but the plugin and its choice of a language."""
    _pack(pytester, FAILING)
    pytester.path.joinpath("manifest.toml").write_text("a = 1\n", encoding="utf-8")
    pytester.makepyfile(
        "import sys\n"
        "def test_own():\n"
        "    loaded = {name for name in sys.modules if name.startswith('optam_rules.') or name in ('lark', 'hypothesis', 'attrs')}\n"
        "    assert loaded == {'optam_rules.tools', 'optam_rules.tools.language', 'optam_rules.tools.pytest_plugin'}\n"
    )
    result = pytester.runpytest_subprocess("-p", "optam_rules.tools.pytest_plugin")
    result.assert_outcomes(passed=1)


def test_a_name_that_is_no_pack_is_a_wrong_call(pytester: pytest.Pytester) -> None:
    """A misspelt folder must not pass for a project without packs."""
    result = _run(pytester, optam_packs="packs/esai")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*optam_packs : `packs/esai` n'est ni un dossier de pack*"])


def test_fixtures_give_packs_and_records(pytester: pytest.Pytester) -> None:
    """A folder from the root of the project or a shipped name; a strategy for tests of Hypothesis."""
    _pack(pytester)
    pytester.makepyfile(
        """
        from datetime import date
        from hypothesis import HealthCheck, given, settings
        from hypothesis import strategies as st

        def test_pack(optam_pack):
            pack = optam_pack("packs/essai")
            assert pack is optam_pack("packs/essai")
            judgement = pack.evaluate({"secteur": "secteur_2"}, on=date(2017, 6, 8))
            assert judgement.answers["plafond_essai"].outcome.value * 2 == 1

        @settings(max_examples=5, database=None, deadline=None, suppress_health_check=list(HealthCheck))
        @given(data=st.data())
        def test_records(optam_pack, optam_records, data):
            record = data.draw(optam_records("packs/essai", partial=False))
            assert optam_pack("packs/essai").evaluate(record, on=date(2017, 6, 8)).answers["plafond_essai"].status == "known"
        """
    )
    _run(pytester, optam_packs="").assert_outcomes(passed=2)
