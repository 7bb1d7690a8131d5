"""What the messages about a deduction say, to the contractor, the warranty office and finance; see `texts.py`.

Besides the case's facts: `amount`, `letter_number` of the notice, `deduction` its number, `clock` and `by`.
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.language.text import Text

ABOUT_DEDUCTIONS: Mapping[str, Text] = {
    "deduction_proposed": Text(
        (
            "{place} {category} {digits}: deduction of {amount} to approve",
            "{category} {digits}: deduction to approve",
            "{digits}: deduction",
        ),
        "A deduction to approve",
        "A deduction of {amount} is put forward.",
        ("Please check the arithmetic and approve or reject it.",),
    ),
    "deduction_half": Text(
        (
            "{place} {category} {digits}: deduction of {amount} needs a second approval",
            "{category} {digits}: second approval",
            "{digits}: deduction",
        ),
        "A second approval is needed",
        "A deduction of {amount} was approved once; the amount needs a second person.",
        ("Please check the arithmetic and approve or reject it.",),
    ),
    "deduction_rejected": Text(
        (
            "{place} {category} {digits}: the deduction was rejected",
            "{category} {digits}: deduction rejected",
            "{digits}: deduction",
        ),
        "The deduction was rejected",
        "A deduction of {amount} was rejected.",
        ("Read the reason; put it forward anew, or drop it.",),
    ),
    "deduction_notice": Text(
        (
            "{place} {category}: deduction notice {letter_number}, {amount}. Please confirm or object.",
            "{category}: deduction notice {letter_number}. Please confirm or object.",
            "{category} {digits}: deduction notice",
            "{digits}: deduction",
        ),
        "Deduction notice {letter_number}",
        "A deduction notice was sent to you: {letter_number}, {amount}.",
        ("Please open it on your page: confirm receipt, agree, or object with your reasons in time.",),
    ),
    "deduction_disputed": Text(
        (
            "{place} {category} {digits}: the contractor objects to the deduction",
            "{category} {digits}: deduction disputed",
            "{digits}: deduction",
        ),
        "The contractor objects to a deduction",
        "The contractor objects to the deduction {deduction} of {amount}.",
        ("Somebody who has not approved it decides on the objection.",),
    ),
    "deduction_decided": Text(
        (
            "{place} {category}: your objection to deduction {deduction} was decided",
            "{category} {digits}: objection decided",
            "{digits}: deduction",
        ),
        "Your objection was decided",
        "Your objection to the deduction {deduction} was decided.",
        ("Read the decision on your page.",),
    ),
    "deduction_firm": Text(
        (
            "{place} {category}: deduction {deduction} of {amount} is firm",
            "{category} {digits}: deduction firm",
            "{digits}: deduction",
        ),
        "The deduction is firm",
        "The deduction {deduction} of {amount} is firm.",
        ("It will be set off or claimed; your statement shows when.",),
    ),
    "deduction_to_export": Text(
        (
            "{place} {category}: deduction {deduction} of {amount} is ready to be exported",
            "{category} {digits}: deduction to export",
            "{digits}: deduction",
        ),
        "A deduction is ready to be exported",
        "The deduction {deduction} of {amount} is firm and may be sealed into a batch.",
        ("It stands in the preview of your desk.",),
    ),
    "deduction_reversed": Text(
        (
            "{place} {category}: deduction {deduction} reversed by {amount_moved}",
            "{category} {digits}: deduction reversed",
            "{digits}: deduction",
        ),
        "The deduction was reversed",
        "Of the deduction {deduction}, {amount_moved} were reversed by a counter-entry.",
        ("What was recovered of it already is refunded.",),
    ),
    "deduction_waits": Text(
        ("{place} {category} {digits}: {clock} by {by}", "{digits}: {clock} by {by}", "{digits}: please act"),
        "Please act: {clock}",
        "It is your turn: {clock}, by {by}.",
        ("Open the deduction and do what is next.",),
    ),
    "deduction_late": Text(
        ("{place} {category} {digits} climbed to you: {clock} is overdue", "{digits} climbed to you"),
        "Climbed to you: {clock} is overdue",
        "Nobody acted in time: {clock} is overdue, and you are told.",
        ("Please see that it goes on.",),
    ),
}
