"""What the measures of Spark are made into: slopes, and what they give for a nation."""

from __future__ import annotations

from typing import Any

from benchmarks.spark import exponent, tables


def test_the_slope_of_a_power_is_its_exponent() -> None:
    """3 x^2 on three decades has slope 2."""
    assert abs(exponent([(10.0**n, 3 * 10.0 ** (2 * n)) for n in (1, 2, 3)]) - 2) < 1e-12


def test_a_nation_is_never_told_less_than_in_proportion() -> None:
    """From 10 s at 10^6 and 50 s at 10^7: slope log10(5) = 0.70, told as 1: 50 s x 100 = 5000 s, 1.4 core hours; 10 MiB x 100 = 1.0 GiB."""

    def point(rows: int, cpu: float) -> dict[str, Any]:
        ours = {"seconds": cpu, "cpu_seconds": cpu, "shuffled_mib": rows / 10**6, "spilled_mib": 0.0, "peak_mib": 900}
        return {"rows": rows, "input_mib": rows / 10**5, "spark": ours, "duckdb": {"seconds": 2.0, "peak_mib": 100}}

    found = {"cores": 2, "repeats": 1, "load": {"load_1_minute": 0.5}, "versions": {"pyspark": "4", "duckdb": "2"}}
    told = tables({**found, "points": [point(10**6, 10.0), point(10**7, 50.0)]})
    assert "| calcul, somme des cœurs | 0.70 | 1.00 | 1.4 heures de cœur |" in told
    assert "| octets mélangés | 1.00 | 1.00 | 1.0 Gio |" in told
    assert "| entrée | 1 | 1 | 9.8 Gio |" in told
