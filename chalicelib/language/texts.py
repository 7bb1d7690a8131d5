"""What each message of `policy/telling.toml` says, in English; the catalogue has the other languages.

Of several variants the first is taken that fits into the SMS and whose facts are all known; the last names the ticket
alone and always fits. `{by}` is when the first of `clocks` that still runs has to be kept.

    number, digits     4839-2175-6, 483921756
    by, window         when it is due; the appointment that was chosen, proposed
    windows, reason    the times offered; why it waits
    safety             what to do in an emergency: a few words in an SMS, all steps in an e-mail
    clock, level       the clock that warns or is missed; the desk that it climbed to
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One message. `sms` and `comes` have variants; `happened` is the first paragraph of the e-mail."""

    sms: tuple[str, ...]
    subject: str
    happened: str
    comes: tuple[str, ...]
    clocks: tuple[str, ...] = ()


TEXTS: Mapping[str, Text] = {
    # to the reporter
    "reported": Text(
        ("Ticket {number} received, we call by {by}", "{digits} filed, call by {by}", "{digits} filed"),
        "We have received your report",
        "We have received your report. Thank you for telling us.",
        ("We will contact you by {by}.", "We will contact you soon."),
        ("response", "feedback"),
    ),
    "reported_emergency": Text(
        (
            "{safety}. Ticket {number}: we call you by {by}",
            "{safety}. Ticket {number}",
            "{safety}. {digits}",
            "{digits} filed",
        ),
        "Do this first",
        "Do this first, until somebody is with you:\n\n{safety}",
        ("We call you by {by}.", "We call you at once."),
        ("response", "feedback"),
    ),
    "acknowledged": Text(
        ("Ticket {number}: technician comes by {by}", "{digits} visit by {by}", "{digits} taken"),
        "A technician is taking care of it",
        "A technician has taken on your repair.",
        ("The technician will be there by {by}.", "The technician will agree a time with you."),
        ("arrive",),
    ),
    "windows_offered": Text(
        ("Ticket {number}: please choose a time", "{digits} choose a time", "{digits} when?"),
        "Please choose when we may come",
        "The technician can come at these times: {windows}.",
        ("Please choose one on your page, or propose another.",),
    ),
    "paused": Text(
        ("Ticket {number} has to wait: {reason}", "Ticket {number} has to wait", "{digits} paused"),
        "Your repair has to wait for a while",
        "Your repair has to wait for a while: {reason}.",
        ("We will go on as soon as we can, and tell you when it is done.",),
    ),
    "completed": Text(
        ("Ticket {number} done, please sign off", "{digits} done, please sign", "{digits} done"),
        "Please sign off the finished work",
        "The work is finished.",
        (
            "Please look at it and sign off by {by}. If it is not right, say so on your page: we come again.",
            "Please look at it and sign off on your page. If it is not right, say so there: we come again.",
        ),
        ("sign_off",),
    ),
    "relayed": Text(
        ("Ticket {number} passed on, answer by {by}", "Ticket {number} was passed on", "{digits} passed"),
        "Your complaint is with the department in charge",
        "We have passed your complaint on to the department in charge.",
        ("You will have an answer by {by}.", "You will have an answer as soon as there is one."),
        ("feedback", "result"),
    ),
    "answered": Text(
        ("Ticket {number}: there is an answer", "{digits} answered", "{digits} answer"),
        "There is an answer for you",
        "We have answered you.",
        ("You can read the answer on your page; the result follows by {by}.", "You can read the answer on your page."),
        ("result",),
    ),
    "result_written": Text(
        ("Ticket {number}: there is a result", "{digits} has a result", "{digits} result"),
        "There is a result of your complaint",
        "There is a result of your complaint.",
        (
            "Please read it on your page and tell us by {by} whether you are satisfied.",
            "Please read it on your page and tell us whether you are satisfied.",
        ),
        ("satisfaction",),
    ),
    "merged": Text(
        ("Ticket {number} goes on as {other}", "{digits} goes on as {other}", "{digits} merged"),
        "Your report goes on together with another one",
        "Your report is for the same fault as ticket {other}: we go on with both under that number.",
        ("You need do nothing; your link stays good.",),
    ),
    "closed": Text(
        ("Ticket {number} is closed. Thank you", "{digits} is closed", "{digits} closed"),
        "Your ticket is closed",
        "Your ticket is closed. Thank you for your patience.",
        ("If the fault comes back, please report it again and name this ticket.",),
    ),
    "deadline_changed": Text(
        ("Ticket {number}: new date {by}", "{digits} now {by}", "{digits} later"),
        "There is a new date for your ticket",
        "The date that we had promised has changed.",
        ("The new date is {by}.", "You find the new date on your page."),
        ("resolve", "feedback"),
    ),
    "link_again": Text(
        ("Ticket {number}: your new link", "{digits} your link", "{digits} link"),
        "Your link to the ticket",
        "Somebody asked for a new link to this ticket. If it was not you, there is nothing to do.",
        ("The link below opens the ticket.",),
    ),
    # to whoever has to act
    "assigned": Text(
        ("New ticket {number}, acknowledge by {by}", "{digits} confirm by {by}", "{digits} to do"),
        "New ticket",
        "You have a new ticket.",
        ("Acknowledge or decline it by {by}.", "Open it and take it on."),
        ("acknowledge",),
    ),
    "to_relay": Text(
        ("Complaint {number}: relay or answer it by {by}", "{digits} relay by {by}", "{digits} relay"),
        "New complaint",
        "You have a new complaint.",
        ("Relay it to the department in charge by {by}, or answer it.", "Relay it, or answer it."),
        ("relay", "feedback"),
    ),
    "to_answer": Text(
        ("Ticket {number}: please answer it by {by}", "{digits} answer by {by}", "{digits} reply"),
        "Something to answer",
        "Somebody has asked or suggested something.",
        ("Answer it by {by}.", "Open it and answer it."),
        ("feedback",),
    ),
    "relayed_to": Text(
        ("Complaint {number} is yours, answer by {by}", "{digits} answer by {by}", "{digits} reply"),
        "A complaint for your department",
        "A complaint was relayed to your department, and you have it.",
        ("Answer it by {by}, then write the result.", "Answer it, then write the result."),
        ("feedback", "result"),
    ),
    "dissatisfied": Text(
        (
            "Complaint {number}: owner not satisfied, new result by {by}",
            "{digits} redo by {by}",
            "{digits} again",
        ),
        "The owner is not satisfied",
        "The owner is not satisfied with the result of the complaint.",
        ("Read on its page why, and write a new result by {by}.", "Read on its page why, and write a new result."),
        ("result",),
    ),
    "dissatisfied_above": Text(
        ("Complaint {number} climbed to you: not satisfied", "{digits}: owner not satisfied", "{digits} act"),
        "Climbed to you: the owner is not satisfied",
        "The owner is not satisfied with the result; the complaint climbed to the {level}.",
        ("See that a new result is written by {by}.", "See that a new result is written."),
        ("result",),
    ),
    "ask_satisfaction": Text(
        ("Complaint {number}: ask the owner whether it is settled", "{digits}: ask the owner", "{digits} ask"),
        "Ask the owner whether the complaint is settled",
        "The owner has not said whether the result is good.",
        ("Please phone and record what the owner says.",),
    ),
    "needs_dispatch": Text(
        ("Ticket {number} needs somebody by {by}", "{digits} assign by {by}", "{digits} assign"),
        "Nobody on duty: dispatch by hand",
        "No rule or nobody on duty: this ticket came to the desk.",
        ("Dispatch it by {by}.", "Dispatch it or answer it."),
        ("dispatch",),
    ),
    "plan_proposed": Text(
        ("Ticket {number}: please agree to the repair plan", "{digits}: plan to agree", "{digits} plan"),
        "A repair plan for you to agree to",
        "For your repair a plan was proposed, with a date by which it is finished.",
        ("Please look at it and agree, or write to us what does not suit you.",),
    ),
    "plan_agreed": Text(
        ("Ticket {number}: the owner agreed to the plan", "{digits}: plan agreed", "{digits} agreed"),
        "The owner agreed to the plan",
        "The owner agreed to the repair plan.",
        ("The agreed date is the new deadline for completing it.",),
    ),
    "window_chosen": Text(
        ("Ticket {number}: visit {window}", "{digits} {window}", "{digits} booked"),
        "Appointment made",
        "The appointment is {window}.",
        ("Be on site by then.",),
        ("arrive",),
    ),
    "window_proposed": Text(
        ("Ticket {number}: owner proposes {window}", "{digits} {window}?", "{digits} time?"),
        "The owner proposes another time",
        "The owner asks for {window}.",
        ("Confirm it, or offer other times.",),
    ),
    "follow_up_due": Text(
        ("Ticket {number} done, follow up by {by}", "{digits} ask by {by}", "{digits} ask"),
        "Follow-up due",
        "The work is finished.",
        ("Ask the owner by {by} whether it is really fixed.", "Ask the owner whether it is really fixed."),
        ("follow_up",),
    ),
    "reworked": Text(
        ("Rework {number}, acknowledge by {by}", "{digits} redo, ok by {by}", "{digits} redo"),
        "Rework",
        "It is not fixed: the ticket is back with you.",
        ("Acknowledge it by {by}.", "Open it and take it on."),
        ("acknowledge",),
    ),
    "joined": Text(
        ("Ticket {number}: another report joined", "{digits} one more report", "{digits} joined"),
        "Another report of the same",
        "Another report of the same fault joined this ticket: {other}.",
        ("Read it beside yours.",),
    ),
    "merged_away": Text(
        ("Ticket {number} goes on as {other}. No visit needed.", "{digits} goes on as {other}", "{digits} merged"),
        "Ticket merged",
        "The ticket goes on as {other}.",
        ("No visit is needed for this one.",),
    ),
    "cancelled": Text(
        ("Ticket {number} was cancelled. No visit needed.", "{digits} cancelled"),
        "Ticket cancelled",
        "The ticket was cancelled.",
        ("No visit is needed.",),
    ),
    "taken_away": Text(
        ("Ticket {number} is no longer yours. No visit needed.", "{digits} not yours any more", "{digits} not yours"),
        "Ticket given to somebody else",
        "The ticket was taken back from you and goes to somebody else.",
        ("There is nothing more to do for you.",),
    ),
    "noted": Text(
        ("Ticket {number}: note from the owner", "{digits} owner's note", "{digits} note"),
        "New note from the owner",
        "The owner added a note or photos.",
        ("Read it on the ticket's page.",),
    ),
    "rated_low": Text(
        ("Ticket {number}: low rating, please call", "{digits} low rating", "{digits} rating"),
        "A low rating",
        "The owner rated this ticket low.",
        ("Call the owner, ask what went wrong, and note it on the ticket.",),
    ),
    "told_why": Text(
        ("Ticket {number}: why the rating was low", "{digits} why low rating", "{digits} why"),
        "Why the rating was low",
        "The owner has written what was wrong.",
        ("Read it on the ticket's page.",),
    ),
    "warned": Text(
        ("Ticket {number}: {clock} by {by}", "{digits} due {by}", "{digits} hurry"),
        "Deadline ahead: {clock}",
        "A deadline is coming near: {clock}.",
        ("It is due by {by}.", "Open the ticket for the deadline."),
    ),
    "breached": Text(
        ("Ticket {number} is late: {clock}", "{digits} is late", "{digits} late"),
        "Deadline missed: {clock}",
        "A deadline was missed: {clock}. It was {by}.",
        ("Act on it now. The next desk is told.",),
    ),
    "escalated": Text(
        ("Ticket {number} climbed to you: {clock}", "Ticket {number} climbed to you", "{digits} act"),
        "Climbed to you",
        "This ticket climbed to the {level}.",
        ("Deadline missed: {clock}. See that somebody moves.", "The owner asked for it. See that somebody moves."),
    ),
    "reminded": Text(
        ("Ticket {number} still late: {clock}", "{digits} still late", "{digits} chase"),
        "Still open: {clock}",
        "Nobody has moved since the deadline: {clock}.",
        ("See that somebody moves. You are reminded every day.",),
    ),
    "handed_back": Text(
        ("Ticket {number} is back with you", "{digits} back to you", "{digits} back"),
        "Handed back to you",
        "The next desk has handed the ticket back to you.",
        ("Go on with it.",),
    ),
}
