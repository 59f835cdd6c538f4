"""From the queries of a plan to years and lines set aside, in whatever engine holds the lines; and to the account of every line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import attrs

from optam_rules.base.phrases import Phrase
from optam_rules.interop.acts.lines import Kind
from optam_rules.interop.acts.plan import APART_DOUBT, APART_PRACTITIONER, LUMP_SUM, PRACTITIONER, REASONS, Plan, Rules
from optam_rules.interop.acts.report import Report

UNREADABLE_LINE = "ligne_illisible"


@attrs.frozen
class Request:
    """What a call says beside the acts and the pack: see `optam_rules.exercices`. An engine may know other forms of `practitioners`."""

    practitioners: str | Path | Collection[str] | Any | None = None
    key: Sequence[str] | None = None
    columns: Mapping[str, str] = attrs.field(factory=dict)
    lump_sums: Collection[str] = ()
    doubts_unknown: bool = True
    memory_limit: str | None = None
    threads: int | None = None


class Engine(Protocol):
    """Where relations of a name stand, and queries over them run."""

    def hold(self, name: str, query: str) -> int:
        """Compute a relation once, for the queries that follow; return the number of its rows."""

    def hold_keys(self, name: str, query: str) -> int:
        """Compute a relation as `hold`, of keys that rows are looked up in."""

    def set_apart(self, name: str, query: str) -> None:
        """Compute a relation as `hold`, of lines as they came, which may be many."""

    def view(self, name: str, query: str) -> None:
        """Name a query."""

    def untidy(self, columns: Sequence[str]) -> Sequence[bool]:
        """Tell, of each of some columns of texts of `actes`, whether some text of it is `untidy`, as the dialect has it."""

    def rows(self, query: str) -> Sequence[Sequence[Any]]:
        """Run a query of few rows."""


def looked_through(engine: Engine, plan: Plan) -> Plan:
    """Return the plan that reads as they stand the columns of texts that need no care: it is dear, a line at a time."""
    if not (texts := plan.texts):
        return plan
    tidy = {text: Kind.TIDY for text, found in zip(texts, engine.untidy(texts), strict=True) if not found}
    return attrs.evolve(plan, kinds={**plan.kinds, **tidy})


@attrs.frozen
class Years:
    """The years and the lines set aside, in an engine that is open and holds `actes`, and `connus` where practitioners are known."""

    engine: Engine
    plan: Plan
    request: Request

    def compute(self) -> None:
        """Run the queries: `annees` and `ecartees` stand when it returns."""
        engine, plan = self.engine, self.plan
        repeated = bool(plan.key) and engine.hold_keys("suspectes", plan.suspects()) > 0
        if repeated:
            engine.hold("en_double", plan.repeated())
        engine.view("lignes", plan.lines(repeated=repeated))
        # Whatever line is not summed is set aside: both are looked through for practitioners that were to be read with care.
        taken = plan.bare
        engine.hold("totaux", taken.totals())
        if taken is not plan and engine.rows(plan.untidy("totaux", PRACTITIONER))[0][0]:
            taken = plan
            engine.hold("totaux", plan.totals())
        strangers = plan.known_practitioners and engine.hold_keys("inconnus", plan.strangers()) > 0
        engine.set_apart("ecartees", taken.set_aside(strangers=strangers, repeated=repeated))
        if taken is not plan and engine.rows(plan.untidy("ecartees", APART_PRACTITIONER))[0][0]:
            engine.set_apart("ecartees", plan.set_aside(strangers=strangers, repeated=repeated))
        engine.hold("annees", plan.years(strangers=strangers, doubts_unknown=self.request.doubts_unknown))

    @property
    def years_query(self) -> str:
        """The years as records of `exercice`, with `identifiant`."""
        rules = self.plan.rules
        return f"SELECT identifiant, {rules.year}, {', '.join(rules.sums)} FROM annees ORDER BY identifiant, {rules.year}"

    @property
    def set_aside_query(self) -> str:
        """The lines set aside: the columns of the file, and `motifs`."""
        return f"SELECT {', '.join(self.plan.dialect.identifier(name) for name in self.plan.kept)}, {REASONS} FROM ecartees"

    def report(self) -> Report:
        """Count what became of the lines."""
        rules, rows = self.plan.rules, self.engine.rows
        program = rules.program
        notices = "".join(f", COALESCE(sum({name}), 0)" for name in rules.notices)
        unsettled = " OR ".join(f"({name} IS NULL AND NOT doute)" for name in rules.sums)
        years, doubtful, unsure, counted, held, *noticed = rows(
            f"SELECT count(*), count(*) FILTER (WHERE doute), count(*) FILTER (WHERE {unsettled}),"
            f" COALESCE(sum(lignes_comptees), 0), COALESCE(sum(lignes_lues), 0){notices} FROM annees"
        )[0]
        unattributed, rejected = rows(
            f"SELECT count(*) FILTER (WHERE {APART_DOUBT} AND {APART_PRACTITIONER} IS NULL),"
            f" count(*) FILTER (WHERE {REASONS} LIKE '{UNREADABLE_LINE}:%') FROM ecartees"
        )[0]
        read = rows("SELECT count(*) FROM actes")[0][0] + rejected
        told = rows(
            f"SELECT CASE WHEN motif LIKE '{UNREADABLE_LINE}:%' THEN '{UNREADABLE_LINE}' ELSE motif END AS m, count(*)"
            f" FROM (SELECT {self.plan.dialect.parts(REASONS)} AS motif FROM ecartees) AS motifs_un_a_un GROUP BY m ORDER BY m"
        )
        names = rules.deciding
        return Report(
            program.id,
            program.version,
            program.digest,
            rules.on,
            int(read),
            int(counted),
            int(read) - int(held),
            int(held) - int(counted),
            {reason: int(count) for reason, count in told},
            {name.removeprefix("signalee_"): int(count) for name, count in zip(rules.notices, noticed, strict=True)},
            int(years),
            int(doubtful),
            int(unsure),
            int(unattributed),
            dict(rules.assume),
            {name: program.hypotheses[name].text for name in rules.questions(names)},
            _hypotheses(rules, names),
            self.plan.key,
            self._count_known(),
            self._lump_sums(),
        )

    def _lump_sums(self) -> Phrase:
        """Say what tells lump sums: a column, or the codes of the call."""
        if not self.plan.from_codes:
            column = self.plan.columns.get(LUMP_SUM, LUMP_SUM)
            return Phrase(f"colonne {column}", f"column {column}")
        codes = ", ".join(sorted(self.request.lump_sums))
        return Phrase(codes, codes) if codes else Phrase("aucun code donné", "no code given")

    def _count_known(self) -> int | None:
        known = self.plan.known_practitioners
        return int(self.engine.rows("SELECT count(*) FROM connus")[0][0]) if known else None


def _hypotheses(rules: Rules, names: Sequence[str]) -> tuple[str, ...]:
    versions = [rules.program.definitions[rules.program.main.name, name].version_at(rules.on) for name in names]
    return tuple(dict.fromkeys(v.provenance.hypothesis for v in versions if v is not None and v.provenance.hypothesis))
