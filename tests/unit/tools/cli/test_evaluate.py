"""`optam evaluate`: what goes in, what comes out, what is told of it, and the exit codes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from jsonschema import Draft202012Validator

from demo import annuaire
from tests.docs.blocks import ROOT
from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]
ON = ("--pack", "cm-2016", "--on", "2017-06-08")
GOOD = {"identifiant": "A", "secteur": "secteur_2"}
WAITING = {"identifiant": "B", "secteur": "secteur_1"}
WRONG = {"identifiant": "C", "secteur": "secteur_9", "titre": []}


@pytest.fixture
def records(tmp_path: Path) -> Callable[..., str]:
    """Write records as JSON and return the name of the file."""

    def write(*some: dict[str, Any]) -> str:
        (tmp_path / "dossiers.json").write_text(json.dumps(some), encoding="utf-8")
        return "dossiers.json"

    return write


def test_all_judged_exits_zero(optam: Optam, records: Callable[..., str]) -> None:
    """A doctor of sector 2 may join; the counts go to standard error."""
    ran = optam("evaluate", records(GOOD, WAITING), *ON, "--answers", "eligible_optam")
    assert (ran.code, ran.err) == (0, "lus : 2 = jugés : 2 + refusés : 0 + écartés : 0\n")
    assert ran.out.splitlines() == [
        "A, au 2017-06-08 (cm-2016, version 2016-10-20)",
        "réponse         valeur  attend, ou repose sur",
        "--------------  ------  ---------------------",
        "eligible_optam  oui     doctrine",
        "",
        "B, au 2017-06-08 (cm-2016, version 2016-10-20)",
        "réponse         valeur   attend, ou repose sur",
        "--------------  -------  ---------------------",
        "eligible_optam  inconnu  attend date_premiere_installation, titres",
    ]


def test_a_refused_record_hides_no_other_and_exits_one(optam: Optam, records: Callable[..., str]) -> None:
    """Both faults of the wrong record are told; the two others are judged."""
    ran = optam("evaluate", records(GOOD, WRONG, WAITING), *ON, "--format", "json", "--answers", "eligible_optam")
    document = json.loads(ran.out)
    assert ran.code == 1
    assert [one["identifiant"] for one in document["records"]] == ["A", "B"]
    assert [(one["identifiant"], one["position"], len(one["diagnostics"])) for one in document["refused"]] == [("C", 2, 2)]
    assert ran.err.startswith("refusé : dossier 2 (C)\n")
    assert ran.err.endswith("lus : 3 = jugés : 2 + refusés : 1 + écartés : 0\n")


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_json_keeps_its_contract(optam: Optam, records: Callable[..., str], form: str) -> None:
    """The document, or each line, fits the schema that `optam schema judgements` prints; reasons are there with --explain."""
    schema = json.loads(optam("schema", "judgements").out)
    ran = optam("evaluate", records(GOOD, WRONG), *ON, "--format", form, "--explain")
    documents = [json.loads(line) for line in ran.out.splitlines()] if form == "jsonl" else [json.loads(ran.out)]
    assert [error.message for one in documents for error in Draft202012Validator(schema).iter_errors(one)] == []
    first = documents[0] if form == "jsonl" else documents[0]["records"][0]
    assert first["answers"]["eligible_optam"]["because"][0]["article"] == "40"


@pytest.mark.parametrize("form", ["csv", "fhir", "parquet", "arrow"])
def test_forms_without_reasons_refuse_to_explain(optam: Optam, records: Callable[..., str], form: str) -> None:
    """Reasons that were asked for are not left out unsaid: the formats that tell them are named."""
    ran = optam("evaluate", records(GOOD), *ON, "--format", form, "--output", f"sortie.{form}", "--explain")
    assert (2, "") == (ran.code, ran.out)
    assert f"--format {form} ne dit pas pourquoi : --explain va avec text, markdown, html, json, jsonl" in ran.err


def test_csv_has_a_row_a_judged_record(optam: Optam, records: Callable[..., str]) -> None:
    """Value, status, standing and needs of each answer asked."""
    ran = optam("evaluate", records(GOOD, WRONG, WAITING), *ON, "--format", "csv", "--answers", "eligible_optam")
    assert list(csv.reader(io.StringIO(ran.out))) == [
        ["identifiant", "eligible_optam", "eligible_optam__status", "eligible_optam__standing", "eligible_optam__needs"],
        ["A", "true", "known", "doctrine", ""],
        ["B", "", "unknown", "doctrine", "date_premiere_installation|titres"],
    ]


def test_parquet_is_typed(optam: Optam, records: Callable[..., str], tmp_path: Path) -> None:
    """A boolean is a boolean, needs are a list, a rate is exact text."""
    optam("evaluate", records(GOOD, WAITING), *ON, "--format", "parquet", "--output", "sortie.parquet")
    rows = pyarrow.parquet.read_table(tmp_path / "sortie.parquet").to_pylist()
    assert [row["eligible_optam"] for row in rows] == [True, None]
    assert rows[1]["eligible_optam__needs"] == ["date_premiere_installation", "titres"]
    assert [row["taux_engagement__status"] for row in rows] == ["unknown", "unknown"]


def test_parquet_without_its_library_says_what_to_install(
    optam: Optam, records: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is named, before anything is read."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    ran = optam("evaluate", records(GOOD), *ON, "--format", "parquet", "--output", "sortie.parquet")
    assert (ran.code, ran.out) == (2, "")
    assert "E701" in ran.err
    assert 'pip install "optam-rules[columns]"' in ran.err


def test_explanations_are_trees(optam: Optam, records: Callable[..., str]) -> None:
    """One tree an answer, after the head of the record."""
    ran = optam("evaluate", records(GOOD), *ON, "--answers", "eligible_optam,eligible_optam_co", "--explain")
    assert [line for line in ran.out.splitlines() if line[:1].isalpha()] == [
        "A, au 2017-06-08 (cm-2016, version 2016-10-20)",
        "eligible_optam = oui — Peut adhérer à l'OPTAM",
        "eligible_optam_co : inconnu — Peut adhérer à l'OPTAM-CO",
    ]


def test_the_group_is_judged_on_both_days(optam: Optam) -> None:
    """Until July 2017 the individual rate, then the mean (23/60 + 60 % + 120 % + 5 %) / 4 = 67/120 of the volunteers."""
    call = ("evaluate", str(ROOT / "demo" / "groupe.json"), "--pack", "cm-2016", "--format", "json", "--answers", "taux_engagement")
    rates = [
        [one["answers"]["taux_engagement"]["value"] for one in json.loads(optam(*call, "--on", day).out)["records"]]
        for day in ("2017-06-08", "2017-08-01")
    ]
    group = str(Fraction(67, 120))
    assert rates == [["23/60", "0.6", "1", "0.05", "0", "0.02", None, None], [group, group, group, group, "0", "0.02", None, None]]


def test_a_reference_table_decides(optam: Optam, tmp_path: Path) -> None:
    """The doctor without activity takes the mean that the caller supplies."""
    (tmp_path / "moyennes.csv").write_text("specialite,region,valeur\nradiologie,auvergne_rhone_alpes,40 %\n", encoding="utf-8")
    call = ("evaluate", str(ROOT / "demo" / "groupe.json"), *ON, "--format", "json", "--answers", "taux_engagement")
    ran = optam(*call, "--reference", "moyennes_regionales=moyennes.csv")
    assert json.loads(ran.out)["records"][7]["answers"]["taux_engagement"]["value"] == "0.4"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--reference", "moyennes_regionales=absent.csv"], "E809"),
        (["--answers", "eligible_optan"], "E806"),
        (["--assume", "unite_part_opposable=tetes"], "E807"),
        (["--assume", "unite=actes"], "E807"),
    ],
)
def test_a_wrong_argument_exits_two_before_any_result(optam: Optam, records: Callable[..., str], words: list[str], code: str) -> None:
    """The code of the catalogue is told; nothing is judged."""
    ran = optam("evaluate", records(GOOD), *ON, *words)
    assert (ran.code, ran.out) == (2, "")
    assert f"erreur {code}:" in ran.err


def test_a_chosen_reading_decides_and_is_told(optam: Optam, records: Callable[..., str]) -> None:
    """40 acts of 100 and 50 € of 100 €: the share depends on the unit, until the caller chooses one."""
    years = [
        {
            "annee": year,
            "honoraires_remboursables": "100",
            "honoraires_opposables": "50",
            "nombre_actes": 100,
            "nombre_actes_opposables": 40,
        }
        for year in (2013, 2014, 2015)
    ]
    name = records({"identifiant": "A", "adherent_cas": True, "exercices": years})
    call = ("evaluate", name, *ON, "--format", "json", "--answers", "taux_opposable_constate")
    open_answer, chosen = (
        json.loads(optam(*call, *more).out)["records"][0]["answers"]["taux_opposable_constate"]
        for more in ([], ["--assume", "unite_part_opposable=actes"])
    )
    assert open_answer["alternatives"] == {"actes": "0.4", "honoraires": "0.5"}
    assert (chosen["value"], "unite_part_opposable=actes" in chosen["hypotheses"]) == ("0.4", True)


def test_each_record_may_bear_its_date(optam: Optam, records: Callable[..., str]) -> None:
    """A record without the date is refused, the others are judged on their own day."""
    dated = [GOOD | {"adhesion": {"date_adhesion": day}} for day in ("2017-06-08",)]
    call = ("evaluate", records(*dated, WAITING), "--pack", "cm-2016", "--on-field", "adhesion.date_adhesion", "--format", "json")
    ran = optam(*call, "--answers", "eligible_optam")
    document = json.loads(ran.out)
    assert ran.code == 1
    assert (document["on"], [one["on"] for one in document["records"]]) == (None, ["2017-06-08"])
    assert [one["diagnostics"][0]["code"] for one in document["refused"]] == ["E810"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "donner --on DATE ou --on-field CHAMP, l'un des deux"),
        (["--on", "2017-06-08", "--on-field", "date_premiere_installation"], "donner --on DATE ou --on-field CHAMP, l'un des deux"),
        (["--on-field", "secteur"], "--on-field : `secteur` n'est pas une date"),
        (["--on-field", "adhesion.date_adesion"], "`adhesion` n'a pas de champ `date_adesion` ; vouliez-vous écrire `date_adhesion` ?"),
        (["--on", "2017-06-08", "--exercices", "dossiers.json"], "--exercices, --groupes et --table vont avec des dossiers en CSV"),
    ],
)
def test_dates_and_companions_must_make_sense(optam: Optam, records: Callable[..., str], words: list[str], expected: str) -> None:
    """A call that cannot mean anything is refused as a whole."""
    ran = optam("evaluate", records(GOOD), "--pack", "cm-2016", *words)
    assert (ran.code, ran.out) == (2, "")
    assert expected in ran.err.splitlines()[0]


def test_past_the_verified_day_one_must_ask(optam: Optam, records: Callable[..., str]) -> None:
    """Refused by default; judged, with a note, when the caller insists."""
    call = ("evaluate", records(GOOD), "--pack", "cm-2016", "--on", "2030-01-01", "--answers", "eligible_optam")
    refused, extended = optam(*call), optam(*call, "--after-verified", "extend")
    assert (refused.code, "E805" in refused.err) == (2, True)
    assert (extended.code, [line for line in extended.out.splitlines() if line.startswith("note : ")]) == (
        0,
        ["note : jugé au 2030-01-01, au-delà du 2026-11-22, dernier jour vérifié du pack"],
    )


def test_unknown_fields_are_faults_unless_ignored(optam: Optam, records: Callable[..., str]) -> None:
    """A field that no entity declares may be a misspelt one."""
    name = records(GOOD | {"couleur": "bleu"})
    assert [optam("evaluate", name, *ON, *more).code for more in ([], ["--ignore-unknown-fields"])] == [1, 0]


def test_csv_with_companions(optam: Optam, tmp_path: Path) -> None:
    """One row a practitioner, the years in a companion file: (40 + 50 + 25) / 3 = 38.33 %, that is 23/60."""
    (tmp_path / "cabinet.csv").write_text("identifiant,secteur,adherent_cas\nA,secteur_2,oui\n", encoding="utf-8")
    years = "identifiant,annee,honoraires_remboursables,depassements\nA,2013,100000,40000\nA,2014,60000,30000\nA,2015,40000,10000\n"
    (tmp_path / "annees.csv").write_text(years, encoding="utf-8")
    call = ("evaluate", "cabinet.csv", "--exercices", "annees.csv", *ON, "--format", "json", "--answers", "taux_depassement_constate")
    assert json.loads(optam(*call).out)["records"][0]["answers"]["taux_depassement_constate"]["value"] == "23/60"


def test_the_register_adds_up(optam: Optam, tmp_path: Path) -> None:
    """Rows of other professions are set aside, unknown sectors refused; judged, refused and set aside add up to the rows."""
    annuaire.write(tmp_path / "annuaire.csv")
    rows = list(annuaire.rows())
    ran = optam("evaluate", "annuaire.csv", *ON, "--format", "jsonl", "--answers", "eligible_optam", "--output", "sortie.jsonl")
    others = sum(row["type_ps_code"] != "1" for row in rows)
    wrong = sum(row["secteur_conventionnel_code"] == "7" for row in rows)
    judged = len(rows) - others - wrong
    assert ran.code == 1
    assert ran.err.splitlines()[-1] == f"lus : {len(rows)} = jugés : {judged} + refusés : {wrong} + écartés : {others}"
    assert len((tmp_path / "sortie.jsonl").read_text(encoding="utf-8").splitlines()) == judged + wrong


def test_the_notes_of_a_register_are_told_in_english(optam: Optam, tmp_path: Path) -> None:
    """What was set aside, what was left unknown, the counts and whose data these are, in the language of messages."""
    person = "ps_activite_nom;ps_activite_prenom;ps_activite_civilite;specialite_code;type_ps_code"
    header = f"{person};secteur_conventionnel_code;option_tarifaire_code"
    rows = ("EXEMPLE;Camille;MME;06;1;3;9", "EXEMPLE;Camille;MME;06;1;3;", "MODELE;Alix;M;06;2;;")
    (tmp_path / "annuaire.csv").write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    ran = optam("--messages", "en", "evaluate", "annuaire.csv", *ON, "--answers", "eligible_optam", "--output", "sortie.txt")
    assert ran.err.splitlines() == [
        "set aside, other professions: type 2: 1",
        "left unknown, adhesion.option: codes without a meaning (9: 1)",
        "probable duplicates: 1 practitioner on 2 rows, judged apart",
        "data: Annuaire santé, Assurance maladie (CNAM), Licence Ouverte 2.0",
        "read: 3 = judged: 2 + refused: 0 + set aside: 1",
    ]


def test_the_register_may_be_named_by_hand(optam: Optam, tmp_path: Path) -> None:
    """A file whose name says nothing is read as the caller says."""
    annuaire.write(tmp_path / "annuaire.csv")
    (tmp_path / "annuaire.csv").rename(tmp_path / "extraction.txt")
    assert optam("evaluate", "extraction.txt", *ON).code == 2
    assert optam("evaluate", "extraction.txt", *ON, "--input-format", "annuaire", "--answers", "eligible_optam").code == 1


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("json", '[{"identifiant": "A", "secteur": "secteur_2"}]'),
        ("jsonl", '{"identifiant": "A", "secteur": "secteur_2"}\n'),
        ("csv", "identifiant;secteur\nA;secteur_2\n"),
    ],
)
def test_every_format_may_be_named_by_hand(optam: Optam, tmp_path: Path, form: str, text: str) -> None:
    """The same doctor in three forms, in a file whose name says nothing."""
    (tmp_path / "dossiers.txt").write_text(text, encoding="utf-8")
    ran = optam("evaluate", "dossiers.txt", *ON, "--input-format", form, "--format", "csv", "--answers", "eligible_optam")
    assert (ran.code, ran.out.splitlines()[1:]) == (0, ["A,true,known,doctrine,"])


def test_no_progress_is_drawn_off_a_terminal(optam: Optam, records: Callable[..., str]) -> None:
    """Standard error is for notes and counts: not a control character in it."""
    ran = optam("evaluate", records(*[GOOD | {"identifiant": str(i)} for i in range(200)]), *ON, "--format", "csv")
    assert [char for char in ran.err if ord(char) < 32 and char != "\n"] == []


def test_an_unwritable_output_is_told(optam: Optam, records: Callable[..., str]) -> None:
    """The system's reason is given; exit 2."""
    ran = optam("evaluate", records(GOOD), *ON, "--output", "absent/sortie.txt")
    assert (ran.code, ran.err) == (2, "optam : le fichier `absent/sortie.txt` ne s'écrit pas : No such file or directory\n")


def test_odd_characters_of_a_record_do_not_stop_the_output(optam: Optam, tmp_path: Path) -> None:
    """A lone surrogate in an identifiant is a fault, told without a traceback."""
    (tmp_path / "dossiers.json").write_text('[{"identifiant": "\\ud800", "secteur": "secteur_2"}]', encoding="utf-8")
    assert optam("evaluate", "dossiers.json", *ON).code in (0, 1)
