"""Engines that take columns: NumPy and a loop in C as limits, this package where it has a columnar backend, and peers."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contest.entry import Contestant, Part, Ready, Row, Workload
from benchmarks.contest.printers import SQL, algebra, infix
from benchmarks.contest.rows import ON, pack
from benchmarks.optam16.by_hand import ANSWERS, RATES
from benchmarks.optam16.records import FIELDS, MONEY
from benchmarks.optam16.records import RATES as GIVEN_RATES
from benchmarks.optam16.trees import RULES

_BLOCK = 16_384  # records whose columns stay in the cache


def _rows(columns: Sequence[Any]) -> list[Row]:
    return list(zip(*(np.asarray(column).tolist() for column in columns), strict=True))


def _numpy(work: Workload) -> Ready:
    count, drawn = work.count, work.drawn
    out = {name: np.empty(count, np.int64) for name in ANSWERS}

    def run() -> None:
        with np.errstate(divide="ignore", invalid="ignore"):
            for low in range(0, count, _BLOCK):
                part: dict[str, Any] = {name: column[low : low + _BLOCK] for name, column in drawn.items()}
                for name, tree in RULES.items():
                    part[name] = algebra(tree, part.__getitem__, np.where, np.isin)
                    out[name][low : low + _BLOCK] = part[name]

    return Ready(run, lambda _: _rows([out[name] for name in ANSWERS]))


def _c_loop(work: Workload) -> Ready:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise ImportError("no C compiler", name="gcc")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "loop.so"
        source = Path(__file__).parent / "loop.c"
        subprocess.run([compiler, "-O3", "-march=native", "-shared", "-fPIC", "-o", str(target), str(source)], check=True)
        judge = ctypes.CDLL(str(target)).judge  # stays mapped when the file goes
    given = [np.ascontiguousarray(work.drawn[name]) for name in FIELDS]
    out = [np.empty(work.count, np.int64) for _ in ANSWERS]
    pointers = [(ctypes.c_void_p * len(some))(*(column.ctypes.data for column in some)) for some in (given, out)]

    def run() -> list[Any]:
        judge(ctypes.c_int64(work.count), *pointers)
        return [given, out]  # C keeps no reference to them: what runs must, for as long as it may run

    return Ready(run, lambda _: _rows(out))


def _duckdb(work: Workload) -> Ready:
    connection = import_module("duckdb").connect()
    connection.register("dossiers", import_module("pyarrow").table(work.drawn))
    # A later column may read an earlier one by its name.
    query = ", ".join(f"{infix(tree, SQL)} AS {name}" for name, tree in RULES.items())
    return Ready(
        lambda: connection.sql(f"SELECT {query} FROM dossiers").to_arrow_table(),
        lambda table: _rows([table.column(name).to_numpy(zero_copy_only=False) for name in ANSWERS]),
    )


def _polars(work: Workload) -> Ready:
    return _by_polars(import_module("polars").DataFrame(work.drawn), {})


def _polars_from_table(work: Workload) -> Ready:
    """Begin from what a user holds, as `evaluate_table` does: decimals, booleans and names become integers first."""
    from benchmarks.optam16.records import BOOLEANS, MONEY, RATES, TITLES
    from benchmarks.optam16.tables import table

    pl = import_module("polars")
    integers = {name: pl.col(name).to_physical().cast(pl.Int64) for name in (*MONEY, *RATES)}
    integers |= {name: pl.col(name).cast(pl.Int64) for name in BOOLEANS}
    integers["titre_du_praticien"] = pl.col("titre_du_praticien").cast(pl.Enum(TITLES)).to_physical().cast(pl.Int64)
    return _by_polars(pl.from_arrow(table(work.drawn)), integers)


def _by_polars(frame: Any, integers: dict[str, Any]) -> Ready:
    pl = import_module("polars")

    def where(condition: Any, then: Any, otherwise: Any) -> Any:
        return pl.when(condition).then(then).otherwise(otherwise)

    def run() -> Any:
        plan = frame.lazy().with_columns(**integers)
        for name, tree in RULES.items():
            plan = plan.with_columns(algebra(tree, pl.col, where, lambda tested, values: tested.is_in(values)).alias(name))
        return plan.select(ANSWERS).collect(engine="streaming")

    return Ready(run, lambda table: _rows([table[name].to_numpy() for name in ANSWERS]))


def _openfisca(*, floats: bool) -> Callable[[Workload], Ready]:
    """Write the rules for OpenFisca: integers throughout, or amounts, rates and shares as the floats that its packages use."""
    numbers = {*MONEY, *GIVEN_RATES, *RATES, "exces_de_reference", "base_de_reference", "prime_due"} if floats else frozenset[str]()

    def prepare(work: Workload) -> Ready:
        entities, periods = import_module("openfisca_core.entities"), import_module("openfisca_core.periods")
        variables, systems = import_module("openfisca_core.variables"), import_module("openfisca_core.taxbenefitsystems")
        simulations = import_module("openfisca_core.simulation_builder")
        person = entities.build_entity(key="person", plural="persons", label="", is_person=True)
        system = systems.TaxBenefitSystem([person])
        common = {"entity": person, "definition_period": periods.DateUnit.YEAR, "label": ""}

        def add(name: str, more: Mapping[str, Any]) -> None:
            held = {**common, "value_type": float if name in numbers else int, **more}
            system.add_variable(type(name, (variables.Variable,), held))

        for name in FIELDS:
            add(name, {})
        for name, tree in RULES.items():
            add(name, {"formula": _formula(tree, numbers)})

        def run() -> Any:
            simulation = simulations.SimulationBuilder().build_default_simulation(system, count=work.count)
            for name in FIELDS:
                simulation.set_input(name, "2017", work.drawn[name])
            with np.errstate(divide="ignore", invalid="ignore"):
                return [simulation.calculate(name, "2017") for name in ANSWERS]

        return Ready(run, _rows)

    return prepare


def _formula(tree: Any, floats: Collection[str]) -> Callable[[Any, Any], Any]:
    def formula(person: Any, period: Any) -> Any:
        def read(name: str) -> Any:
            held = person(name, period)
            return held if name in floats else held.astype(np.int64)

        return algebra(tree, read, np.where, np.isin)

    return formula


def _ours(rates: str, engine: str) -> Callable[[Workload], Ready]:
    def prepare(work: Workload) -> Ready:
        from benchmarks.optam16.tables import table

        if engine == "kernel":
            import_module("numba")
        evaluate, given = pack().evaluate_table, table(work.drawn)
        return Ready(lambda: evaluate(given, on=ON, answers=ANSWERS, rates=rates, engine=engine), _told)

    return prepare


def _told(table: Any) -> list[Row]:
    from fractions import Fraction

    from benchmarks.optam16.trees import OPTIONS, TIERS

    def place(name: str, value: Any) -> Any:
        if name in RATES:
            return Fraction(value) * 1_000_000
        if isinstance(value, str):
            return OPTIONS.index(value) if value in OPTIONS else TIERS.index(value)
        return value * 100 if name in ("exces_de_reference", "base_de_reference", "prime_due") else value

    return list(zip(*([place(name, value) for value in table.column(name).to_pylist()] for name in ANSWERS), strict=True))


COLUMNS: tuple[Contestant, ...] = (
    Contestant("c-loop", Part.LIMIT, _c_loop, remark="gcc -O3 -march=native, one thread"),
    Contestant("numpy-by-hand", Part.LIMIT, _numpy, "numpy", "blocks of 16,384 records, one thread"),
    Contestant(
        "optam-table", Part.OURS, _ours("text", "numpy"), remark="`evaluate_table`, statuses, standings, needs and clauses included"
    ),
    Contestant("optam-table-decimal", Part.OURS, _ours("decimal", "numpy"), remark='the same, `rates="decimal"`'),
    Contestant("optam-kernel", Part.OURS, _ours("text", "kernel"), "numba", 'the same, `engine="kernel"`'),
    Contestant("optam-kernel-decimal", Part.OURS, _ours("decimal", "kernel"), "numba", 'both: `engine="kernel"`, `rates="decimal"`'),
    Contestant("duckdb-by-hand", Part.PEER, _duckdb, "duckdb", "one SELECT over Arrow columns, all threads"),
    Contestant("polars-by-hand", Part.PEER, _polars, "polars", "lazy expressions, streaming engine, all threads"),
    Contestant("polars-from-table", Part.PEER, _polars_from_table, "polars", "the same, from the table of decimals that ours read"),
    Contestant("openfisca-core", Part.PEER, _openfisca(floats=False), "openfisca-core", "integers as they come: stored on 32 bits"),
    Contestant(
        "openfisca-core-floats",
        Part.PEER,
        _openfisca(floats=True),
        "openfisca-core",
        "amounts and rates as floats, as they come: 32 bits",
        exact=False,
    ),
)
