"""From chance to small well-typed conventions and records for them: every construct, each type, absence, every end of an interval.

An expression is drawn for a type, as text, and every definition may read those before it; a convention that the checker refuses all the
same (a constant divisor of zero, say) is drawn again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import attrs
from hypothesis import assume
from hypothesis import strategies as st

from optam_rules.backends.strategies.records import records
from optam_rules.base.calendar import ALWAYS
from optam_rules.core.program import Program
from optam_rules.elaborate.pipeline import PackInfo, elaborate
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import read_source

VOCABULARY = """convention "Tirée" version "1"
hypothèse lecture = une | deux "première question"
hypothèse autre = trois | quatre | cinq "seconde question"
énumération couleur { rouge "Rouge" ; vert "Vert" ; bleu "Bleu" }
entité principale dossier "Dossier"
  donnée identifiant : chaîne "Identifiant"
  donnée n : entier entre -1000 et 1000 "n"
  donnée m : entier facultative "m"
  donnée p : montant entre 0 € et 100_000_000 € "p"
  donnée q : montant facultative "q"
  donnée t : taux entre 0 % et 1000 % "t"
  donnée u : taux facultative "u"
  donnée b : booléen "b"
  donnée c : booléen facultative "c"
  donnée d : date "d"
  donnée f : date facultative "f"
  donnée k : couleur facultative "k"
  donnée cs : ensemble de couleur "cs"
  donnée xs : liste de element "xs"
  donnée suite : annexe_jointe facultative "suite"
entité element "Élément"
  donnée i : entier entre 0 et 3 "i"
  donnée v : montant entre 0 € et 1_000_000 € "v"
  donnée w : taux entre 0 % et 200 % "w"
  donnée o : booléen facultative "o"
entité annexe_jointe "Annexe"
  donnée z : entier "z"
  donnée y : booléen facultative "y"
référentiel moyennes (couleur) : taux "moyennes"
article 1 "Premier" en vigueur du 2016-01-01 au 2018-12-31
paramètre plafond : taux = 125 % depuis 2016-01-01 ; 100 % depuis 2017-01-01
paramètre seuil : montant selon caisse "lettre" = 100 € depuis 2016-01-01
paramètre marge : points hypothèse "notre marge" = 5 points depuis 2016-01-01
"""
DAYS = [dt.date(2016, 1, 1), dt.date(2016, 12, 31), dt.date(2017, 1, 1), dt.date(2018, 12, 31), dt.date(2019, 1, 1)]
FIELDS = {
    "entier": ["n", "m", "suite.z"],
    "montant": ["p", "q", "seuil"],
    "taux": ["t", "u", "plafond", "(plafond au d)", "moyennes[k]"],
    "points": ["marge"],
    "booléen": ["b", "c", "suite.y"],
    "date": ["d", "f", "date d'évaluation"],
    "couleur": ["k"],
}
ELEMENT = {"entier": ["{}.i"], "montant": ["{}.v"], "taux": ["{}.w"], "booléen": ["{}.o"]}
LITERALS = {
    "entier": ["0", "1", "2", "50", "999_999_999_999"],
    "montant": ["0 €", "0.01 €", "0.05 €", "100 €", "100_000_000 €"],
    "taux": ["0 %", "12.5 %", "50 %", "100 %"],
    "points": ["0 points", "5 points"],
    "booléen": ["vrai", "faux"],
    "date": ["2016-02-29", "2017-01-31"],
    "couleur": ["rouge", "vert"],
}
MODES = ["demi supérieur", "demi pair", "inférieur", "supérieur"]
STANDINGS = ["", "", 'selon caisse "lettre"', 'selon doctrine "revue"', 'hypothèse "notre lecture"']
TYPES = list(LITERALS)
NUMBERS = ["entier", "montant", "taux", "points"]


@attrs.define
class _Drawing:
    """A convention while it is drawn: what may be read, by type."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    atoms: dict[str, list[str]]
    count: int = 0

    def one(self, choices: list[Any]) -> Any:
        """Draw one of some choices."""
        return self.draw(st.sampled_from(choices))

    def expression(self, type_: str, depth: int) -> str:
        """Draw an expression of a type, in parentheses where it has parts."""
        if depth == 0 or self.draw(st.integers(0, 4)) == 0:
            return str(self.one([*self.atoms[type_], *LITERALS[type_]]))

        def part(other: str) -> str:
            return self.expression(other, depth - 1)

        forms = [*(_FORMS.get(type_, [])), _default, *([_extreme] if type_ in NUMBERS else [])]
        return f"({self.one(forms)(self, type_, part)})"

    def element(self) -> tuple[str, _Drawing]:
        """Enter an aggregate over `xs`: its variable, and what may be read inside."""
        self.count += 1
        name = f"e{self.count}"
        inner = {type_: list(atoms) for type_, atoms in self.atoms.items()}
        for type_, atoms in ELEMENT.items():
            inner[type_] = [*inner[type_], *([atom.format(name) for atom in atoms] * 3)]
        return name, attrs.evolve(self, atoms=inner, count=self.count)


Part = Callable[[str], str]
Form = Callable[[_Drawing, str, Part], str]


def _binary(left: str, operator: str, right: str) -> Form:
    return lambda _drawing, _type, part: f"{part(left)} {operator} {part(right)}"


def _default(_drawing: _Drawing, type_: str, part: Part) -> str:
    return f"{part(type_)} à défaut {part(type_)}"


def _extreme(drawing: _Drawing, type_: str, part: Part) -> str:
    return f"{drawing.one(['maximum', 'minimum'])}({{ {part(type_)} ; {part(type_)} }})"


def _folded(word: str, *, empty: bool) -> Form:
    def form(drawing: _Drawing, type_: str, part: Part) -> str:
        name, inner = drawing.element()
        condition = f" tel que {inner.expression('booléen', 1)}" if drawing.draw(st.booleans()) else ""
        after = f" si vide {part(type_)}" if empty else ""
        body = "" if word == "nombre" else f"{inner.expression(type_, 1)} "
        return f"{word}({body}pour {name} dans xs{condition}){after}"

    return form


def _comparison(drawing: _Drawing, _type: str, part: Part) -> str:
    type_ = drawing.one([*NUMBERS, "date"])
    return f"{part(type_)} {drawing.one(['<', '<=', '>', '>=', '=', '≠'])} {part(type_)}"


def _known(drawing: _Drawing, _type: str, part: Part) -> str:
    return f"{part(drawing.one(TYPES))} {drawing.one(['est connu', 'est sans objet'])}"


def _question(drawing: _Drawing, _type: str, _part: Part) -> str:
    return str(drawing.one(["lecture = une", "autre = trois", "autre ≠ cinq", "autre parmi { trois ; quatre }"]))


def _shift(drawing: _Drawing, _type: str, part: Part) -> str:
    sign = drawing.one(["+", "-"])
    length = drawing.one(["30 jours", "1 mois (fin de mois inférieur)", "13 mois (fin de mois supérieur)", "2 ans (fin de mois inférieur)"])
    return f"{part('date')} {sign} {length}"


_FORMS: dict[str, list[Form]] = {
    "entier": [
        _binary("entier", "+", "entier"),
        _binary("entier", "*", "entier"),
        lambda _drawing, _type, part: f"année civile de {part('date')}",
        _folded("nombre", empty=False),
        _folded("somme", empty=False),
        _folded("maximum", empty=True),
    ],
    "montant": [
        _binary("montant", "-", "montant"),
        _binary("montant", "*", "entier"),
        _binary("montant", "*", "taux"),
        _folded("somme", empty=False),
        _folded("moyenne", empty=False),
    ],
    "taux": [
        _binary("montant", "/", "montant"),
        _binary("entier", "/", "entier"),
        _binary("taux", "*", "taux"),
        _binary("taux", "+", "points"),
        _folded("moyenne", empty=True),
        _folded("minimum", empty=False),
    ],
    "points": [_binary("taux", "-", "taux"), _binary("points", "+", "points")],
    "booléen": [
        _comparison,
        _comparison,
        _known,
        _question,
        _binary("booléen", "et", "booléen"),
        _binary("booléen", "ou", "booléen"),
        _binary("booléen", "implique", "booléen"),
        lambda _drawing, _type, part: f"non {part('booléen')}",
        lambda _drawing, _type, _part: "cs contient vert",
        lambda _drawing, _type, _part: "k parmi { rouge ; bleu }",
        _folded("tous", empty=False),
        _folded("existe", empty=False),
    ],
    "date": [_shift, lambda _drawing, _type, part: f"date({part('entier')} ; 2 ; {part('entier')})"],
}


def _value(drawing: _Drawing, type_: str, *, branches: bool = False) -> str:
    """Draw what a definition is worth: bounded, and rounded where amounts must be."""
    text = drawing.expression(type_, 2)
    if branches and drawing.draw(st.booleans()):
        text += f" si {drawing.expression('booléen', 1)} sinon {drawing.expression(type_, 1)}"
    if type_ in ("montant", "taux", "entier") and drawing.draw(st.booleans()):
        text += f" {drawing.one(['plafonné à', 'au moins'])} {drawing.expression(type_, 0)}"
    if type_ == "montant":
        text += f" arrondi à {drawing.one(['0.01 €', '1 €'])} ({drawing.one(MODES)})"
    elif type_ == "taux" and drawing.draw(st.booleans()):
        text += f" arrondi à 0.1 % ({drawing.one(MODES)})"
    return text


def _rule(drawing: _Drawing, name: str, type_: str) -> str:
    lines = [
        f"règle {name} : {type_} {drawing.one(['', 'cumulable'])} {drawing.one(STANDINGS)} vaut {_value(drawing, type_, branches=True)}"
    ]
    for index in range(drawing.draw(st.integers(0, 3))):
        parent = name if index == 0 or drawing.draw(st.booleans()) else f"{name}_{index - 1}"
        wins = f"l'emporte sur {name}_{index - 1}" if index and parent == name and drawing.draw(st.booleans()) else ""
        days = drawing.one(["", "", "en vigueur du 2017-01-01 au 2018-12-31"])
        condition = drawing.expression("booléen", 1)
        head = f"exception {name}_{index} de {parent} {days} {drawing.one(STANDINGS)} si {condition} {wins}"
        lines.append(f"{head} vaut {_value(drawing, type_)}")
        if drawing.draw(st.integers(0, 3)) == 0:
            lines.append(f"neutralise {name}_{index} si {drawing.expression('booléen', 1)}")
    return "\n".join(lines)


def _table(drawing: _Drawing, name: str, type_: str) -> str:
    integer = drawing.expression("entier", 1)
    cells = [drawing.one([drawing.expression(type_, 0), drawing.expression(type_, 0), "inconnu"]) for _ in range(5)]
    standing = drawing.one(["", 'selon doctrine "revue"', 'hypothèse "notre lecture"'])
    return f"""table {name} : {type_} selon {integer} ; k ; lecture
  | <= 0      | *              | *    -> {cells[0]} {standing}
  | ]0 ; 50]  | rouge          | une  -> {cells[1]}
  | ]0 ; 50]  | rouge          | deux -> {cells[2]}
  | ]0 ; 50]  | {{ vert ; bleu }} | * -> {cells[3]}
  | sinon -> {cells[4]}"""


@st.composite
def programs(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Program:
    """Draw a convention of a few definitions."""
    drawing = _Drawing(draw, {type_: list(atoms) for type_, atoms in FIELDS.items()})
    text = VOCABULARY
    for index in range(draw(st.integers(1, 5))):
        type_ = drawing.one(TYPES)
        if type_ in ("entier", "booléen", "couleur") and draw(st.integers(0, 2)) == 0:
            text += _table(drawing, f"r{index}", type_) + "\n"
            drawing.atoms[type_].append(f"(r{index} au d)")
        else:
            text += _rule(drawing, f"r{index}", type_) + "\n"
        drawing.atoms[type_] += [f"r{index}"] * 4
    source, _ = read_source("tiree.conv", text.encode())
    assert source is not None
    tree, faults = parse(source)
    assert not [fault for fault in faults if fault.severity == "error"], (faults, text)
    program, _ = elaborate(PackInfo("tiree", "Tirée", "1", "sha256:tiree", None, ALWAYS), [tree])
    assume(program is not None)
    assert program is not None
    return program


@attrs.frozen
class Drawn:
    """A convention, records for it, and the call that judges them."""

    program: Program
    raws: tuple[dict[str, Any], ...]
    on: dt.date
    readings: dict[str, str]
    references: dict[str, dict[Any, Any]]


@st.composite
def calls(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Drawn:
    """Draw a convention with partial and complete records, a date, and readings chosen or not."""
    program = draw(programs())
    whole, partial = records(program, partial=False), records(program)
    raws = draw(st.lists(st.one_of(whole, partial), min_size=1, max_size=3))
    questions = {name: st.sampled_from(hypothesis.readings) for name, hypothesis in program.hypotheses.items()}
    readings = draw(st.one_of(st.just({}), st.fixed_dictionaries({}, optional=questions)))
    means = draw(st.sampled_from([{}, {"moyennes": {"rouge": "40 %"}}, {"moyennes": {"rouge": "40 %", "vert": "1/3"}}]))
    return Drawn(program, tuple(raws), draw(st.sampled_from(DAYS)), readings, means)
