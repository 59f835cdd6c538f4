"""Acts to years at scale: `optam_rules.exercices` beside the DuckDB query that one would write by hand, on the same Parquet file.

Two hands: `sums` drops every line that does not count, unseen; `kept` also writes them to a file, each with its reasons, as the package
does. Each run is a process of its own, in turn; answers are compared. `python -m benchmarks.acts --rows 1e8 --folder DIR`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

import optam_rules
from benchmarks.measure import Sample, best, load_of_machine, median, peak_mib

ON = dt.date(2018, 6, 1)
SETTLED = {"reglement_du_dernier_jour": "compris", "acte_sous_la_base": "base_entiere"}
DOCTORS = 20_000
LUMP_SUMS = ("FMT", "ROSP")
RUNS = ("optam", "kept", "sums")

# Rows by a hash of their number: the first ones do not depend on how many are drawn.
_DRAW = """
SELECT 'DR-' || lpad(CAST(hash(i) % {doctors} AS VARCHAR), 6, '0') AS praticien,
  DATE '2015-01-01' + CAST(hash(i + 1) % 1096 AS INT) AS date_acte,
  CASE WHEN hash(i + 2) % 200 = 0 THEN 'ROSP' WHEN hash(i + 2) % 3 = 0 THEN 'APC' ELSE 'CS' END AS code_acte,
  CAST(CASE hash(i + 3) % 3 WHEN 0 THEN 23.00 WHEN 1 THEN 30.00 ELSE 47.73 END AS DECIMAL(9,2)) AS tarif_secteur_1,
  CAST(CASE hash(i + 3) % 3 WHEN 0 THEN 23.00 WHEN 1 THEN 23.00 ELSE 39.00 END AS DECIMAL(9,2)) AS tarif_propre,
  CASE WHEN hash(i + 4) % 1000 = 0 THEN NULL
    ELSE CAST(CASE WHEN hash(i + 4) % 1000 = 1 THEN -1 ELSE 1 END * (20 + (hash(i + 5) % 6000)::INT / 100.00) AS DECIMAL(9,2))
  END AS honoraires,
  hash(i + 6) % 20 = 0 AS urgence,
  hash(i + 7) % 10 = 0 AS beneficiaire_css,
  date_acte + CAST(CASE WHEN hash(i + 8) % 50 = 0 THEN 300 + hash(i + 9) % 200 ELSE hash(i + 9) % 60 END AS INT) AS date_reglement
FROM range({rows}) AS r(i)
"""

_VALID = (
    "praticien IS NOT NULL AND code_acte IS NOT NULL AND date_acte IS NOT NULL AND date_reglement IS NOT NULL"
    " AND tarif_secteur_1 >= 0 AND tarif_propre >= 0 AND honoraires >= 0 AND date_reglement >= date_acte"
)
_COUNTS = (
    f"{_VALID} AND date_reglement <= make_date(year(date_acte)::INT + 1, 3, 31) AND code_acte NOT IN ('FMT', 'ROSP')"
    f" AND tarif_secteur_1 > 0 AND tarif_propre > 0 AND date_acte <= DATE '{ON}' AND date_reglement <= DATE '{ON}'"
)
_KNOWN = "praticien IN (SELECT identifiant FROM medecins)"
_SUMS = f"""
CREATE TEMP TABLE annees AS SELECT praticien, year(date_acte) AS annee,
  sum(tarif_propre) AS honoraires_remboursables, sum(greatest(honoraires - tarif_propre, 0)) AS depassements,
  sum(CASE WHEN honoraires <= tarif_propre THEN tarif_propre ELSE 0 END) AS honoraires_opposables,
  sum(tarif_secteur_1) AS honoraires_remboursables_recalcules,
  sum(greatest(honoraires - tarif_secteur_1, 0)) AS depassements_recalcules,
  sum(CASE WHEN honoraires <= tarif_secteur_1 THEN tarif_secteur_1 ELSE 0 END) AS honoraires_opposables_recalcules,
  count(*) AS nombre_actes, count(*) FILTER (WHERE honoraires <= tarif_propre) AS nombre_actes_opposables,
  count(*) FILTER (WHERE honoraires <= tarif_secteur_1) AS nombre_actes_opposables_recalcules,
  count(*) FILTER (WHERE (urgence OR beneficiaire_css) AND honoraires > tarif_propre) AS a_regarder
FROM read_parquet('{{acts}}') WHERE {_COUNTS} AND {_KNOWN} GROUP BY ALL
"""
_KEPT = f"""
COPY (SELECT *, concat_ws('|', CASE WHEN praticien IS NULL THEN 'praticien' END, CASE WHEN date_acte IS NULL THEN 'date_acte' END,
  CASE WHEN honoraires IS NULL THEN 'manquant' END, CASE WHEN honoraires < 0 THEN 'negatif' END,
  CASE WHEN tarif_propre IS NULL OR tarif_secteur_1 IS NULL OR date_reglement IS NULL OR code_acte IS NULL THEN 'manquant' END,
  CASE WHEN date_reglement > make_date(year(date_acte)::INT + 1, 3, 31) THEN 'tardif' END,
  CASE WHEN date_reglement < date_acte THEN 'avant' END, CASE WHEN date_acte > DATE '{ON}' OR date_reglement > DATE '{ON}' THEN 'venir' END,
  CASE WHEN code_acte IN ('FMT', 'ROSP') THEN 'forfait' END, CASE WHEN tarif_secteur_1 = 0 OR tarif_propre = 0 THEN 'sans_base' END,
  CASE WHEN praticien NOT IN (SELECT identifiant FROM medecins) THEN 'inconnu' END) AS motifs
FROM read_parquet('{{acts}}') WHERE ({_COUNTS}) IS NOT TRUE OR NOT {_KNOWN}) TO '{{apart}}' (FORMAT parquet)
"""


def draw(folder: Path, rows: int) -> Path:
    """Write the acts and the known doctors (one in two hundred is not), unless they are there."""
    acts = folder / f"actes-{rows}.parquet"
    if not acts.exists():
        begun = acts.with_suffix(".part")
        with duckdb.connect() as run:
            run.execute(f"COPY ({_DRAW.format(rows=rows, doctors=DOCTORS)}) TO '{begun}' (FORMAT parquet)")
            known = f"SELECT 'DR-' || lpad(CAST(i AS VARCHAR), 6, '0') AS identifiant FROM range({DOCTORS}) AS r(i) WHERE i % 200 > 0"
            run.execute(f"COPY ({known}) TO '{folder / 'medecins.parquet'}' (FORMAT parquet)")
        begun.rename(acts)
    return acts


def once(name: str, acts: Path, written: Path) -> dict[str, Any]:
    """Run one engine in this process; tell its time, its peak memory, and a sum of all its figures."""
    doctors, years, apart = acts.parent / "medecins.parquet", written / "annees.parquet", written / "apart.parquet"
    loading = time.perf_counter()
    pack = optam_rules.load("actes") if name == "optam" else "actes"
    begun = time.perf_counter()
    if name == "optam":
        optam_rules.exercices(
            acts,
            pack=pack,
            on=ON,
            practitioners=doctors,
            lump_sums=LUMP_SUMS,
            assume=SETTLED,
            doubts="computed",
            output=years,
            anomalies=apart,
        )
    else:
        with duckdb.connect() as run:
            run.execute(f"CREATE TEMP TABLE medecins AS SELECT identifiant FROM '{doctors}'")
            run.execute(_SUMS.format(acts=acts))
            run.execute(f"COPY (SELECT * FROM annees ORDER BY ALL) TO '{years}' (FORMAT parquet)")
            if name == "kept":
                run.execute(_KEPT.format(acts=acts, apart=apart))
    seconds = time.perf_counter() - begun
    with duckdb.connect() as run:
        told = run.execute(
            f"SELECT count(*), sum(honoraires_remboursables), sum(depassements), sum(honoraires_opposables),"
            f" sum(honoraires_remboursables_recalcules), sum(depassements_recalcules), sum(honoraires_opposables_recalcules),"
            f" sum(nombre_actes), sum(nombre_actes_opposables), sum(nombre_actes_opposables_recalcules)"
            f" FROM '{years}' WHERE nombre_actes > 0"
        ).fetchall()[0]
        left = run.execute(f"SELECT count(*) FROM '{apart}'").fetchall()[0][0] if apart.exists() else None
    peak = peak_mib()
    return {"seconds": seconds, "load_seconds": begun - loading, "peak_mib": peak, "figures": [str(part) for part in told], "apart": left}


def side_by_side(folder: Path, rows: int, repeats: int) -> dict[str, Any]:
    """Run every engine in turn, each time in a new process; refuse to report where answers differ."""
    acts = draw(folder, rows)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in RUNS}
    for _ in range(repeats):
        for name in RUNS:
            with TemporaryDirectory(dir=folder) as written:
                call = [sys.executable, "-m", "benchmarks.acts", "--once", name, "--acts", str(acts), "--folder", written]
                told = subprocess.run(call, check=True, capture_output=True, text=True).stdout
            found[name].append(json.loads(told))
    figures = {name: runs[0]["figures"] for name, runs in found.items()}
    apart = {name: runs[0]["apart"] for name, runs in found.items() if runs[0]["apart"] is not None}
    if len({tuple(each) for each in figures.values()}) > 1 or len(set(apart.values())) > 1:
        raise SystemExit(f"the answers differ: {figures}, set aside {apart}")
    samples = {name: [Sample(run["seconds"], rows) for run in runs] for name, runs in found.items()}
    return {
        "rows": rows,
        "set_aside": apart["optam"],
        "years": int(figures["optam"][0]),
        "load": load_of_machine(),
        "versions": {"duckdb": duckdb.__version__, "python": sys.version.split()[0]},
        "engines": {
            name: {
                "rows_per_second_best": best(samples[name]),
                "rows_per_second_median": median(samples[name]),
                "peak_mib": max(run["peak_mib"] for run in runs),
                "pack_load_seconds": min(run["load_seconds"] for run in runs),
                "ratio_to_kept": best(samples[name]) / best(samples["kept"]),
            }
            for name, runs in found.items()
        },
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.acts", description=__doc__)
    parser.add_argument("--rows", type=lambda text: int(float(text)), default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=Path, required=True, help="where the acts are written, and found again")
    parser.add_argument("--once", choices=RUNS, help=argparse.SUPPRESS)
    parser.add_argument("--acts", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.once:
        print(json.dumps(once(given.once, given.acts, given.folder)))
    else:
        print(json.dumps(side_by_side(given.folder, given.rows, given.repeats), indent=2))


if __name__ == "__main__":
    main()
