"""The page of Spark: its blocks run in order, on a small cluster of files, and what they write is what the embedded engines give."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import optam_rules
from tests.docs.blocks import ROOT, blocks
from tests.support.acts import ON, Line
from tests.unit.interop.test_acts import SETTLED, line, table
from tests.unit.spark.test_acts import rows

pytestmark = pytest.mark.xdist_group("spark")

PAGE = ROOT / "docs" / "how-to" / "spark.md"


def act(name: str, doctor: str, day: str, fee: str = "35", **cells: str) -> Line:
    """Return an act settled the day it is done."""
    return line(identifiant=name, praticien=doctor, date_acte=day, date_reglement=day, honoraires=fee, **cells)


def test_the_blocks_of_the_page_run_and_give_what_embedded_engines_give(spark: Any, tmp_path: Path) -> None:
    """Acts in partitions, one repeated, one of a stranger; two doctors of a group, a third alone and without activity in 2015.

    DR-1 exceeds 12 € on 23 € in each year of reference, DR-2 by nothing: the mean of their region is (12/23 + 0)/2 = 6/23 = 26.09 %,
    which DR-3 gets, for want of activity in the last year of reference.
    """
    acts = [act(f"{who}{year}", who, f"{year}-05-02", fee) for who, fee in (("DR-1", "35"), ("DR-2", "23")) for year in (2013, 2014, 2015)]
    acts += [acts[0], act("5", "DR-9", "2014-05-02"), act("6", "DR-3", "2016-05-02"), act("7", "DR-1", "2015-06-02", code_acte="ROSP")]
    for year in (2013, 2014, 2015, 2016):
        (tmp_path / "actes" / f"an={year}").mkdir(parents=True)
        held = [each for each in acts if str(each["date_acte"]).startswith(str(year))]
        pq.write_table(table(held), tmp_path / "actes" / f"an={year}" / "0.parquet")
    plain = {"secteur": "secteur_2", "specialite": "radiologie", "adherent_cas": False}
    doctors = [
        plain | {"identifiant": f"DR-{n}", "region": "bretagne", "demande_taux_groupe": n < 3, "groupe": group}
        for n, group in ((1, "G"), (2, "G"), (3, None))
    ]
    pq.write_table(pa.Table.from_pylist(doctors), tmp_path / "medecins")
    group = {"identifiant": "G", "meme_structure": True, "pratique_tarifaire_commune": True}
    pq.write_table(pa.Table.from_pylist([group]), tmp_path / "groupes")

    page = [block.text for block in blocks(PAGE) if block.language == "python"]
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for text in page:
            exec(compile(text.replace("hdfs://grappe/", f"file://{tmp_path}/"), str(PAGE), "exec"), names)

    wanted = optam_rules.exercices(
        tmp_path / "actes", on=ON, practitioners=[row["identifiant"] for row in doctors], lump_sums=["ROSP"], assume=SETTLED
    )
    assert wanted.years is not None
    assert wanted.set_aside is not None
    assert {"doublon": 1, "praticien_inconnu": 1, "forfait": 1} == wanted.report.reasons
    assert printed.getvalue().splitlines() == [str(sentence) for sentence in wanted.report.sentences()]
    assert rows(wanted.years) == rows(pq.read_table(tmp_path / "exercices"))
    assert rows(wanted.set_aside) == rows(pq.read_table(tmp_path / "ecartees"))
    told = {row["identifiant"]: row["taux_depassement_constate"] for row in pq.read_table(tmp_path / "jugements").to_pylist()}
    assert {"DR-1": "12/23", "DR-2": "0", "DR-3": "0.2609"} == told
