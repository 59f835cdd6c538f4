"""From a pack that judges a line of fees to the queries that turn a file of lines into years; the same text for every SQL engine.

The pack says all that is law: an answer named as a datum of `exercice` is what a line adds to it, `annee` the year that it adds to,
`fautive_…` how its data contradict each other, `ecartee_…` why it does not count, `signalee_…` what is to be looked at. Where the readings
of an open question differ, a line is counted in each of them apart, and the figure of a year is known where all readings agree on it (S11).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product

import attrs

from optam_rules.backends.sql.dialect import Dialect
from optam_rules.backends.sql.translate import Translation, UntranslatableError
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.core.ir import Answer, Field
from optam_rules.core.program import Definition, Program
from optam_rules.core.types import Scalar
from optam_rules.core.walk import subexpressions
from optam_rules.interop.acts.lines import Cell, Kind, cell, column_faults, unknown_data

YEAR_ENTITY = "exercice"
PRACTITIONER, LINE, CODE, LUMP_SUM = "praticien", "identifiant", "code_acte", "forfait"
UNKNOWN_PRACTITIONER, COPY, CONTRADICTION = "praticien_inconnu", "doublon", "doublon_contradictoire"
_FAULT, _ASIDE, _NOTICE = "fautive_", "ecartee_", "signalee_"
# What is said of lines that keep the columns of their file, under names that no file has; but for the reasons, which take the place of
# those of a file of lines set aside before.
REASONS, APART_DOUBT, APART_PRACTITIONER, APART_YEAR = "motifs", "__optam_doute", "__optam_praticien", "__optam_annee"

Reading = tuple[tuple[str, str], ...]


@attrs.frozen
class Rules:
    """The answers of a pack that have a part here, by what they do."""

    program: Program
    on: dt.date
    assume: Mapping[str, str]

    def _named(self, keep: Collection[str] = (), prefix: str | None = None) -> list[Definition]:
        held = [d for d in self.program.definitions.values() if d.entity == self.program.main.name and d.version_at(self.on) is not None]
        return [d for d in held if d.name in keep or (prefix is not None and d.name.startswith(prefix))]

    @cached_property
    def year(self) -> str:
        """The datum that identifies a year."""
        return next(iter(self.program.entities[YEAR_ENTITY].fields))

    @cached_property
    def sums(self) -> tuple[str, ...]:
        """The data of a year that lines add to, in the order of the vocabulary."""
        fields = self.program.entities[YEAR_ENTITY].fields
        found = {definition.name for definition in self._named(fields)}
        return tuple(name for name in fields if name in found and name != self.year)

    @property
    def complete(self) -> bool:
        """Whether the pack says of a line its year and what it adds to it."""
        return bool(self._named([self.year])) and bool(self.sums)

    @cached_property
    def contradictions(self) -> tuple[str, ...]:
        """The rules that find the data of a line at odds with each other: it should have counted, and cannot."""
        return tuple(definition.name for definition in self._named(prefix=_FAULT))

    @cached_property
    def deciding(self) -> tuple[str, ...]:
        """All that says whether a line counts, where, and for how much."""
        return (self.year, *self.sums, *self.contradictions, *self.aside)

    @cached_property
    def aside(self) -> tuple[str, ...]:
        """The rules that leave a line out."""
        return tuple(definition.name for definition in self._named(prefix=_ASIDE))

    @cached_property
    def notices(self) -> tuple[str, ...]:
        """The rules that call for a look at a line that counts."""
        return tuple(definition.name for definition in self._named(prefix=_NOTICE))

    def questions(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the open questions that some answers read and that the caller has not settled."""
        read = set().union(*(self.program.questions[self.program.main.name, name] for name in names))
        return tuple(sorted(read - self.assume.keys()))

    def readings(self, names: Iterable[str]) -> list[Reading]:
        """Return the ways to read some answers: one where no open question bears on them."""
        asked = self.questions(names)
        return [tuple(zip(asked, chosen, strict=True)) for chosen in product(*(self.program.hypotheses[q].readings for q in asked))]

    def data(self, names: Iterable[str]) -> set[str]:
        """Return the data of a line that some answers read, by themselves or through others."""
        main, found, seen, todo = self.program.main.name, set[str](), set[str](), list(names)
        while todo:
            if (name := todo.pop()) in seen:
                continue
            seen.add(name)
            for expr in self.program.definitions[main, name].expressions():
                for part in subexpressions(expr):
                    if isinstance(part, Field):
                        found.add(part.name)
                    elif isinstance(part, Answer):
                        todo.append(part.name)
        return found


@attrs.frozen
class Plan:
    """The queries over `actes` (the file as it is), `connus` (one column, `praticien`) and the results of the queries before.

    `kinds` gives the columns of the file; `columns` the column of a datum where it bears another name; `key` the columns that identify a
    line, none where lines have no identity; `lump_sums` the codes of lump sums, used where no column tells them.
    """

    rules: Rules
    dialect: Dialect
    kinds: Mapping[str, Kind]
    columns: Mapping[str, str]
    key: tuple[str, ...]
    lump_sums: frozenset[str]
    known_practitioners: bool

    def check(self) -> None:
        """Raise CallError where the file lacks what the rules read (E536, E502, E503), or a rule cannot be put in SQL (E702)."""
        main = self.rules.program.main
        faults = [*unknown_data(main, self.columns), *column_faults(main.fields, self.columns, self.kinds, self.needed)]
        faults += [diagnose("E536", name=name) for name in self.key if name not in self.kinds]
        if faults:
            raise CallError(faults)
        for name in (*self.rules.deciding, *self.rules.notices):
            for reading in self.rules.readings([name]):
                try:
                    self._answer(name, reading, nullable=name in self.rules.notices)
                except UntranslatableError as error:
                    raise CallError([diagnose("E702", name=name, reason=error.reason)]) from error

    # --- data of a line ----------------------------------------------------------------------------------------------------------

    @cached_property
    def needed(self) -> frozenset[str]:
        """The data without which a line cannot be counted."""
        read = self.rules.data(self.rules.deciding) | {PRACTITIONER}
        if self.from_codes:
            read = (read - {LUMP_SUM}) | ({CODE} if self.lump_sums else set())
        return frozenset(read)

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """The columns of the file that lines set aside keep."""
        return tuple(name for name in self.kinds if name.lower() != REASONS)

    @property
    def texts(self) -> list[str]:
        """The columns of texts that the rules read from each line; not that of the practitioner, which `bare` tells of."""
        read = (self.needed | self.rules.data(self.rules.notices)) - {PRACTITIONER}
        columns = {self.columns.get(name, name) for name in read}
        return sorted(column for column in columns if self.kinds.get(column) is Kind.TEXT)

    @property
    def bare(self) -> Plan:
        """The plan that takes practitioners as they stand: right where `untidy` finds none in what it computes.

        Practitioners are few beside their lines: looking through the sums is cheaper than trimming a name a line.
        """
        column = self.columns.get(PRACTITIONER, PRACTITIONER)
        return attrs.evolve(self, kinds={**self.kinds, column: Kind.TIDY}) if self.kinds.get(column) is Kind.TEXT else self

    @cached_property
    def from_codes(self) -> bool:
        """Whether lump sums are told by their codes, no column telling them."""
        return self.columns.get(LUMP_SUM, LUMP_SUM) not in self.kinds

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        """The data of a line that the file holds."""
        blank = Translation(self.rules.program, self.rules.on, {}, {}, self.dialect)
        fields = self.rules.program.main.fields
        placed = {name: self.columns.get(name, name) for name in fields}
        return {name: cell(fields[name], column, self.kinds[column], blank) for name, column in placed.items() if column in self.kinds}

    @cached_property
    def _values(self) -> Mapping[str, str]:
        values = dict.fromkeys(self.rules.program.main.fields, "NULL") | {name: held.value for name, held in self.cells.items()}
        if self.from_codes:
            codes = self.dialect.texts(sorted(self.lump_sums))
            values[LUMP_SUM] = f"({self.cells[CODE].value} IN {codes})" if self.lump_sums else "FALSE"
        return values

    def _answer(self, name: str, reading: Reading, *, nullable: bool = False) -> str:
        chosen = {**self.rules.assume, **dict(reading)}
        return Translation(self.rules.program, self.rules.on, chosen, self._values, self.dialect, nullable).answer(name)

    # --- conditions --------------------------------------------------------------------------------------------------------------

    @cached_property
    def _fit(self) -> str:
        cells = [f"({self.cells[name].fit})" for name in sorted(self.needed)]
        return " AND ".join([*cells, *(f"NOT ({condition})" for condition in map(self._at_odds, self.rules.contradictions))])

    def _at_odds(self, name: str) -> str:
        """Return the condition of a contradiction: one reading that finds it is enough."""
        return " OR ".join(f"({self._answer(name, reading)})" for reading in self.rules.readings([name]))

    def _counted(self, reading: Reading) -> str:
        """Return the condition that a fit line counts, under one reading."""
        parts = [self._answer(name, _part(reading, self.rules.questions([name]))) for name in self.rules.aside]
        return " AND ".join(f"NOT ({part})" for part in parts) or "TRUE"

    @cached_property
    def _counted_always(self) -> str:
        return " AND ".join(f"({condition})" for condition in map(self._counted, self.rules.readings(self.rules.aside)))

    @cached_property
    def _counted_somewhere(self) -> str:
        return " OR ".join(f"({condition})" for condition in map(self._counted, self.rules.readings(self.rules.aside)))

    def _reasons(self) -> Iterator[tuple[str, str, bool]]:
        """Yield (reason, condition, whether it leaves the year in doubt) of all that sets a line aside."""
        for name in sorted(self.needed):
            yield from ((reason, condition, True) for reason, condition in self.cells[name].faults)
        for name in self.rules.contradictions:
            yield name.removeprefix(_FAULT), self._at_odds(name), True
        for name in self.rules.aside:
            readings = self.rules.readings([name])
            conditions = [self._answer(name, reading) for reading in readings]
            bare = name.removeprefix(_ASIDE)
            if len(readings) == 1:
                yield bare, conditions[0], False
                continue
            everywhere = " AND ".join(conditions)
            yield bare, everywhere, False
            for reading, condition in zip(readings, conditions, strict=True):
                chosen = ",".join(f"{question}={choice}" for question, choice in reading)
                yield f"{bare}[{chosen}]", f"({condition}) AND NOT ({everywhere})", False

    # --- queries -----------------------------------------------------------------------------------------------------------------

    def suspects(self) -> str:
        """Query the keys that several lines bear."""
        keys = self._names(self.key)
        present = " AND ".join(f"{key} IS NOT NULL" for key in keys)
        return f"SELECT {', '.join(keys)} FROM actes WHERE {present} GROUP BY {', '.join(keys)} HAVING count(*) > 1"

    def repeated(self) -> str:
        """Query the lines of the keys in `suspectes`, each content once, with how often it stands and how many contents its key has."""
        keys, held = ", ".join(self._names(self.key)), ", ".join(self._names(self.kept))
        same = " AND ".join(f"actes.{key} = suspectes.{key}" for key in self._names(self.key))
        each = f"SELECT {held}, count(*) AS __optam_copies FROM actes WHERE EXISTS (SELECT 1 FROM suspectes WHERE {same}) GROUP BY {held}"
        return f"SELECT *, count(*) OVER (PARTITION BY {keys}) AS __optam_contenus FROM ({each}) AS repetees"

    def lines(self, *, repeated: bool) -> str:
        """Query the lines to count: those of no key in `suspectes`, and one for each key whose lines are all the same."""
        if not repeated:
            return "SELECT * FROM actes"
        held = ", ".join(self._names(self.kept))
        same = " AND ".join(f"actes.{key} = suspectes.{key}" for key in self._names(self.key))
        once = f"SELECT {held} FROM en_double WHERE __optam_contenus = 1"
        return f"SELECT {held} FROM actes WHERE NOT EXISTS (SELECT 1 FROM suspectes WHERE {same}) UNION ALL {once}"

    def totals(self) -> str:
        """Query the figures of each practitioner and year over `lignes`, one column a figure and a reading."""
        columns = [
            f"{self._values[PRACTITIONER]} AS praticien",
            f"{self._answer(self.rules.year, ())} AS annee",
            f"count(*) FILTER (WHERE {self._counted_always}) AS lignes_comptees" if self._open else "count(*) AS lignes_comptees",
            "count(*) AS lignes_lues",
        ]
        for name in self.rules.sums:
            for number, reading in enumerate(self.rules.readings([name, *self.rules.aside])):
                value = self._answer(name, _part(reading, self.rules.questions([name])))
                condition = self._counted(_part(reading, self.rules.questions(self.rules.aside)))
                kept = f"CASE WHEN {condition} THEN {value} END" if self._open else value
                columns.append(f"sum({kept}) AS {name}_{number}")
        columns += [f"count(*) FILTER (WHERE {self._answer(name, (), nullable=True)}) AS {name}" for name in self.rules.notices]
        where = f"{self._fit} AND ({self._counted_somewhere})"
        return f"SELECT {', '.join(columns)} FROM lignes WHERE {where} GROUP BY 1, 2"

    @cached_property
    def _open(self) -> bool:
        return len(self.rules.readings(self.rules.aside)) > 1

    def strangers(self) -> str:
        """Query the practitioners of `totaux` who are not among `connus`."""
        known = "SELECT 1 FROM connus WHERE connus.praticien = totaux.praticien"
        return f"SELECT DISTINCT praticien FROM totaux WHERE NOT EXISTS ({known})"

    def untidy(self, relation: str, column: str) -> str:
        """Query whether some practitioner of a relation is not the name that it would be once read with care."""
        return f"SELECT EXISTS(SELECT 1 FROM {relation} WHERE {self.dialect.untidy(column)})"

    def set_aside(self, *, strangers: bool, repeated: bool) -> str:
        """Query the lines that do not count in every reading, those of `inconnus` and the repeated ones, each with its reasons."""
        practitioner = self._values[PRACTITIONER]
        reasons = [f"CASE WHEN {condition} THEN {self.dialect.text(reason)} END" for reason, condition, _ in self._reasons()]
        doubt = " OR ".join(f"COALESCE({condition}, FALSE)" for _, condition, doubtful in self._reasons() if doubtful)
        out = " AND ".join(f"NOT COALESCE({condition}, FALSE)" for reason, condition, d in self._reasons() if not d and "[" not in reason)
        if self.known_practitioners:
            # Not `NOT IN`, which Spark compares with every practitioner, for the sake of NULLs that `connus` has none of.
            reasons.append(
                f"CASE WHEN {practitioner} IN (SELECT praticien FROM connus) THEN NULL"
                f" WHEN {practitioner} IS NOT NULL THEN {self.dialect.text(UNKNOWN_PRACTITIONER)} END"
            )
        held = ", ".join(self._names(self.kept))
        told = f"{practitioner} AS {APART_PRACTITIONER}, {self._answer(self.rules.year, ())} AS {APART_YEAR}"
        kept = f"(({self._fit} AND {self._counted_always}) IS NOT TRUE)"
        if strangers:
            kept += f" OR {practitioner} IN (SELECT praticien FROM inconnus)"
        query = (
            f"SELECT {held}, concat_ws('|', {', '.join(reasons)}) AS {REASONS}, ({doubt}) AND ({out or 'TRUE'}) AS {APART_DOUBT}, {told}"
            f" FROM lignes WHERE {kept}"
        )
        if repeated:
            beyond_first, each = self.dialect.numbers(2, "__optam_copies"), self.dialect.numbers(1, "__optam_copies")
            query += (
                f" UNION ALL SELECT {held}, '{COPY}', FALSE, {told} FROM"
                f" (SELECT *, {beyond_first} AS __optam_rang FROM en_double WHERE __optam_contenus = 1) AS copies_de_trop"
                f" UNION ALL SELECT {held}, '{CONTRADICTION}', TRUE, {told} FROM"
                f" (SELECT *, {each} AS __optam_rang FROM en_double WHERE __optam_contenus > 1) AS contradictoires"
            )
        return query

    def years(self, *, strangers: bool, doubts_unknown: bool) -> str:
        """Query the years over `totaux` and `ecartees`: a figure is NULL, unknown, where readings differ or a line leaves it in doubt."""
        figures = []
        for name in self.rules.sums:
            several = [f"COALESCE({name}_{n}, 0)" for n, _ in enumerate(self.rules.readings([name, *self.rules.aside]))]
            # A year of which no line counts is not a year of zeros: only faulty lines say that it was worked.
            conditions = ["lignes_lues IS NOT NULL", *(["NOT doute"] if doubts_unknown else [])]
            agreed = " AND ".join([*conditions, *(f"{several[0]} = {other}" for other in several[1:])])
            kind = "DECIMAL(38,2)" if self.rules.program.entities[YEAR_ENTITY].fields[name].type is Scalar.MONEY else "BIGINT"
            figures.append(f"CASE WHEN {agreed} THEN CAST({several[0]} AS {kind}) END AS {name}")
        known = " WHERE praticien IS NOT NULL"
        if strangers:
            known += " AND NOT EXISTS (SELECT 1 FROM inconnus WHERE inconnus.praticien = toutes.praticien)"
        who, year, doubt = APART_PRACTITIONER, APART_YEAR, APART_DOUBT
        doubtful = f"SELECT DISTINCT {who} AS praticien, {year} AS annee FROM ecartees WHERE {doubt} AND {who} IS NOT NULL"
        if self.known_practitioners:
            doubtful += f" AND {who} IN (SELECT praticien FROM connus)"
        return (
            f"WITH douteuses AS ({doubtful}), toutes AS ("
            "SELECT COALESCE(totaux.praticien, d.praticien) AS praticien, COALESCE(totaux.annee, d.annee) AS annee,"
            " d.praticien IS NOT NULL OR sans_annee.praticien IS NOT NULL AS doute, totaux.* "
            f"{self.dialect.excluding} (praticien, annee)"
            " FROM totaux FULL JOIN (SELECT * FROM douteuses WHERE annee IS NOT NULL) AS d"
            " ON totaux.praticien = d.praticien AND totaux.annee = d.annee"
            " LEFT JOIN (SELECT praticien FROM douteuses WHERE annee IS NULL) AS sans_annee"
            " ON COALESCE(totaux.praticien, d.praticien) = sans_annee.praticien)"
            f" SELECT praticien AS identifiant, annee, {', '.join(figures)}, doute, lignes_comptees, lignes_lues,"
            f" {', '.join(self.rules.notices) or 'NULL AS rien'} FROM toutes{known}"
        )

    def _names(self, names: Iterable[str]) -> list[str]:
        return [self.dialect.identifier(name) for name in names]


def known_practitioners(dialect: Dialect) -> str:
    """Query the practitioners that `medecins`, the file of the known ones, names."""
    name = f"NULLIF({dialect.trimmed(f'CAST({LINE} AS {dialect.text_type})')}, '')"
    return f"SELECT * FROM (SELECT DISTINCT {name} AS praticien FROM medecins) AS nommes WHERE praticien IS NOT NULL"


def _part(reading: Reading, questions: Sequence[str]) -> Reading:
    return tuple(pair for pair in reading if pair[0] in questions)
