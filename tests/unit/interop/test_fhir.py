"""FHIR PractitionerRole resources: what they say, what they leave unknown, what is refused; and judgements as FHIR resources."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from optam_rules.api import load
from optam_rules.base.errors import CallError
from optam_rules.core.record import Absent, Record
from optam_rules.interop.fhir import FhirRecords
from optam_rules.interop.fhir_writer import write_fhir
from optam_rules.interop.judgements import Header, Judged, Refused
from optam_rules.interop.open import open_records
from optam_rules.interop.raw import RawRecord, read_all
from tests.support.vocabulary import program

PROGRAM = program()
ROOT = "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/as-ext-practitionerrole-"
OLD_ROOT = "https://apifhir.annuaire.sante.fr/ws-sync/exposed/structuredefinition/practitionerRole-"
SYSTEM = "https://mos.esante.gouv.fr/NOS/TRE_R282-CNAMAmeliSecteurConventionnement/FHIR/TRE-R282-CNAMAmeliSecteurConventionnement"


def sector(*codes: object, root: str = ROOT, system: str | None = SYSTEM) -> dict[str, Any]:
    """Make the extension of the sector."""
    codings = [{"code": code} | ({"system": system} if system else {}) for code in codes]
    return {"url": f"{root}contracted", "valueCodeableConcept": {"coding": codings}}


def hascas(value: object, root: str = ROOT) -> dict[str, Any]:
    """Make the extension of membership."""
    return {"url": f"{root}hascas", "valueBoolean": value}


def role(*extensions: object, **more: object) -> dict[str, Any]:
    """Make a resource; the name of a person in it must never come out."""
    practitioner = {"reference": "Practitioner/p-1", "display": "Camille EXEMPLE"}
    return {"resourceType": "PractitionerRole", "id": "r-1", "practitioner": practitioner, "extension": list(extensions)} | more


def walked(tmp_path: Path, content: object, name: str = "roles.json") -> tuple[list[RawRecord], FhirRecords]:
    """Write a file and read it, as a caller of `evaluate` does: by what it holds."""
    file = tmp_path / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    opened = open_records(PROGRAM, file)
    assert isinstance(opened, FhirRecords)
    return list(opened), opened


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("nc", "non_conventionne"),
        ("c1", "secteur_1"),
        ("c2", "droit_permanent"),
        ("c3", "secteur_2"),
        ("0", "non_conventionne"),
        ("1", "secteur_1"),
        ("2", "droit_permanent"),
        ("3", "secteur_2"),
    ],
)
@pytest.mark.parametrize("root", [ROOT, OLD_ROOT])
def test_both_sets_of_codes_under_both_roots(tmp_path: Path, code: str, expected: str, root: str) -> None:
    """Until 2026-09-27 the codes are nc, c1 to c3, after that 0 to 3; older files bear another root (data formats of the register)."""
    (item,), _ = walked(tmp_path, role(sector(code, root=root)))
    assert (item.identifiant, item.raw) == ("r-1", {"identifiant": "r-1", "secteur": expected})


@pytest.mark.parametrize("code", ["c4", "4", "C1", "", " 1", 1, None])
def test_any_other_code_is_refused_by_name(tmp_path: Path, code: object) -> None:
    """No code is guessed."""
    (item,), _ = walked(tmp_path, role(sector(code)))
    assert [fault.code for fault in item.diagnostics] == ["E538"]
    assert (item.raw, item.diagnostics[0].path) == (None, "secteur")


def test_what_membership_says(tmp_path: Path) -> None:
    """True: a membership exists, which option is not said; false: none exists; absent: unknown. All the rest is unknown."""
    items, _ = walked(tmp_path, [role(hascas(True)), role(hascas(False)), role()])
    assert [item.raw for item in items] == [
        {"identifiant": "r-1", "adhesion": {}},
        {"identifiant": "r-1", "adhesion": "sans_objet"},
        {"identifiant": "r-1"},
    ]
    with open_records(PROGRAM, tmp_path / "roles.json") as file:
        records = [item.record for item in read_all(PROGRAM, file)]
    assert records[0] is not None
    assert isinstance(records[0].get("adhesion"), Record)
    assert [record.get("adhesion") for record in records[1:] if record] == [Absent.NOT_APPLICABLE, Absent.UNKNOWN]


def test_another_code_system_says_nothing(tmp_path: Path) -> None:
    """A coding of another nomenclature is passed over; one without a system is taken for the profile's own."""
    (other, bare), _ = walked(tmp_path, [role(sector("x", system="urn:other")), role(sector("c3", system=None))])
    assert (other.raw, other.diagnostics) == ({"identifiant": "r-1"}, ())
    assert bare.raw == {"identifiant": "r-1", "secteur": "secteur_2"}


@pytest.mark.parametrize(
    ("extensions", "codes"),
    [
        ([sector("c1", "c3")], ["E562"]),
        ([sector("c1"), sector("3", root=OLD_ROOT)], ["E562"]),
        ([sector("c1"), sector("1")], []),
        ([hascas(True), hascas(False)], ["E562"]),
        ([hascas("true")], ["E561"]),
        ([{"url": f"{ROOT}contracted", "valueCode": "c1"}, hascas(None)], ["E561", "E561"]),
        ([sector("c9"), hascas(1)], ["E538", "E561"]),
    ],
)
def test_all_faults_of_a_resource_at_once(tmp_path: Path, extensions: list[Any], codes: list[str]) -> None:
    """Contradictions and wrong forms refuse the resource, each told; agreeing repetitions do not."""
    (item,), _ = walked(tmp_path, role(*extensions))
    assert codes == [fault.code for fault in item.diagnostics]


@pytest.mark.parametrize(("held", "count"), [("text", 1), ({"url": "u"}, 1), ([1, {"url": "u"}, "x"], 2), ([], 0)])
def test_extensions_that_cannot_be_read_refuse_the_resource(tmp_path: Path, held: object, count: int) -> None:
    """What is no list of objects may hide a sector: it is told, not passed over."""
    (item,), _ = walked(tmp_path, role() | {"extension": held})
    assert ["E561"] * count == [fault.code for fault in item.diagnostics]


def test_a_bundle_with_other_resources(tmp_path: Path) -> None:
    """Other resources are counted by type, entries without a resource are refused; roles of one practitioner are counted together."""
    entries = [
        {"resource": role(sector("c1"))},
        {"resource": {"resourceType": "Practitioner"}},
        {"fullUrl": "urn:x"},
        3,
        {"resource": role(id="r-2")},
    ]
    items, file = walked(tmp_path, {"resourceType": "Bundle", "entry": entries})
    assert [(item.position, item.identifiant, [fault.code for fault in item.diagnostics]) for item in items] == [
        (1, "r-1", []),
        (3, "ressource-3", ["E560"]),
        (4, "ressource-4", ["E560"]),
        (5, "r-2", []),
    ]
    assert (dict(file.set_aside), file.alike_counts()) == ({"Practitioner": 1}, (1, 2))


def test_ndjson_is_read_line_by_line(tmp_path: Path) -> None:
    """A line that is no JSON is refused and stops no other; blank lines are passed over; a line may hold a Bundle."""
    lines = [
        json.dumps(role(sector("3"))),
        "",
        "{",
        json.dumps({"resourceType": "Bundle", "entry": [{"resource": role()}, {"resource": role(id=None)}]}),
    ]
    items, _ = walked(tmp_path, "\n".join(lines), "roles.ndjson")
    assert [(item.position, item.identifiant, [fault.code for fault in item.diagnostics]) for item in items] == [
        (1, "r-1", []),
        (3, None, ["E530"]),
        (4, "r-1", []),
        (4, "ligne-4-2", []),
    ]


def test_repeated_keys_are_refused(tmp_path: Path) -> None:
    """A resource in which a key stands twice says two things."""
    (item,), _ = walked(tmp_path, '[{"resourceType": "PractitionerRole", "id": "a", "id": "b"}]')
    assert [fault.code for fault in item.diagnostics] == ["E560"]


@pytest.mark.parametrize(("content", "code"), [('{"resourceType": ', "E530"), ('\ufeff{"resourceType" "x"}', "E530")])
def test_a_file_that_is_no_json_is_a_wrong_call(tmp_path: Path, content: str, code: str) -> None:
    """It is told with its place."""
    (tmp_path / "roles.json").write_text(content, encoding="utf-8")
    with pytest.raises(CallError, match=code):
        open_records(PROGRAM, tmp_path / "roles.json")


# --- judgements as resources ---------------------------------------------------------------------------------------------------


def test_judgements_as_resources(tmp_path: Path) -> None:
    """Values have FHIR's own types, exact: 23/60 has no finite decimal and stays text; needs and standing are parts; refusals are told."""
    pack = load("cm-2016")
    years = [
        {"annee": 2013, "honoraires_remboursables": "100000", "depassements": "40000"},
        {"annee": 2014, "honoraires_remboursables": "60000", "depassements": "30000"},
        {"annee": 2015, "honoraires_remboursables": "40000", "depassements": "10000"},
    ]
    record = {"identifiant": 'DR "1" <&>', "secteur": "secteur_2", "exercices": years, "adherent_cas": True}
    on = date(2017, 6, 8)
    judgement = pack.evaluate(record, on=on, answers=["eligible_optam", "taux_depassement_constate", "taux_opposable_constate"])
    # Facts, example 13: (40 + 50 + 25) / 3 % = 115/300 = 23/60.
    refused = Refused(2, "A&B", tuple(_faults(pack)))
    stream = io.StringIO()
    counts = write_fhir(stream, Header(pack.id, pack.version, pack.digest, on), [Judged(1, judgement), refused])
    assert (counts.judged, counts.refused) == (1, 1)
    first, second = (entry["resource"] for entry in json.loads(stream.getvalue(), parse_float=Decimal)["entry"])
    parameters = {parameter["name"]: parameter for parameter in first["parameter"]}
    assert parameters["identifiant"]["valueString"] == 'DR "1" <&>'
    assert parameters["on"]["valueDate"] == "2017-06-08"
    assert parameters["eligible_optam"]["part"][0] == {"name": "value", "valueBoolean": True}
    assert parameters["taux_depassement_constate"]["part"][0] == {"name": "value", "valueString": "23/60"}
    opposable = parameters["taux_opposable_constate"]["part"]
    assert opposable[0] == {"name": "status", "valueCode": "unknown"}
    assert {"name": "needs", "valueString": "hypothèse:unite_part_opposable"} in opposable
    assert second["resourceType"] == "OperationOutcome"
    assert second["issue"][0]["details"]["coding"] == [{"code": "E504"}] or second["issue"][0]["details"]["coding"][0]["code"].startswith(
        "E5"
    )
    assert "A&amp;B" in second["text"]["div"]


def test_an_empty_file_is_an_empty_bundle() -> None:
    """A Bundle without entries."""
    stream = io.StringIO()
    write_fhir(stream, Header("p", "1", "sha256:", date(2017, 1, 1)), [])
    assert json.loads(stream.getvalue())["entry"] == []


def _faults(pack: Any) -> list[Any]:
    with pytest.raises(Exception, match="E5") as caught:
        pack.evaluate({"secteur": "secteur_9"}, on=date(2017, 6, 8))
    return list(caught.value.diagnostics)
