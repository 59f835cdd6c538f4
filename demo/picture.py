"""From invented records to the picture of a page of judgements that the README shows; needs Chromium (`make browser`)."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from demo.browser import CHROMIUM, MISSING, QUIET
from optam_rules.tools.cli.main import main

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "images" / "jugements.png"
_ANSWERS = "eligible_optam,taux_depassement_constate,taux_engagement"
_SIZE = (1100, 1500)


def _years(*dues: tuple[int, int, int]) -> list[dict[str, int]]:
    return [{"annee": year, "honoraires_remboursables": fees, "depassements": excess} for year, fees, excess in dues]


def records() -> list[dict[str, object]]:
    """Return invented practitioners: rates from 5 to 240 %, one of whom nothing is known but the sector, one that cannot be read."""
    rates = (5, 12, 18, 22, 25, 31, 36, 40, 40, 46, 52, 58, 63, 75, 88, 120, 240)
    told: list[dict[str, object]] = [
        {
            "identifiant": f"DR-{index:02}",
            "secteur": "secteur_2",
            "adherent_cas": True,
            "demande_taux_groupe": False,
            "exercices": _years(*((year, 100_000, 1_000 * rate) for year in (2013, 2014, 2015))),
        }
        for index, rate in enumerate(rates, 1)
    ]
    return [*told, {"identifiant": "DR-18", "secteur": "secteur_1"}, {"identifiant": "DR-19", "secteur": "secteur_4"}]


def picture() -> int:
    """Judge the records, write the page and take its picture."""
    if CHROMIUM is None:
        print(MISSING, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        data, page = Path(folder, "dossiers.json"), Path(folder, "jugements.html")
        data.write_text(json.dumps(records()), encoding="utf-8")
        main(["evaluate", str(data), "--pack", "cm-2016", "--on", "2017-06-08", "--answers", _ANSWERS, "--explain", *_to(page)])
        PICTURE.parent.mkdir(exist_ok=True)
        shape = ["--hide-scrollbars", f"--window-size={_SIZE[0]},{_SIZE[1]}"]
        command = [CHROMIUM, *QUIET, *shape, f"--user-data-dir={folder}/profile", f"--screenshot={PICTURE}", page.as_uri()]
        return subprocess.run(command, check=False, capture_output=True).returncode


def _to(page: Path) -> list[str]:
    return ["--format", "html", "--output", str(page)]


if __name__ == "__main__":
    sys.exit(picture())
