"""The sixteen rules as small trees, for the peers: an operator and its operands, a name, or an integer; enumerations by their place.

`contest` prints them in each peer's own words. Peers without named intermediate results get them written out (`inlined`).
"""

from __future__ import annotations

from benchmarks.optam16.by_hand import SURGERY

Tree = int | str | tuple[object, ...]

OPTIONS = ("aucune_option", "option_simple", "option_chirurgie")
TIERS = ("palier_nul", "palier_25", "palier_50", "palier_75", "palier_plein")


def _rounded(above: Tree, below: Tree) -> Tree:
    """Return a ratio in millionths, rounded half up, 0 over 0."""
    return ("if", (">", below, 0), ("div", ("+", ("*", 2_000_000, above), below), ("*", 2, below)), 0)


def _worse(limit: int) -> Tree:
    return (
        "and",
        ("<=", ("-", "taux_observe", "taux_promis"), limit),
        ("<=", ("-", "part_promise", "part_observee"), limit),
    )


RULES: dict[str, Tree] = {
    "titre_admis": ("!=", "titre_du_praticien", 0),
    "ouvert_a_l_option": (
        "or",
        ("==", "secteur_choisi", 2),
        ("==", "droit_permanent_depassement", 1),
        ("and", ("==", "secteur_choisi", 1), "titre_admis"),
    ),
    "ouvert_a_la_chirurgie": ("and", "ouvert_a_l_option", ("in", "code_specialite", *sorted(SURGERY))),
    "option_du_praticien": ("if", "ouvert_a_la_chirurgie", 2, ("if", "ouvert_a_l_option", 1, 0)),
    "exces_de_reference": ("+", "exces1", "exces2", "exces3"),
    "base_de_reference": ("+", "base1", "base2", "base3"),
    "taux_de_reference": _rounded("exces_de_reference", "base_de_reference"),
    "taux_plafonne": ("min", "taux_de_reference", 1_000_000),
    "part_de_reference": _rounded(("+", "opposables1", "opposables2", "opposables3"), ("+", "total1", "total2", "total3")),
    "groupe_ouvert": (
        "and",
        ("!=", "numero_du_groupe", 0),
        ("==", "veut_le_taux_commun", 1),
        ("==", "meme_lieu", 1),
        ("==", "pratique_commune", 1),
        "ouvert_a_l_option",
    ),
    "taux_observe": _rounded("exces_observe", "base_observee"),
    "part_observee": _rounded("opposables_observes", "total_observe"),
    "taux_tenu": ("<=", "taux_observe", "taux_promis"),
    "part_tenue": (">=", "part_observee", "part_promise"),
    "palier": (
        "if",
        ("and", "taux_tenu", "part_tenue"),
        4,
        ("if", _worse(20_000), 3, ("if", _worse(40_000), 2, ("if", _worse(50_000), 1, 0))),
    ),
    "prime_due": ("if", ("==", "a_signe", 1), ("div", ("+", ("*", "opposables_observes", "palier"), 50), 100), 0),
}


def inlined(tree: Tree) -> Tree:
    """Write out the rules that a tree names."""
    if isinstance(tree, str):
        return inlined(RULES[tree]) if tree in RULES else tree
    if isinstance(tree, tuple):
        return (tree[0], *(inlined(part) for part in tree[1:]))  # type: ignore[arg-type]
    return tree
