"""Records that name each other: one identifiant is one object, a group is shared, and contradictions are faults."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optam_rules.base.diagnostics import render_text
from optam_rules.core import schema
from optam_rules.core.record import Absent, Record
from optam_rules.core.schema import MemoryOthers, RecordReader, read_record
from optam_rules.core.types import EntityType, ListType, Scalar
from optam_rules.core.vocabulary import Vocabulary
from tests.support.vocabulary import entity, field, program

PROGRAM = program()
B = {"identifiant": "B", "secteur": "secteur_2"}
G = {"identifiant": "G", "meme_structure": True, "membres": ["A", "B"]}


def alone(raw: object) -> list[tuple[str | None, str]]:
    """Return the faults of a record read without its file."""
    record, faults = read_record(PROGRAM, raw)
    assert (record is None) == bool(faults)
    return [(fault.path, fault.code) for fault in faults]


def from_file(raws: Sequence[object]) -> list[Record | list[tuple[str | None, str]]]:
    """Read the records of one file: each is a record, or its faults."""
    reader = RecordReader(PROGRAM, MemoryOthers.of(PROGRAM, raws))
    results: list[Record | list[tuple[str | None, str]]] = []
    for place, raw in enumerate(raws):
        record, faults = reader.read(raw, place=place)
        # The same record read on its own, without what its neighbours left ready, must fare the same.
        fresh, other = read_record(PROGRAM, raw, others=MemoryOthers.of(PROGRAM, raws))
        assert (record is None, faults) == (fresh is None, other)
        results.append(record if record is not None else [(fault.path, fault.code) for fault in faults])
    return results


def group(record: object) -> Record:
    """Return the group of a record that has one."""
    assert isinstance(record, Record), record
    whole = record.get("groupe")
    assert isinstance(whole, Record)
    return whole


def members(record: object) -> tuple[Record, ...]:
    """Return the members of the group of a record."""
    listed = group(record).get("membres")
    assert isinstance(listed, tuple)
    return tuple(item for item in listed if isinstance(item, Record))


def test_the_practitioner_is_one_object() -> None:
    """The practitioner met among the members is the very record that is read, and his members have his group."""
    record, faults = read_record(PROGRAM, {"identifiant": "A", "groupe": {**G, "membres": ["A", B]}})
    assert not faults
    assert members(record)[0] is record
    assert group(members(record)[1]) is group(record)


def test_the_practitioner_may_stand_whole_among_the_members() -> None:
    """The same content twice is one record, his group being told by where he stands."""
    him = {"identifiant": "A", "secteur": "secteur_2"}
    record, faults = read_record(PROGRAM, {**him, "groupe": {**G, "membres": [{**him, "secteur": "secteur_2"}, B]}})
    assert not faults
    assert members(record)[0] is record


def test_equal_contents_are_compared_by_value() -> None:
    """`46.5 %` and `0.465`, or another order of the years, are one content."""
    first = {"identifiant": "A", "mesures": {"taux": "46.5 %"}, "exercices": [{"annee": 2013}, {"annee": 2014}]}
    again = {"identifiant": "A", "mesures": {"taux": "0.465"}, "exercices": [{"annee": 2014}, {"annee": 2013}]}
    assert all(isinstance(item, Record) for item in from_file([first, again]))


def test_a_file_of_identifiers() -> None:
    """A group given once is shared by all who name it, members being found in the file: one object each."""
    first, second = from_file([{"identifiant": "A", "groupe": G}, {**B, "groupe": "G"}])
    assert group(first) is group(second)
    assert members(first) == (first, second)


def test_a_member_that_names_no_group_has_the_one_that_lists_him() -> None:
    """B says nothing of a group and is listed in A's: judged himself, he belongs to it too."""
    first, second = from_file([{"identifiant": "A", "groupe": G}, B])
    assert group(second) is group(first)


def test_the_group_may_come_later_in_the_file() -> None:
    """Order in the file carries no meaning."""
    second, first = from_file([B, {"identifiant": "A", "groupe": G}])
    assert group(second) is group(first)


def test_equal_groups_given_twice_are_one() -> None:
    """Two practitioners who both give the group in full, in another order of members, share it."""
    first, second = from_file([{"identifiant": "A", "groupe": G}, {**B, "groupe": {**G, "membres": ["B", "A"]}}])
    assert group(first) is group(second)


def test_records_apart_stay_apart() -> None:
    """Two practitioners without a group, or in two groups, share nothing."""
    first, second = from_file(
        [{"identifiant": "A", "groupe": {**G, "membres": ["A"]}}, {**B, "groupe": {"identifiant": "H", "membres": ["B"]}}]
    )
    assert group(first) is not group(second)


def test_a_group_without_identifier() -> None:
    """A group needs no identifiant where it is given once; its members inherit it."""
    first, second = from_file([{"identifiant": "A", "groupe": {"membres": ["A", "B"]}}, B])
    assert group(first) is group(second)


def test_members_without_identifier() -> None:
    """Members whose identifiant is unknown are records of their own."""
    record, faults = read_record(PROGRAM, {"identifiant": "A", "groupe": {"membres": ["A", {}, {}]}})
    assert not faults
    assert len(set(map(id, members(record)))) == 3


def test_members_unknown() -> None:
    """A group whose members are not given is a group all the same."""
    record, faults = read_record(PROGRAM, {"groupe": {"identifiant": "G"}})
    assert not faults
    assert group(record).get("membres") is Absent.UNKNOWN


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"identifiant": "A", "groupe": "G"}, [("groupe", "E516")]),
        ({"identifiant": "A", "groupe": G}, [("groupe.membres[1]", "E516")]),
        ({"identifiant": "A", "groupe": {**G, "membres": [B]}}, [("groupe.membres", "E518")]),
        ({"identifiant": "A", "groupe": {**G, "membres": []}}, [("groupe.membres", "E518")]),
        ({"groupe": {**G, "membres": [B]}}, [("groupe.membres", "E523")]),
        ({"identifiant": 3, "groupe": {**G, "membres": [B]}}, [("identifiant", "E502")]),
        ({"identifiant": "A", "groupe": {**G, "membres": [{"identifiant": 3}, B]}}, [("groupe.membres[0].identifiant", "E502")]),
        ({"identifiant": "A", "groupe": {**G, "membres": [3, B]}}, [("groupe.membres[0]", "E500")]),
        ({"identifiant": "A", "groupe": {**G, "membres": ["A", "A"]}}, [("groupe.membres[1]", "E515")]),
        ({"identifiant": "A", "groupe": {**G, "membres": ["A", {"identifiant": "A"}]}}, [("groupe.membres[1].identifiant", "E515")]),
        (
            {"identifiant": "A", "secteur": "secteur_1", "groupe": {**G, "membres": [{"identifiant": "A"}, B]}},
            [("groupe.membres[0]", "E517")],
        ),
        ({"identifiant": "A", "groupe": {**G, "membres": ["A", {**B, "groupe": "sans_objet"}]}}, [("groupe.membres[1].groupe", "E519")]),
        (
            {"identifiant": "A", "groupe": {**G, "membres": ["A", {**B, "groupe": {"identifiant": "H"}}]}},
            [("groupe.membres[1].groupe", "E519")],
        ),
        ({"identifiant": "A", "groupe": {"membres": ["A", {**B, "groupe": {}}]}}, [("groupe.membres[1].groupe", "E519")]),
    ],
)
def test_contradictions(raw: object, expected: list[tuple[str, str]]) -> None:
    """Each contradiction of one record is a fault where it stands, and is told once."""
    assert expected == alone(raw)


@pytest.mark.parametrize(
    ("raws", "expected"),
    [
        # The same group with other content, here with fewer data: neither is believed.
        (
            [{"identifiant": "A", "groupe": {**G, "membres": ["A"]}}, {**B, "groupe": {"identifiant": "G"}}],
            [[("groupe", "E517")], [("groupe", "E517")]],
        ),
        # The same practitioner twice with other content.
        ([B, {**B, "secteur": "secteur_1"}], [[("", "E517")], [("", "E517")]]),
        # B names a group that does not list him.
        ([{"identifiant": "A", "groupe": {**G, "membres": ["A"]}}, {**B, "groupe": "G"}], [None, [("groupe.membres", "E518")]]),
        # Two groups list B.
        (
            [{"identifiant": "A", "groupe": G}, B, {"identifiant": "C", "groupe": {"identifiant": "H", "membres": ["C", "B"]}}],
            [[("groupe.membres[1].groupe", "E519")], [("groupe", "E519")], [("groupe.membres[1].groupe", "E519")]],
        ),
        # A fault of B is told where A names him.
        (
            [{"identifiant": "A", "groupe": G}, {**B, "exercices": [{"annee": "x"}]}],
            [[("groupe.membres[1].exercices[0].annee", "E502")], [("exercices[0].annee", "E502")]],
        ),
        # B names nobody's group.
        (
            [{"identifiant": "A", "groupe": G}, {**B, "groupe": "K"}],
            [[("groupe.membres[1].groupe", "E516"), ("groupe.membres[1].groupe", "E519")], [("groupe", "E516"), ("groupe", "E519")]],
        ),
    ],
)
def test_contradictions_across_a_file(raws: Sequence[object], expected: list[Any]) -> None:
    """A contradiction between records of one file refuses each record that rests on it, with the path seen from there."""
    found = from_file(raws)
    assert expected == [None if isinstance(item, Record) else item for item in found]


def test_messages() -> None:
    """The messages about groups name who and what to do."""
    raw = {"identifiant": "A", "secteur": "secteur_1", "groupe": {**G, "membres": [{**B, "groupe": {"identifiant": "H"}}]}}
    _, faults = read_record(PROGRAM, raw)
    assert [render_text(fault) for fault in faults] == [
        "groupe.membres: erreur E518: `A` ne figure pas dans `membres`\n  aide : ajoutez l'identifiant `A` à `membres`",
        "groupe.membres[0].groupe: erreur E519: ce `medecin` relève de plusieurs `groupe`, ou d'aucun et de l'un d'eux\n"
        "  aide : donnez le groupe en entier une fois, avec un identifiant, et désignez-le ailleurs par cet identifiant",
    ]
    _, faults = read_record(PROGRAM, {"groupe": {"membres": ["Z"]}})
    assert [fault.message for fault in faults] == [
        "aucun enregistrement `medecin` d'identifiant `Z` dans ce fichier",
        "sans identifiant, ce `medecin` ne peut pas être retrouvé dans `membres`",
    ]
    _, faults = read_record(PROGRAM, {"identifiant": "A", "adherent_cas": True, "groupe": {"membres": [{"identifiant": "A"}]}})
    assert [fault.message for fault in faults] == [
        "l'enregistrement `medecin` d'identifiant `A` porte deux contenus différents dans ce fichier"
    ]


def test_a_large_group_is_read_in_proportion() -> None:
    """A thousand practitioners of one group, named by identifiant, are each read once and stay one object each."""
    names = [f"M{number}" for number in range(1_000)]
    raws: list[object] = [{"identifiant": name, "groupe": "G"} for name in names[1:]]
    records = from_file_once([{"identifiant": names[0], "groupe": {"identifiant": "G", "membres": names}}, *raws])
    assert len({id(group(record)) for record in records}) == 1
    assert list(members(records[0])) == records


def test_what_is_ready_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records kept for their turn are let go when too many wait, and read again at their turn."""
    monkeypatch.setattr(schema, "_MAX_READY", 2)
    names = [f"M{number}" for number in range(6)]
    groups = [
        {"identifiant": name, "groupe": {"identifiant": f"G{index}", "membres": [name, f"N{index}", f"P{index}"]}}
        for index, name in enumerate(names)
    ]
    raws = [*groups, *({"identifiant": f"{letter}{index}"} for letter in "NP" for index in range(len(names)))]
    assert len(from_file_once(raws)) == len(raws)


def from_file_once(raws: Sequence[object]) -> list[Record]:
    """Read a file without fault, each record at its turn only."""
    reader = RecordReader(PROGRAM, MemoryOthers.of(PROGRAM, raws))
    read = [reader.read(raw, place=place) for place, raw in enumerate(raws)]
    return [record for record, faults in read if record is not None and not faults]


def test_a_chain_of_references_is_limited() -> None:
    """Records that name one another in a chain longer than the limit of nesting are refused, not followed without end."""
    chained = program(entity("maillon", field("identifiant", Scalar.TEXT), field("suivant", EntityType("maillon")), main=True))
    raws = [{"identifiant": str(number), "suivant": str(number + 1)} for number in range(150)] + [{"identifiant": "150"}]
    others = MemoryOthers.of(chained, raws)
    record, faults = read_record(chained, raws[0], others=others)
    assert record is None
    assert [fault.code for fault in faults] == ["E514"]
    assert read_record(chained, raws[100], others=others)[0] is not None


def test_a_record_may_name_itself() -> None:
    """A circle of references is one set of objects."""
    chained = program(entity("maillon", field("identifiant", Scalar.TEXT), field("suivant", EntityType("maillon")), main=True))
    record, faults = read_record(chained, {"identifiant": "1", "suivant": {"identifiant": "2", "suivant": "1"}})
    assert not faults
    assert record is not None
    second = record.get("suivant")
    assert isinstance(second, Record)
    assert second.get("suivant") is record


def test_links_come_from_the_vocabulary() -> None:
    """Two entities are linked where one field and one list answer each other; two such lists would leave a doubt."""
    assert list(Vocabulary.of(PROGRAM).by_items) == [("groupe", "membres")]
    doctor = entity("medecin", field("identifiant", Scalar.TEXT), field("groupe", EntityType("groupe")), main=True)
    doubtful = entity("groupe", field("anciens", ListType(EntityType("medecin"))), field("membres", ListType(EntityType("medecin"))))
    assert not Vocabulary.of(program(doctor, doubtful)).by_items


RAWS = st.lists(
    st.fixed_dictionaries(
        {"identifiant": st.sampled_from("ABC")},
        optional={
            "secteur": st.sampled_from(["secteur_1", "faute"]),
            "groupe": st.one_of(
                st.sampled_from(["G", "H", "sans_objet"]),
                st.fixed_dictionaries(
                    {},
                    optional={
                        "identifiant": st.sampled_from("GH"),
                        "membres": st.lists(
                            st.one_of(st.sampled_from("ABC"), st.fixed_dictionaries({"identifiant": st.sampled_from("ABC")})), max_size=3
                        ),
                    },
                ),
            ),
        },
    ),
    max_size=4,
)


@given(RAWS)
def test_any_file_is_read_the_same_in_any_order(raws: list[dict[str, Any]]) -> None:
    """What is refused depends neither on what was read before, nor on the order of the file."""
    found, back = from_file(raws), from_file(raws[::-1])[::-1]
    assert [isinstance(item, Record) for item in found] == [isinstance(item, Record) for item in back]


@given(RAWS)
def test_records_of_a_group_are_consistent(raws: list[dict[str, Any]]) -> None:
    """In every record that is accepted, the group lists the practitioner and each member has that group."""
    for record in from_file(raws):
        if isinstance(record, Record) and isinstance(record.get("groupe"), Record) and isinstance(group(record).get("membres"), tuple):
            assert any(member is record for member in members(record))
            assert all(group(member) is group(record) for member in members(record))


@settings(max_examples=400)
@given(RAWS)
def test_many_files_are_read_without_an_exception(raws: list[dict[str, Any]]) -> None:
    """Files of few names and many contradictions are read the same whatever was read before."""
    from_file(raws)
