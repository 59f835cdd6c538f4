"""From a register of practitioners, their years and their groups, each a data frame, to one row a record, by joins and aggregates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from optam_rules.api import Pack, load
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.core.scalars import shown
from optam_rules.core.types import EntityType, ListType
from optam_rules.core.vocabulary import Vocabulary
from optam_rules.interop.acts.plan import YEAR_ENTITY
from optam_rules.spark.sessions import check_installed

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def records(
    practitioners: DataFrame, *, pack: Pack | str | Path, years: DataFrame | None = None, groups: DataFrame | None = None
) -> DataFrame:
    """Return the records of practitioners, as `evaluate_table` reads them: one row each, with years and group.

    `years` has one row a year and the column `identifiant` of its practitioner, as `exercices` gives them; a practitioner without a row has
    unknown years, not none. `groups` has one row a group; `practitioners` names it in a column `groupe`, and its members are the rows that
    name it. A row of `years` or `groups` that no practitioner answers to stops the call (E539), which looks for them at once.

    Raises MissingExtraError (E701), CallError for a column that is not there (E536), and as `load`.
    """
    program = (pack if isinstance(pack, Pack) else load(pack)).program
    check_installed()
    from pyspark.sql import functions as f

    vocabulary, main = Vocabulary.of(program), program.main
    own = vocabulary.identifying[main.name].name
    found = practitioners
    _need(found, own)
    if years is not None:
        _need(years, own)
        held = next(field.name for field in main.fields.values() if field.type == ListType(EntityType(YEAR_ENTITY)))
        _none_astray(years, own, found, own, held)
        figures = f.struct(*(name for name in years.columns if name != own))
        found = found.join(years.groupBy(own).agg(f.sort_array(f.collect_list(figures)).alias(held)), own, "left")
    if groups is not None:
        link = vocabulary.by_member[main.name]
        name = vocabulary.identifying[link.whole].name
        _need(found, link.field)
        _need(groups, name)
        _none_astray(groups, name, found, link.field, link.whole)
        members = found.where(f.col(link.field).isNotNull()).groupBy(link.field)
        listed = members.agg(f.sort_array(f.collect_list(own)).alias(link.items))
        # A group that has no row is known by its members alone.
        told = listed.join(groups.withColumnRenamed(name, link.field), link.field, "left")
        others = [column for column in groups.columns if column != name]
        whole = f.struct(f.col(link.field).alias(name), *others, link.items).alias("__optam_groupe")
        found = found.join(told.select(link.field, whole), link.field, "left")
        found = found.drop(link.field).withColumnRenamed("__optam_groupe", link.field)
    return found


def _need(frame: DataFrame, name: str) -> None:
    if name not in frame.columns:
        raise CallError([diagnose("E536", name=name)])


def _none_astray(rows: DataFrame, key: str, practitioners: DataFrame, named: str, what: str) -> None:
    """Raise CallError where a row belongs to nobody."""
    known = practitioners.select(practitioners[named].alias("__optam_connu")).distinct()
    astray = rows.join(known, rows[key] == known["__optam_connu"], "left_anti").select(key).limit(1).collect()
    if astray:
        raise CallError([diagnose("E539", path=what, found=shown(astray[0][0]))])
