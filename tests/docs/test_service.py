"""The service of examples/, called as its users would: judgements, refusals in full, and many threads on one pack."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from examples.service import app

URL = "/packs/cm-2016/judgements"


@pytest.fixture(scope="module")
def client() -> TestClient:
    """Call the service without a network."""
    return TestClient(app)


def years(*excesses: float | str) -> list[dict[str, Any]]:
    """Give the three years of reference, 100 000 € each."""
    return [
        {"annee": year, "honoraires_remboursables": "100000.00", "depassements": excess}
        for year, excess in zip((2013, 2014, 2015), excesses, strict=True)
    ]


def test_a_record_is_judged_exactly(client: TestClient) -> None:
    """(10.1 + 20 + 30) / 3 % = 60.1/300 = 601/3000: no float on the way, though the body writes 10100.0."""
    record = {
        "identifiant": "DR-1",
        "secteur": "secteur_2",
        "adherent_cas": True,
        "demande_taux_groupe": False,
        "exercices": years(10100.0, "20000", "30000"),
    }
    answer = client.post(URL, params={"on": "2017-06-08", "answers": "taux_engagement"}, json=record)
    assert answer.status_code == 200
    assert answer.json()["answers"] == {"taux_engagement": {"status": "known", "value": "601/3000", "needs": [], "standing": "texte"}}


def test_what_is_missing_is_told(client: TestClient) -> None:
    """Unknown is an answer, not an error."""
    answer = client.post(URL, params={"on": "2017-06-08", "answers": "eligible_optam"}, json={"secteur": "secteur_1"}).json()
    assert answer["answers"]["eligible_optam"]["needs"] == ["date_premiere_installation", "titres"]


@pytest.mark.parametrize(
    ("url", "params", "body", "status", "codes"),
    [
        (URL, {"on": "2017-06-08"}, '{"secteur": "secteur_9", "age": 3}', 422, {"E501", "E509"}),
        (URL, {"on": "2017-06-08"}, "{", 400, {"E530"}),
        (URL, {"on": "2017-06-08", "answers": "taux_engagment"}, "{}", 400, {"E806"}),
        ("/packs/cm-2019/judgements", {"on": "2017-06-08"}, "{}", 404, {"E801"}),
    ],
)
def test_refusals_are_told_in_full(client: TestClient, url: str, params: dict[str, str], body: str, status: int, codes: set[str]) -> None:
    """Every fault at once, each with its code."""
    answer = client.post(url, params=params, content=body)
    assert (answer.status_code, {fault["code"] for fault in answer.json()["diagnostics"]}) == (status, codes)


def test_threads_share_one_pack(client: TestClient) -> None:
    """Forty calls from eight threads give each its own answer: 1 %, 2 % … of 100 000 €, the same every year, as hundredths."""

    def rate(percents: int) -> str:
        record = {"adherent_cas": True, "demande_taux_groupe": False, "exercices": years(*[str(1000 * percents)] * 3)}
        answer = client.post(URL, params={"on": "2017-06-08", "answers": "taux_engagement"}, json=record)
        return str(answer.json()["answers"]["taux_engagement"]["value"])

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(rate, range(1, 41)))
    assert found[:5] == ["1/100", "1/50", "3/100", "1/25", "1/20"]
    assert len(set(found)) == 40
