"""E6xx in English: error values met while judging."""

from __future__ import annotations

from optam_rules.base.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "E601",
        "Division by zero",
        "division by zero",
        "A rule divides by a quantity that is zero for this record; no number can be given.",
        "Set the case aside with a condition (`tel que e.honoraires_remboursables > 0 €`) or with an exception to the rule.",
    ),
    Code(
        "E602",
        "Date outside the calendar",
        "the computed date does not exist, or leaves the years 1 to 9999",
        "An addition goes past the dates that the civil calendar represents here, or `date(année ; mois ; jour)` names a day that does not "
        "exist.",
        "Check the duration added, the numbers given and the dates of the record.",
    ),
    Code(
        "E603",
        "Number too large",
        "the computed number exceeds the size allowed",
        "Computations are exact: repeated products can give numbers beyond all measure, which are refused.",
        "Simplify the computation or bound the inputs.",
    ),
    Code(
        "E604",
        "Empty list",
        "`{fold}` of an empty list",
        "The mean, the minimum and the maximum of an empty list do not exist.",
        "Add `si vide …` to the aggregate, or an exception for this case.",
    ),
    Code(
        "E605",
        "Parameter without a value on this date",
        "the parameter `{name}` has no value on {day}",
        "The parameter is read, with `au`, on a date that its values do not cover.",
        "Complete the values of the parameter or bound the date read.",
    ),
    Code(
        "E606",
        "Too many steps",
        "the evaluation exceeds {limit} steps",
        "The number of steps of an evaluation is bounded, so that no text can hold the machine.",
        "Shorten the lists or the nested aggregates.",
    ),
)
