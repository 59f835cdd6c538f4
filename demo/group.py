"""The group of radiologists: who may join which option, at which rate, before and after the group rate."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import optam_rules
from demo.page import answers_table, both, paragraph, reasons, subtitle, title, what_is_missing
from optam_rules.core.answers import Judgement
from optam_rules.core.types import EnumType
from optam_rules.tools.report.values import brief, show

GROUP = Path(__file__).parent / "groupe.json"
DAYS = (dt.date(2017, 6, 8), dt.date(2017, 8, 1))

_COLUMNS = {
    "eligible_optam": "OPTAM",
    "eligible_optam_co": "OPTAM-CO",
    "taux_depassement_recalcule": "taux recalculé",
    "taux_engagement": "engagement",
    "taux_opposable_engagement": "part opposable",
}
_SHARED = ("groupe.ouvert_au_taux_commun", "groupe.taux_commun")
_WAITING = "avenant_de_groupe_a_venir"
_SPECIAL = "regle_de_calcul_propre"
# Who, on which of the two days, which answer, and how many levels of intermediate results.
_CHOSEN = (
    ("RAD-1", 0, "taux_engagement", 3),
    ("RAD-3", 0, "taux_engagement", 1),
    ("RAD-3", 1, "taux_engagement", 2),
    ("RAD-3", 1, "taux_opposable_engagement", 1),
    ("RAD-5", 0, "eligible_optam", 3),
    ("RAD-6", 0, "eligible_optam", 3),
    ("RAD-8", 0, "taux_engagement", 4),
)


def group_page() -> str:
    """Judge the group on both days and tell it: a table a day, what is missing, then the reasons of chosen answers."""
    pack = optam_rules.load("cm-2016")
    records = json.loads(GROUP.read_text(encoding="utf-8"))
    days = [_judge(pack, records, day) for day in DAYS]
    parts = [
        title("Un groupe de huit radiologues devant la convention de 2016"),
        paragraph(
            "Secteurs 1 et 2, tous anciens chefs de clinique ou assistants ; quatre demandent un taux commun. Médecins et chiffres sont "
            "inventés. OPTAM et OPTAM-CO : peut-il y adhérer ? Le taux recalculé est sa pratique de 2013 à 2015, aux tarifs du secteur 1 ; "
            "l'engagement est le taux de dépassement à respecter, la part opposable, celle de l'activité sans dépassement à atteindre. "
            "Les taux sont donnés aussi à qui ne peut pas adhérer : ce seraient les siens."
        ),
    ]
    for day, judgements in zip(DAYS, days, strict=True):
        parts += [subtitle(f"Au {day}"), answers_table(pack.program, judgements, _COLUMNS, _facts(pack, records)), _group(pack, judgements)]
    parts += [subtitle("Ce qui manque pour le dire"), what_is_missing(pack.program, days[-1], _COLUMNS)]
    parts.append(subtitle("Pourquoi"))
    for name, which, answer, depth in _CHOSEN:
        judgement = next(judgement for judgement in days[which] if judgement.identifiant == name)
        parts.append(reasons(pack.program, judgement, answer, depth=depth))
    return "\n\n".join(parts) + "\n"


def _judge(pack: optam_rules.Pack, records: list[dict[str, object]], day: dt.date) -> list[Judgement]:
    results = list(pack.evaluate_all(records, on=day, trace=True))
    refused = [result for result in results if isinstance(result, optam_rules.Refusal)]
    if refused:
        raise SystemExit("\n".join(str(fault) for result in refused for fault in result.diagnostics))
    return [result for result in results if isinstance(result, Judgement)]


def _facts(pack: optam_rules.Pack, records: list[dict[str, object]]) -> dict[str, list[str]]:
    sectors = [brief(str(record["secteur"]), EnumType("secteur"), pack.program.enumerations) for record in records]
    return {"secteur": sectors, "taux commun": ["demandé" if record["demande_taux_groupe"] else "non" for record in records]}


def _group(pack: optam_rules.Pack, judgements: list[Judgement]) -> str:
    opened, rate = (judgements[0].answers[name].outcome for name in _SHARED)
    told = show(rate.value, rate.type, pack.program.enumerations) if rate.value is not None else "inconnu"
    waiting = [judgement.identifiant or "" for judgement in judgements if _signs_alone(judgement)]
    text = f"Le groupe est ouvert au taux commun : {'oui' if opened.value else 'non'}. Taux commun des demandeurs : {told}."
    if waiting:
        text += " Aucun taux commun n'est rendu avant juillet 2017 : en attendant l'avenant, "
        text += f"{both(waiting)} signent sur leur taux personnel."
    special = [judgement.identifiant or "" for judgement in judgements if judgement.answers[_SPECIAL].value is not False]
    reserve = f"Réserve pour {both(special)} : {pack.program.definitions['medecin', _SPECIAL].label[0].lower()}"
    return paragraph(text) + "\n" + paragraph(reserve + pack.program.definitions["medecin", _SPECIAL].label[1:] + ".")


def _signs_alone(judgement: Judgement) -> bool:
    return _WAITING in judgement.answers and judgement.answers[_WAITING].value is True
