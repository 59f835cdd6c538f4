"""The abstract syntax: what a file says, before names and types; identical for the French and the English lexicon."""

from __future__ import annotations

import datetime as dt
from enum import Enum

import attrs

from optam_rules.base.calendar import Duration, Interval, MonthEnd
from optam_rules.base.numbers import Number, Rounding
from optam_rules.base.source import Position, Source


def _position() -> Position:
    return attrs.field(eq=False, repr=False, kw_only=True)  # type: ignore[no-any-return]


# --- types ---------------------------------------------------------------------------------------------------------------------


@attrs.frozen
class TypeName:
    """A scalar type by its French keyword (`durée en mois` included), or the name of an entity or enumeration."""

    name: str
    position: Position = _position()


@attrs.frozen
class ListOf:
    """`liste de T`."""

    item: TypeName
    position: Position = _position()


@attrs.frozen
class SetOf:
    """`ensemble de T`."""

    item: TypeName
    position: Position = _position()


TypeExpr = TypeName | ListOf | SetOf

# --- expressions ---------------------------------------------------------------------------------------------------------------


class LiteralKind(Enum):
    """What a literal is, seen from its form alone; the value is the type's French keyword."""

    BOOLEAN = "booléen"
    INTEGER = "entier"
    RATE = "taux"
    POINTS = "points"
    MONEY = "montant"
    DATE = "date"
    TEXT = "chaîne"
    DAYS = "durée en jours"
    MONTHS = "durée en mois"


@attrs.frozen
class LiteralExpr:
    """A literal in the core's units: money in cents, `25 %` as 1/4, `5 points` as 1/20, `3 ans` as 36 months."""

    kind: LiteralKind
    value: bool | Number | dt.date | Duration | str
    position: Position = _position()


@attrs.frozen
class UnknownExpr:
    """`inconnu`."""

    position: Position = _position()


@attrs.frozen
class NotApplicableExpr:
    """`sans objet` as a value."""

    position: Position = _position()


@attrs.frozen
class EvaluationDateExpr:
    """`date d'évaluation`."""

    position: Position = _position()


@attrs.frozen
class DateExpr:
    """`date(year ; month ; day)`."""

    year: Expression
    month: Expression
    day: Expression
    position: Position = _position()


@attrs.frozen
class NameExpr:
    """A bare name: variable, datum, definition, parameter, hypothesis or value of an enumeration."""

    name: str
    position: Position = _position()


@attrs.frozen
class DotExpr:
    """`target.name`: a datum or definition of an entity, or a value of an enumeration named in full (`option.aucune`)."""

    target: Expression
    name: str
    position: Position = _position()


@attrs.frozen
class AtExpr:
    """`name au date`: a parameter or table at another date."""

    target: Expression
    date: Expression
    position: Position = _position()


@attrs.frozen
class LookupExpr:
    """`moyennes[specialite ; region]`."""

    name: str
    keys: tuple[Expression, ...]
    position: Position = _position()


class BinaryOperator(Enum):
    """Binary operators; the value is the French spelling (`x` is multiplication)."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "x"
    DIVIDE = "/"
    EQUAL = "="
    NOT_EQUAL = "≠"
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    AMONG = "parmi"
    CONTAINS = "contient"
    AND = "et"
    OR = "ou"
    IMPLIES = "implique"
    DEFAULT = "à défaut"


@attrs.frozen
class BinaryExpr:
    """`left operator right`; `month_end` only on + and -, as `d + 1 mois (fin de mois inférieur)`."""

    operator: BinaryOperator
    left: Expression
    right: Expression
    month_end: MonthEnd | None = None
    position: Position = _position()


class UnaryOperator(Enum):
    """Unary operators; the value is the French spelling."""

    NEGATE = "-"
    NOT = "non"
    CALENDAR_YEAR = "année civile de"
    IS_KNOWN = "est connu"
    DOES_NOT_APPLY = "est sans objet"


@attrs.frozen
class UnaryExpr:
    """An operator on one operand."""

    operator: UnaryOperator
    operand: Expression
    position: Position = _position()


@attrs.frozen
class AllOf:
    """`toutes les conditions { a ; b }`."""

    conditions: tuple[Expression, ...]
    position: Position = _position()


@attrs.frozen
class AnyOf:
    """`l'une des conditions { a ; b }`."""

    conditions: tuple[Expression, ...]
    position: Position = _position()


class FoldName(Enum):
    """Aggregates; the value is the French keyword."""

    SUM = "somme"
    MEAN = "moyenne"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    COUNT = "nombre"
    ALL = "tous"
    EXISTS = "existe"


@attrs.frozen
class FoldExpr:
    """`moyenne(e pour x dans xs tel que c) si vide f`.

    `body` is absent for `nombre(pour x dans xs ...)`. `maximum({a ; b})` has no `variable`, and the collection as `source`.
    """

    fold: FoldName
    body: Expression | None
    variable: str | None
    source: Expression
    condition: Expression | None
    if_empty: Expression | None
    position: Position = _position()


@attrs.frozen
class CollectionExpr:
    """`{ a ; b }`, possibly empty: a set or a list, as the place demands."""

    items: tuple[Expression, ...]
    position: Position = _position()


@attrs.frozen
class RecordExpr:
    """`exercice(annee = 2013 ; ...)`: a record of an entity; in tests only."""

    entity: str
    fields: tuple[Assignment, ...]
    position: Position = _position()


@attrs.frozen
class Assignment:
    """`path = value` of a test's record, or of what it expects. `name` may be dotted (`groupe.taux_commun`)."""

    name: str
    value: Expression
    position: Position = _position()


Expression = (
    LiteralExpr
    | UnknownExpr
    | NotApplicableExpr
    | EvaluationDateExpr
    | DateExpr
    | NameExpr
    | DotExpr
    | AtExpr
    | LookupExpr
    | BinaryExpr
    | UnaryExpr
    | AllOf
    | AnyOf
    | FoldExpr
    | CollectionExpr
    | RecordExpr
)

# --- clauses that several declarations share -----------------------------------------------------------------------------------


class StandingWord(Enum):
    """Who says so; nothing written is the text itself."""

    CAISSE = "selon caisse"
    DOCTRINE = "selon doctrine"
    HYPOTHESIS = "hypothèse"


@attrs.frozen
class StandingClause:
    """`selon caisse "..."`, `selon doctrine "..."` or `hypothèse "..."`."""

    word: StandingWord
    text: str
    position: Position = _position()


@attrs.frozen
class Citation:
    """`cite "fragment"` of the article's own text."""

    fragment: str
    position: Position = _position()


@attrs.frozen
class Pending:
    """A change that takes effect on `since` and was not published yet on the day up to which the law is read."""

    since: dt.date
    published: dt.date
    by: str  # the title of the amendment, or the unit or parameter that carries the date


@attrs.frozen
class History:
    """What consolidation knows of a declaration: the amendment that wrote it, when that was published, what is not known yet."""

    amendment: str | None = None
    published: dt.date | None = None
    pending: tuple[Pending, ...] = ()


@attrs.frozen
class Clauses:
    """What stands between the head of a declaration and its body; each at most once, but citations.

    `published` is the day since which a unit of law can be known. `history` is not written: consolidation says there what amended it.
    """

    interval: Interval | None = None
    interval_position: Position | None = attrs.field(default=None, eq=False, repr=False)
    standing: StandingClause | None = None
    citations: tuple[Citation, ...] = ()
    partial: bool = False
    cumulative: bool = False
    label: str | None = None
    published: dt.date | None = None
    history: History | None = attrs.field(default=None, eq=False, repr=False)


class AdjustmentKind(Enum):
    """Adjustments of a body, applied left to right; the value is the French spelling."""

    CAP = "plafonné à"
    FLOOR = "au moins"
    ROUND = "arrondi à"


@attrs.frozen
class Adjustment:
    """`plafonné à e`, `au moins e`, or `arrondi à q (mode)`, whose operand is a literal."""

    kind: AdjustmentKind
    operand: Expression
    mode: Rounding | None
    position: Position = _position()


@attrs.frozen
class ConditionalValue:
    """`value si condition`."""

    value: Expression
    condition: Expression


@attrs.frozen
class Body:
    """`vaut e`, or `vaut a si c sinon si d vaut b sinon e`, then adjustments. `otherwise` is `None` where no `sinon` ends the branches."""

    branches: tuple[ConditionalValue, ...]
    otherwise: Expression | None
    adjustments: tuple[Adjustment, ...]
    position: Position = _position()


# --- declarations --------------------------------------------------------------------------------------------------------------


@attrs.frozen
class ConventionHeader:
    """`convention "title" version "..." [source "..."] [langage 1]`."""

    title: str
    version: str
    source: str | None
    language: int
    position: Position = _position()


@attrs.frozen
class AmendmentHeader:
    """`avenant "title" modifie "title of the convention" [version "..."] [source "..."] [en vigueur du D] [publié le D]`.

    `since` is the day of effect of what says none itself.
    """

    title: str
    amends: str
    version: str | None
    source: str | None
    since: dt.date | None = None
    published: dt.date | None = None
    position: Position = _position()


class HeadingKind(Enum):
    """Units of law; the value is the French keyword."""

    ARTICLE = "article"
    ANNEX = "annexe"
    CLAUSE = "clause"


@attrs.frozen
class Heading:
    """`article 41.1 "title" en vigueur du D [au D] [réf ...] [selon ...]`: opens the unit that what follows belongs to.

    `number` is printed in citations: `41.1`, `R. 871-2`, `annexe 21`, or the name of a clause.
    """

    kind: HeadingKind
    number: str
    title: str
    clauses: Clauses
    reference: str | None
    position: Position = _position()


@attrs.frozen
class LawText:
    """`texte « ... »`: the unit's words, in ours."""

    text: str
    position: Position = _position()


@attrs.frozen
class EntityDecl:
    """`entité [principale] name "label"`; the `donnée` that follow belong to it."""

    name: str
    main: bool
    label: str | None
    position: Position = _position()


@attrs.frozen
class FieldDecl:
    """`donnée x : type [entre a et b] [facultative] "label"`."""

    name: str
    type: TypeExpr
    low: LiteralExpr | None
    high: LiteralExpr | None
    optional: bool
    label: str | None
    position: Position = _position()


@attrs.frozen
class ControlDecl:
    """`contrôle "..." e`, of the entity above it."""

    title: str
    condition: Expression
    position: Position = _position()


@attrs.frozen
class EnumValue:
    """A value of an enumeration and its label."""

    name: str
    label: str | None
    position: Position = _position()


@attrs.frozen
class EnumDecl:
    """`énumération secteur { secteur_1 "Secteur 1" ; ... }`."""

    name: str
    values: tuple[EnumValue, ...]
    position: Position = _position()


@attrs.frozen
class DatedExpr:
    """`e depuis D [publié le D]`."""

    value: Expression
    since: dt.date
    published: dt.date | None = None
    position: Position = _position()


@attrs.frozen
class ParameterDecl:
    """`paramètre p : type = e depuis D1 ; f depuis D2`. The last value holds to the end of its article, or of `clauses.interval`."""

    name: str
    type: TypeExpr
    values: tuple[DatedExpr, ...]
    clauses: Clauses
    position: Position = _position()


@attrs.frozen
class ReferenceDecl:
    """`référentiel moyennes (specialite ; region) : taux [entre a et b]`; each key is the name of an enumeration, or `nom : type`."""

    name: str
    keys: tuple[tuple[str, TypeExpr], ...]
    type: TypeExpr
    low: LiteralExpr | None
    high: LiteralExpr | None
    clauses: Clauses
    position: Position = _position()


@attrs.frozen
class HypothesisDecl:
    """`hypothèse bornes = hautes_incluses | basses_incluses "..."`."""

    name: str
    readings: tuple[str, ...]
    text: str
    position: Position = _position()


@attrs.frozen
class RuleDecl:
    """`règle r [de entité] : type [clauses] vaut ...`."""

    name: str
    entity: str | None
    type: TypeExpr
    clauses: Clauses
    body: Body
    position: Position = _position()


@attrs.frozen
class ExceptionDecl:
    """`exception x de r [clauses] si c [l'emporte sur y ; z] vaut ...`."""

    name: str
    parent: str
    clauses: Clauses
    condition: Expression
    overrides: tuple[str, ...]
    body: Body
    position: Position = _position()


@attrs.frozen
class UndercutDecl:
    """`neutralise x [clauses] si c`."""

    target: str
    clauses: Clauses
    condition: Expression
    position: Position = _position()


@attrs.frozen
class AnyCell:
    """`*`."""

    position: Position = _position()


@attrs.frozen
class ValueCell:
    """A value or a set of values: `secteur_1`, `= 2 points`, `vrai`, `{ a ; b }`. Items are literals, names or `enum.value`."""

    values: tuple[Expression, ...]
    position: Position = _position()


@attrs.frozen
class RangeCell:
    """`]a ; b]`, `<= a`, `> a` ...; bounds are literals."""

    low: LiteralExpr | None
    low_closed: bool
    high: LiteralExpr | None
    high_closed: bool
    position: Position = _position()


CellExpr = AnyCell | ValueCell | RangeCell


@attrs.frozen
class RowDecl:
    """`| cells -> value`; `cells` is `None` for the `sinon` row. A row may carry its own standing, after its value."""

    cells: tuple[CellExpr, ...] | None
    value: Expression
    standing: StandingClause | None
    position: Position = _position()


@attrs.frozen
class TableDecl:
    """`table t [de entité] : type [clauses] selon e ; f` and its rows."""

    name: str
    entity: str | None
    type: TypeExpr
    clauses: Clauses
    columns: tuple[Expression, ...]
    rows: tuple[RowDecl, ...]
    position: Position = _position()


class ExpectedKind(Enum):
    """What a test may expect; the value is the French word."""

    VALUE = "valeur"
    UNKNOWN = "inconnu"
    NOT_APPLICABLE = "sans objet"
    CONFLICT = "conflit"
    ERROR = "erreur"


@attrs.frozen
class ExpectedExpr:
    """`path = value`, or `= inconnu`, `= sans objet`, `= conflit`, `= erreur`."""

    path: str
    kind: ExpectedKind
    value: Expression | None
    position: Position = _position()


def _without_places(chosen: tuple[tuple[str, str, Position], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, reading) for name, reading, _ in chosen)


@attrs.frozen
class TestDecl:
    """`test "..." au D [connu au D] [en supposant h = a ; k = b] sachant a = 1 ; moyennes[x ; y] = 40 % attendu c = 3 ; d = inconnu`.

    `lookups` are the rows of reference tables given by the test; `known_on` the day up to which what was published counts.
    """

    title: str
    on: dt.date
    assume: tuple[tuple[str, str, Position], ...] = attrs.field(eq=_without_places)
    given: tuple[Assignment, ...]
    lookups: tuple[tuple[LookupExpr, Expression], ...]
    expected: tuple[ExpectedExpr, ...]
    clauses: Clauses
    known_on: dt.date | None = None
    position: Position = _position()

    __test__ = False


@attrs.frozen
class PropertyDecl:
    """`propriété "..." [de entité] [clauses] e`."""

    title: str
    entity: str | None
    clauses: Clauses
    condition: Expression
    position: Position = _position()


class AmendmentVerb(Enum):
    """What an amendment does; the value is the French word."""

    REPLACE = "remplace"
    INSERT = "insère"


Declaration = (
    Heading
    | LawText
    | EntityDecl
    | FieldDecl
    | ControlDecl
    | EnumDecl
    | ParameterDecl
    | ReferenceDecl
    | HypothesisDecl
    | RuleDecl
    | ExceptionDecl
    | UndercutDecl
    | TableDecl
    | TestDecl
    | PropertyDecl
)


@attrs.frozen
class Amend:
    """`remplace <declaration>` or `insère <declaration>`; on a heading, what follows up to the next heading or verb goes with it."""

    verb: AmendmentVerb
    declaration: Declaration
    position: Position = _position()


@attrs.frozen
class Repeal:
    """`abroge article 44 | règle r [de e] | exception x | table t [de e] | paramètre p | clause c  à compter du D`."""

    kind: str
    name: str
    since: dt.date
    entity: str | None = None
    position: Position = _position()


@attrs.frozen
class Complete:
    """`complète article 44 [en vigueur du D [au D]]`: what follows, up to the next heading or verb, is added to the unit of law."""

    kind: HeadingKind
    number: str
    interval: Interval | None = None
    position: Position = _position()


Item = Declaration | Amend | Complete | Repeal


@attrs.frozen
class FileSyntax:
    """A file: header and items in order. `broken` names what unreadable pieces seem to declare, so that later passes keep quiet on them."""

    source: Source = attrs.field(repr=False, eq=False)
    lexicon: str = attrs.field(eq=False)  # "fr" or "en"; the tree does not depend on it
    header: ConventionHeader | AmendmentHeader | None
    items: tuple[Item, ...]
    broken: frozenset[str] = frozenset()
