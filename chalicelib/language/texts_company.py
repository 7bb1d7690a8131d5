"""What the messages about a case say, to contractors, third parties, the warranty office; see `texts.py`.

Besides a ticket's facts: `letter` (its kind), `letter_number`, `count` of tickets under one letter.
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.language.text import Text

ABOUT_CASES: Mapping[str, Text] = {
    "case_letter": Text(
        (
            "{letter} {letter_number}: {place} {category}. Please confirm receipt.",
            "{letter} {letter_number}: please confirm receipt",
            "{place} {category} {digits}: a letter for you. Please confirm receipt.",
            "{category} {digits}: a letter",
            "{digits}: a letter",
        ),
        "Letter {letter_number}: {letter}",
        "A letter was sent to you: {letter} {letter_number}.",
        ("Please open it on your page and confirm receipt.",),
    ),
    "case_due_soon": Text(
        ("{place} {category} {digits}: {clock} ends {by}", "{digits}: {clock} ends {by}", "{digits}: soon due"),
        "The time for {clock} runs out",
        "The time for {clock} runs out on {by}.",
        ("What was not done by then is breach of the contract.",),
    ),
    "case_office_soon": Text(
        ("{place} {category} {digits}: {clock} by {by}", "{digits}: {clock} by {by}", "{digits}: please act"),
        "Please act: {clock}",
        "This is for the warranty office: {clock}, by {by}.",
        ("Open the case and do what is next.",),
    ),
    "case_late": Text(
        (
            "{place} {category} {digits}: {clock} was due {by}. Please act at once.",
            "{digits}: {clock} was due {by}",
            "{digits}: overdue",
        ),
        "Overdue: {clock}",
        "The time for {clock} was over on {by}.",
        ("Please act at once.",),
    ),
    "case_climbed": Text(
        (
            "{place} {category} {digits} climbed to you: {clock} is overdue",
            "{digits} climbed to you: {clock}",
            "{digits} climbed to you",
        ),
        "Climbed to you: {clock} is overdue",
        "Nobody acted in time: {clock} is overdue, and you are told.",
        ("Please see that it goes on.",),
    ),
    "case_unwritten": Text(
        ("{place} {category} {digits}: the notice can't be written", "{digits}: not sent"),
        "The notice can't be written",
        "The repair notice did not go: something that it must contain is missing.",
        ("Open the case to see what.",),
    ),
    "case_refused": Text(
        ("{place} {category} {digits}: the contractor refuses. Please answer.", "{digits}: refused"),
        "The contractor refuses",
        "The contractor refuses the repair.",
        ("Read the reason on the case's page and answer it.",),
    ),
    "case_overruled": Text(
        ("{place} {category} {digits}: your refusal was not accepted", "{digits}: overruled"),
        "Your refusal was not accepted",
        "The reasons that you gave were not accepted.",
        ("Read the answer on your page; the deadline has not changed.",),
    ),
    "case_let_go": Text(
        ("{place} {category} {digits}: you are released from it", "{digits}: released"),
        "You are released from it",
        "You are no longer held to this repair.",
        ("Nothing more is to be done.",),
    ),
    "case_left": Text(
        ("{place} {category} {digits}: a ticket has left the case", "{digits}: a ticket less"),
        "A ticket has left the case",
        "A ticket was judged otherwise: you are no longer held to it.",
        ("The others stay as they are; your page has them all.",),
    ),
    "case_terms": Text(
        ("{place} {category} {digits}: the contract's times have changed", "{digits}: new deadlines"),
        "The contract's times have changed",
        "Another clause or priority holds for it now, and with it other times of the contract.",
        ("The new deadlines stand on your page.",),
    ),
    "case_inspection": Text(
        ("{place} {category} {digits}: a time for the joint inspection", "{digits}: inspection?"),
        "A time for the joint inspection",
        "A time for the joint inspection was proposed.",
        ("Please agree to it on your page, or propose another.",),
    ),
    "case_inspection_agreed": Text(
        ("{place} {category} {digits}: the joint inspection is agreed", "{digits}: inspection"),
        "The joint inspection is agreed",
        "The time of the joint inspection is agreed.",
        ("It stands on your page.",),
    ),
    "case_access": Text(
        ("{place} {category} {digits}: news of access to the flat", "{digits}: access"),
        "Access to the flat",
        "There is news of access to the flat.",
        ("It stands on your page.",),
    ),
    "case_work_refused": Text(
        ("{place} {category} {digits}: the owner did not accept the work", "{digits}: not accepted"),
        "The owner did not accept the work",
        "The owner did not accept the work.",
        ("Please come again within the deadline.",),
    ),
    "case_missed": Text(
        ("{place} {category} {digits}: the reminder is due", "{digits}: reminder"),
        "The reminder is due",
        "The deadline was missed, or the work failed twice: the reminder is due.",
        ("Check it and send it.",),
    ),
    "case_expired": Text(
        ("{place} {category} {digits}: the last deadline is over, look at gate A", "{digits}: gate A"),
        "The last deadline is over: gate A",
        "The last deadline is over.",
        ("See what gate A still lacks, and pass it.",),
    ),
    "case_gate": Text(
        ("{place} {category} {digits}: a third party is engaged at your cost", "{digits}: third party"),
        "A third party is engaged at your cost",
        "The conditions are met: a third party will repair it at your cost.",
        ("You will be told when, and may be present.",),
    ),
    "case_engaged": Text(
        ("{place} {category} {digits}: a job for you", "{digits}: a job for you"),
        "A job for you",
        "You are engaged for a repair.",
        ("Open it, and say what it costs or when you come.",),
    ),
    "case_quoted": Text(
        ("{place} {category} {digits}: a quote to look at", "{digits}: a quote"),
        "A quote to look at",
        "The third party has sent a quote.",
        ("Agree to it, or engage somebody else.",),
    ),
    "case_price_agreed": Text(
        ("{place} {category} {digits}: the price is agreed, say when you come", "{digits}: price agreed"),
        "The price is agreed",
        "The price is agreed.",
        ("Please say when the work is done.",),
    ),
    "case_disengaged": Text(
        ("{place} {category} {digits}: the third party gave it back", "{digits}: given back"),
        "The third party gave it back",
        "The third party does not do the work.",
        ("Engage another one.",),
    ),
    "case_accepted": Text(
        ("{place} {category} {digits}: accepted, please send the invoice", "{digits}: accepted"),
        "Accepted: please send the invoice",
        "The work is accepted.",
        ("Please enter the number of your invoice on your page.",),
    ),
    "case_stopped": Text(
        ("{place} {category} {digits}: damage was stopped by a third party", "{digits}: stopped"),
        "Damage was stopped by a third party",
        "In an emergency a third party stopped the damage; this confirms it in writing.",
        ("What remains to be repaired is yours as before.",),
    ),
}
