"""The register: what can be told of each practitioner from the Annuaire santé alone, and what it leaves out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import optam_rules
from demo import annuaire
from demo.page import bullet, paragraph, subtitle, title
from optam_rules.core.answers import Judgement
from optam_rules.core.record import Record
from optam_rules.core.types import EnumType
from optam_rules.interop.annuaire import AnnuaireRecords
from optam_rules.interop.raw import read_all
from optam_rules.tools.report.table import table
from optam_rules.tools.report.values import brief
from optam_rules.tools.report.words import counted, field_label

REGISTER_DAY = dt.date(2017, 6, 8)
_ANSWERS = {"eligible_optam": "OPTAM", "eligible_optam_co": "OPTAM-CO"}


def register_page(output: Path) -> tuple[Path, str]:
    """Write the register, judge it, and return its path with the page: counts by sector, then what is missing most often."""
    path = output / "annuaire.csv"
    annuaire.write(path)
    pack = optam_rules.load("cm-2016")
    call = pack.prepare(on=REGISTER_DAY, answers=tuple(_ANSWERS))
    judged: list[tuple[str, Judgement]] = []
    refused: Counter[str] = Counter()
    with AnnuaireRecords(pack.program, path) as file:
        for item in read_all(pack.program, file):
            if item.record is None:
                refused.update(f"{fault.message} ({fault.code})" for fault in item.diagnostics)
            else:
                judged.append((_sector(pack, item.record), call.judge(item.record)))
        aside = sum(file.counts.set_aside.values())
        rows, (several, lines) = file.counts.rows, file.alike_counts()
    parts = [
        title(f"Un registre de {rows} lignes, dans la forme de l'Annuaire santé, au {REGISTER_DAY}"),
        paragraph(
            f"Lues : {rows} lignes = jugées : {len(judged)} + refusées : {sum(refused.values())} + écartées, autres professions : {aside}. "
            f"{several} praticiens semblent y figurer plusieurs fois, sur {lines} lignes : chaque ligne est jugée pour elle-même. "
            "Le registre ne dit ni les titres, ni la date d'installation, ni l'activité : ce qu'il tait est inconnu."
        ),
        table(("secteur", "lignes", *(f"{name} : {word}" for name in _ANSWERS.values() for word in _WORDS.values())), _by_sector(judged)),
        subtitle("Ce qui manque le plus souvent"),
        table(("lignes", "donnée", "libellé"), _missing(pack, judged)),
        subtitle("Refusées"),
        "\n".join(bullet(f"{counted(number, 'ligne')} : {reason}") for reason, number in refused.most_common()) or "Aucune.",
    ]
    return path, "\n\n".join(parts) + "\n"


_WORDS = {True: "oui", False: "non", None: "inconnu"}


def _sector(pack: optam_rules.Pack, record: Record) -> str:
    value = record.get("secteur")
    return brief(value, EnumType("secteur"), pack.program.enumerations) if isinstance(value, str) else "non dit"


def _by_sector(judged: list[tuple[str, Judgement]]) -> list[tuple[str, ...]]:
    sectors = sorted({sector for sector, _ in judged})
    counts = Counter((sector, name, judgement.answers[name].value) for sector, judgement in judged for name in _ANSWERS)
    lines = Counter(sector for sector, _ in judged)
    return [
        (sector, str(lines[sector]), *(str(counts[sector, name, value]) for name in _ANSWERS for value in _WORDS)) for sector in sectors
    ]


def _missing(pack: optam_rules.Pack, judged: list[tuple[str, Judgement]]) -> list[tuple[str, str, str]]:
    needs = Counter(need for _, judgement in judged for need in frozenset().union(*(judgement.answers[name].needs for name in _ANSWERS)))
    return [(str(number), _said(need), field_label(pack.program, need) or _SILENT) for need, number in needs.most_common()]


_SILENT = "les sources lues ne tranchent pas"


def _said(need: str) -> str:
    return need.removeprefix("inconnu:")
