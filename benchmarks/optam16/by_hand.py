"""From a record of integers to the sixteen answers of `optam-16`, in plain Python written by hand: what engines are held to."""

from __future__ import annotations

from collections.abc import Mapping

SURGERY = frozenset({4, 7, 10, 11, 15, 16, 18, 41, 43, 44, 45, 46, 47, 48, 49, 55})
PERCENT = {"palier_plein": 4, "palier_75": 3, "palier_50": 2, "palier_25": 1, "palier_nul": 0}
# The answers in the order of the tuple; rates and shares are millionths, amounts cents.
ANSWERS = (
    "titre_admis",
    "ouvert_a_l_option",
    "ouvert_a_la_chirurgie",
    "option_du_praticien",
    "exces_de_reference",
    "base_de_reference",
    "taux_de_reference",
    "taux_plafonne",
    "part_de_reference",
    "groupe_ouvert",
    "taux_observe",
    "part_observee",
    "taux_tenu",
    "part_tenue",
    "palier",
    "prime_due",
)
RATES = frozenset({"taux_de_reference", "taux_plafonne", "part_de_reference", "taux_observe", "part_observee"})

Answers = tuple[bool, bool, bool, str, int, int, int, int, int, bool, int, int, bool, bool, str, int]


def answers(r: Mapping[str, int]) -> Answers:
    """Return the answers for one record."""
    titled = r["titre_du_praticien"] != 0
    sector = r["secteur_choisi"]
    eligible = sector == 2 or r["droit_permanent_depassement"] == 1 or (sector == 1 and titled)
    surgery = eligible and r["code_specialite"] in SURGERY
    option = "option_chirurgie" if surgery else "option_simple" if eligible else "aucune_option"
    excess = r["exces1"] + r["exces2"] + r["exces3"]
    base = r["base1"] + r["base2"] + r["base3"]
    rate = (2_000_000 * excess + base) // (2 * base) if base else 0
    opposable = r["opposables1"] + r["opposables2"] + r["opposables3"]
    total = r["total1"] + r["total2"] + r["total3"]
    share = (2_000_000 * opposable + total) // (2 * total) if total else 0
    group = bool(r["numero_du_groupe"] and r["veut_le_taux_commun"] and r["meme_lieu"] and r["pratique_commune"] and eligible)
    base_seen, total_seen, opposable_seen = r["base_observee"], r["total_observe"], r["opposables_observes"]
    rate_seen = (2_000_000 * r["exces_observe"] + base_seen) // (2 * base_seen) if base_seen else 0
    share_seen = (2_000_000 * opposable_seen + total_seen) // (2 * total_seen) if total_seen else 0
    rate_kept = rate_seen <= r["taux_promis"]
    share_kept = share_seen >= r["part_promise"]
    if rate_kept and share_kept:
        tier = "palier_plein"
    else:
        gap = max(rate_seen - r["taux_promis"], r["part_promise"] - share_seen)
        tier = "palier_75" if gap <= 20_000 else "palier_50" if gap <= 40_000 else "palier_25" if gap <= 50_000 else "palier_nul"
    bonus = (opposable_seen * PERCENT[tier] + 50) // 100 if r["a_signe"] else 0
    return (
        titled, eligible, surgery, option, excess, base, rate, min(rate, 1_000_000), share, group, rate_seen, share_seen, rate_kept,
        share_kept, tier, bonus,
    )  # fmt: skip
