"""The sentences of reports in both languages, each under one key; names of the vocabulary, labels and quoted law stay as they are.

French comes first: it is what a judgement is written in unless its reader asks for English.
"""

from __future__ import annotations

import re
from enum import StrEnum
from types import MappingProxyType

from optam_rules.base.phrases import Lang


class Language(StrEnum):
    """The language of a report."""

    FRENCH = "fr"
    ENGLISH = "en"

    @property
    def lang(self) -> Lang:
        """The language as messages know it."""
        return "en" if self is Language.ENGLISH else "fr"


_SENTENCES: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        # kinds of answers
        "unknown": (" : inconnu", ": unknown"),
        "not_applicable": (" : sans objet", ": does not apply"),
        "conflict": (" : conflit entre règles", ": conflict between rules"),
        "error": (" : calcul impossible", ": cannot be computed"),
        "told_above": ("{told} (expliqué plus haut)", "{told} (explained above)"),
        # where a result comes from
        "by": ("selon : {words}", "under: {words}"),
        "exception_of": ("exception {name}, {cited}", "exception {name}, {cited}"),
        "amended_by": ("avenant « {title} »", "amendment « {title} »"),
        "after_source": ("d'après « {source} »", "after « {source} »"),
        "exception": ("exception {name}{where} {fate}", "exception {name}{where} {fate}"),
        "fate_no_object": (
            "écartée : sa condition est sans objet, ce qui compte comme non remplie",
            "set aside: its condition does not apply, which counts as not met",
        ),
        "fate_not_met": ("écartée : sa condition n'est pas remplie", "set aside: its condition is not met"),
        "fate_neutralised": ("neutralisée : elle ne s'applique pas", "disapplied: it has no effect"),
        "fate_unknown": ("en suspens : on ne sait pas si sa condition est remplie", "pending: whether its condition is met is not known"),
        "fate_maybe_neutralised": (
            "en suspens : sa condition est remplie, mais on ne sait pas si elle est neutralisée",
            "pending: its condition is met, but whether it is disapplied is not known",
        ),
        "fate_taken": ("retenue : sa condition est remplie", "taken: its condition is met"),
        "fate_conflict": (
            "en conflit : sa condition est remplie, comme celle d'une autre, et rien ne dit laquelle l'emporte",
            "in conflict: its condition is met, as is another's, and nothing says which prevails",
        ),
        "fate_overridden": (
            "écartée : sa condition est remplie, mais une autre l'emporte",
            "set aside: its condition is met, but another prevails",
        ),
        "fate_among_others": (
            "applicable : sa condition est remplie, comme celle d'autres exceptions",
            "applicable: its condition is met, as are those of other exceptions",
        ),
        # what was read
        "known": ("lu", "read"),
        "no-object": ("déclaré sans objet", "declared not applicable"),
        "absent": ("absent du dossier", "missing from the record"),
        "inputs": ("{kind}{where} : {data}", "{kind}{where}: {data}"),
        "same_record": ("le même", "the same"),
        "the_record": ("le dossier", "the record"),
        "reference_row": ("lu au référentiel : {row} = {value}", "read in the reference table: {row} = {value}"),
        "reference_absent": ("absent des référentiels fournis : {row}", "missing from the reference tables supplied: {row}"),
        "parameter": ("paramètre {name} = {value}", "parameter {name} = {value}"),
        # caps, floors, roundings
        "cap_binds": ("plafonné à {limit} : ramené de {before} à {after}", "capped at {limit}: brought down from {before} to {after}"),
        "cap_idle": ("plafonné à {limit} : le plafond ne joue pas ({before})", "capped at {limit}: the cap does not bind ({before})"),
        "floor_binds": ("au moins {limit} : relevé de {before} à {after}", "at least {limit}: brought up from {before} to {after}"),
        "floor_idle": ("au moins {limit} : le minimum ne joue pas ({before})", "at least {limit}: the floor does not bind ({before})"),
        "round_binds": ("arrondi à {limit} : {before} devient {after}", "rounded to {limit}: {before} becomes {after}"),
        "round_idle": (
            "arrondi à {limit} : l'arrondi ne change rien ({before})",
            "rounded to {limit}: rounding changes nothing ({before})",
        ),
        # faults
        "cause": ("cause : {message} ({code}), en {place}", "cause: {message} ({code}), at {place}"),
        "irreconcilable": ("positions inconciliables : {places}", "irreconcilable places: {places}"),
        # what is missing
        "missing": ("il manque, pour le dire, {words}", "to tell, this is missing: {words}"),
        "which_reading": ("le choix d'une lecture, {name}{question}", "the choice of a reading, {name}{question}"),
        "question": (" (« {text} » : {readings})", " (« {text} »: {readings})"),
        "or": (" ou ", " or "),
        "row_of": ("la ligne {name} du référentiel", "the row {name} of the reference table"),
        "some_row_of": ("une ligne du référentiel {name}", "a row of the reference table {name}"),
        "silent_sources": ("ce que les sources ne disent pas, {name}", "what the sources do not say, {name}"),
        "record_data": ("{places} : {names}", "{places}: {names}"),
        # what it rests on
        "rests_text": ("fondement : le texte lui-même", "rests on: the text itself"),
        "rests_caisse": ("fondement le plus faible : une position de la caisse", "weakest ground: a position of the fund (caisse)"),
        "rests_doctrine": ("fondement le plus faible : la doctrine", "weakest ground: doctrine"),
        "rests_hypothesis": (
            "fondement le plus faible : une hypothèse, que les sources ne confirment pas",
            "weakest ground: an assumption that the sources do not confirm",
        ),
        "standing_texte": ("texte", "text"),
        "standing_caisse": ("caisse", "fund (caisse)"),
        "standing_doctrine": ("doctrine", "doctrine"),
        "standing_hypothèse": ("hypothèse", "assumption"),
        "assumption": ("hypothèse retenue : « {text} »", "assumption made: « {text} »"),
        "reading_chosen": ("lecture choisie : {name} = {reading}", "reading chosen: {name} = {reading}"),
        "by_reading": ("selon la lecture {reading} : {told}", "under the reading {reading}: {told}"),
        # citations and days
        "article": ("article {number}{title}", "article {number}{title}"),
        "clause": ("clause{title}", "clause{title}"),
        "in_force_until": ("en vigueur jusqu'au {end}", "in force until {end}"),
        "in_force_since": ("en vigueur depuis le {start}", "in force since {start}"),
        "in_force_from_to": ("en vigueur du {start} au {end}", "in force from {start} to {end}"),
        # values
        "yes": ("oui", "yes"),
        "no": ("non", "no"),
        "empty_list": ("liste vide", "empty list"),
        "none": ("aucun", "none"),
        "about": ("{near} environ (exactement {exact})", "about {near} (exactly {exact})"),
        "point": (" point", " point"),
        "points": (" points", " points"),
        # a judgement
        "head": ("{who}, au {day} ({pack}, version {version})", "{who}, on {day} ({pack}, version {version})"),
        "nobody": ("sans identifiant", "without identifier"),
        "note": ("note : {text}", "note: {text}"),
        "waits_for": ("attend {words}", "waits for {words}"),
        "column_answer": ("réponse", "answer"),
        "column_value": ("valeur", "value"),
        "column_rest": ("attend, ou repose sur", "waits for, or rests on"),
        "cell_unknown": ("inconnu", "unknown"),
        "cell_not_applicable": ("sans objet", "does not apply"),
        "cell_conflict": ("conflit", "conflict"),
        "cell_error": ("erreur", "error"),
        "refused": ("refusé : dossier {position} ({who})", "refused: record {position} ({who})"),
        # pages
        "page_title": ("Jugements — {title}", "Judgements — {title}"),
        "page_pack": ("{pack}, version {version}", "{pack}, version {version}"),
        "page_on": ("au {day}", "on {day}"),
        "page_counts": ("Dossiers jugés : {judged} ; refusés : {refused}.", "Records judged: {judged}; refused: {refused}."),
        "page_by_answer": ("Par réponse", "By answer"),
        "page_standings": ("fondement des réponses connues", "ground of known answers"),
        "page_missing": ("Ce qui manque le plus souvent", "What is missing most often"),
        "page_missing_what": ("il manque", "missing"),
        "page_rates": ("Les taux et leur plafond", "Rates and their cap"),
        "page_records": ("Dossiers", "Records"),
        "page_first": (
            "Les {shown} premiers sur {all} ; les comptes portent sur tous.",
            "The first {shown} of {all}; counts are those of all.",
        ),
        "page_search": ("Identifiant", "Identifier"),
        "page_status": ("État", "Status"),
        "page_all": ("tous", "all"),
        "page_shown": ("affichés : {count}", "shown: {count}"),
        "page_why": ("pourquoi", "why"),
        "page_refused": ("Dossiers refusés", "Refused records"),
        "page_code": ("code", "code"),
        "page_fault": ("faute", "fault"),
        "count_known": ("connue", "known"),
        "count_unknown": ("inconnue", "unknown"),
        "count_not_applicable": ("sans objet", "does not apply"),
        "count_conflict": ("conflit", "conflict"),
        "count_error": ("erreur", "error"),
        "plot_rate": ("taux (%)", "rate (%)"),
        "plot_records": ("dossiers", "records"),
        "plot_cap": ("plafond : {{value}} %", "cap: {{value}}%"),
    }
)

# What backends note in a trace, and its English; the French is theirs.
_NOTES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"une condition sans objet compte comme fausse"), "a condition that does not apply counts as false"),
    (re.compile(r"`est connu` : .*"), "`is known`: the result depends on what is declared, not on the facts alone"),
    (re.compile(r"`à défaut` : .*"), "`by default`: an unknown value was replaced"),
    (re.compile(r"`(?P<name>[^`]*)` n'est pas en vigueur au (?P<day>\S+)"), "`{name}` is not in force on {day}"),
    (re.compile(r"publié le (?P<published>\S+), après le jour jugé"), "published on {published}, after the day judged"),
    (
        re.compile(r"« (?P<by>.*) », publié le (?P<published>\S+), n'était pas connu : l'état antérieur vaut"),
        "« {by} », published on {published}, was not known: the earlier state holds",
    ),
    (re.compile(r"jugé au (?P<day>\S+), au-delà du (?P<last>\S+), .*"), "judged on {day}, past {last}, the last day verified of the pack"),
)
_NAMED_NOTE = re.compile(r"`(?P<name>[^`]*)` : (?P<rest>.*)")


def say(language: Language, key: str, **words: object) -> str:
    """Return a sentence with its words filled in."""
    french, english = _SENTENCES[key]
    return (french if language is Language.FRENCH else english).format(**words)


def note(language: Language, text: str) -> str:
    """Return a note of a trace; one that has no English stays French."""
    if language is Language.FRENCH:
        return text
    named = _NAMED_NOTE.fullmatch(text)
    if named and (rest := note(language, named["rest"])) != named["rest"]:
        return f"`{named['name']}`: {rest}"
    for pattern, english in _NOTES:
        if match := pattern.fullmatch(text):
            return english.format(**match.groupdict())
    return text
