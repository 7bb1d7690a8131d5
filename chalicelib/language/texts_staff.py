"""What the messages to whoever has to act say, in English; how they are made stands in `texts.py`."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.language.text import Text

TO_STAFF: Mapping[str, Text] = {
    "assigned": Text(
        (
            "{place} {category}, new ticket {number}: acknowledge by {by}",
            "{place} {category} {digits}, confirm by {by}",
            "{category} {digits}, confirm by {by}",
            "{digits} confirm by {by}",
            "{digits} is new",
        ),
        "New ticket",
        "You have a new ticket.",
        ("Acknowledge or decline it by {by}.", "Open it and take it on."),
        ("acknowledge",),
    ),
    "taken_away": Text(
        (
            "{place} {category}, ticket {number}: {cause}. It is no longer yours, no visit needed.",
            "{place} {category} {digits}: {cause}, no visit needed",
            "{digits}: {cause}, no visit",
        ),
        "No longer yours",
        "The ticket is no longer yours: {cause}.",
        ("No visit is needed.",),
    ),
    "raised_for_you": Text(
        (
            "{place} {category}, ticket {number} is now: {priority}. Due by {by}",
            "{category} {digits} {priority}, by {by}",
            "{digits}: {priority}, by {by}",
            "{digits}: by {by}",
            "{digits} raised",
        ),
        "Priority raised",
        "The priority of the ticket was raised to: {priority}.",
        ("The next deadline is {by}.", "Its deadlines were computed anew."),
        ("arrive", "resolve", "relay", "feedback"),
    ),
    "paused_for_you": Text(
        (
            "{place} {category}, ticket {number} waits until {day}: {reason}",
            "{category} {digits} waits until {day}",
            "{digits} waits",
        ),
        "The desk lets it wait",
        "The desk lets the ticket wait: {reason}. Read on its page why.",
        ("It waits until {day}; on that day you are asked whether it goes on.", "You hear when it goes on."),
    ),
    "check_due": Text(
        (
            "{where} {category}, ticket {number}: the time to sign is over. Please check the work.",
            "{category} {digits}: the time to sign is over, please check",
            "{digits} please check",
        ),
        "The time to sign is over: please check",
        "The owner has not signed, and the time for it is over.",
        ("Look at the work and record a supervisor's check. Until then the owner can still sign.",),
    ),
    "place_corrected": Text(
        (
            "{category}, ticket {number}: the place is now {place}",
            "{digits}: now at {place}",
            "{digits}: new place",
        ),
        "The place was corrected",
        "The place is now: {place}.",
        ("Look at it before you go.",),
    ),
    "waived": Text(
        (
            "{place} {category}, ticket {number}: the owner does without the repair. No visit needed.",
            "{digits}: owner waives it. No visit needed.",
        ),
        "Repair waived by the owner",
        "The owner does without the repair.",
        ("No visit is needed.",),
    ),
    "to_relay": Text(
        ("Complaint {number}: relay or answer it by {by}", "{digits} relay by {by}", "{digits} relay"),
        "New complaint",
        "You have a new complaint.",
        ("Relay it to the department in charge by {by}, or answer it.", "Relay it, or answer it."),
        ("relay", "feedback"),
    ),
    "to_answer": Text(
        ("{category}, ticket {number}: please answer it by {by}", "{digits} answer by {by}", "{digits} reply"),
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
    "answered_for_you": Text(
        ("Complaint {number} is answered, write the result by {by}", "{digits} result by {by}", "{digits} result"),
        "Answered: the result is due from you",
        "Somebody else has answered the complaint; you still have it.",
        ("Write the result by {by}.", "Write the result."),
        ("result",),
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
        ("Complaint {number} climbed to you: not satisfied", "{digits}: owner not satisfied", "{digits} is yours now"),
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
        (
            "{place} {category}, ticket {number}: nobody has it, dispatch it by {by}",
            "{category} {digits}, dispatch by {by}",
            "{digits} assign by {by}",
            "{digits} to dispatch",
        ),
        "Nobody on duty: dispatch by hand",
        "No rule or nobody on duty: this ticket came to the desk.",
        ("Dispatch it by {by}.", "Dispatch it or answer it."),
        ("dispatch",),
    ),
    "plan_proposed": Text(
        (
            "{category}, ticket {number}: please look at the repair plan and agree",
            "{digits}: plan to agree",
        ),
        "A repair plan for you to agree to",
        "For your repair a plan was proposed, with a date by which it is finished.",
        ("Please look at it and agree, or write to us what does not suit you.",),
    ),
    "plan_agreed": Text(
        (
            "{place} {category}, ticket {number}: the owner agreed to the plan",
            "{digits}: plan agreed",
        ),
        "The owner agreed to the plan",
        "The owner agreed to the repair plan.",
        ("The agreed date is the new deadline for completing it.",),
    ),
    "plan_refused": Text(
        (
            "{place} {category}, ticket {number}: the owner does not agree to the plan",
            "{digits}: plan refused",
        ),
        "The owner does not agree to the plan",
        "The owner does not agree to the repair plan.",
        ("Read why on the ticket's page, phone the owner, and propose another one.",),
    ),
    "window_chosen": Text(
        (
            "{place} {category}, ticket {number}: visit {window}",
            "{category} {digits}, visit {window}",
            "{digits} visit {window}",
            "{digits} is booked",
        ),
        "Appointment made",
        "The appointment is {window}.",
        ("Be on site by then.",),
        ("arrive",),
    ),
    "window_proposed": Text(
        (
            "{place} {category}, ticket {number}: the owner asks for {window}",
            "{digits}: owner asks for {window}",
            "{digits}: other time asked",
            "{digits} other time?",
        ),
        "The owner proposes another time",
        "The owner asks for {window}.",
        ("Confirm it, or offer other times.",),
    ),
    "follow_up_due": Text(
        (
            "{place} {category}, ticket {number} is done: ask the owner by {by} whether it holds",
            "{category} {digits}, follow up by {by}",
            "{digits} ask by {by}",
            "{digits} to follow up",
        ),
        "Follow-up due",
        "The work is finished.",
        ("Ask the owner by {by} whether it is really fixed.", "Ask the owner whether it is really fixed."),
        ("follow_up",),
    ),
    "reworked": Text(
        (
            "{place} {category}, ticket {number} is not fixed: acknowledge it again by {by}",
            "{category} {digits} rework, confirm by {by}",
            "{digits} redo, ok by {by}",
            "{digits} is rework",
        ),
        "Rework",
        "It is not fixed: the ticket is back with you.",
        ("Acknowledge it by {by}.", "Open it and take it on."),
        ("acknowledge",),
    ),
    "joined": Text(
        (
            "{place} {category}, ticket {number}: report {other} of the same fault joined it",
            "{digits}: {other} joined",
            "{digits}: report joined",
        ),
        "Another report of the same",
        "Another report of the same fault joined this ticket: {other}.",
        ("Read it beside yours.",),
    ),
    "merged_away": Text(
        (
            "{place} {category}, ticket {number} goes on as {other}: no visit needed",
            "{digits} goes on as {other}. No visit needed.",
            "{digits} merged",
        ),
        "Ticket merged",
        "The ticket goes on as {other}.",
        ("No visit is needed for this one.",),
    ),
    "cancelled": Text(
        (
            "{place} {category}, ticket {number} was cancelled. No visit needed.",
            "{digits} was cancelled. No visit needed.",
        ),
        "Ticket cancelled",
        "The ticket was cancelled.",
        ("No visit is needed. The reason: {words}", "No visit is needed."),
    ),
    "noted": Text(
        (
            "{place} {category}, ticket {number}: the owner left a note",
            "{category} {digits}: note from the owner",
            "{digits}: owner's note",
        ),
        "New note from the owner",
        "The owner added a note or photos.",
        ("Read it on the ticket's page.",),
    ),
    "rated_low": Text(
        ("{place} {category}, ticket {number} was rated low: please call the owner", "{digits}: rated low"),
        "A low rating",
        "The owner rated this ticket low.",
        ("Call the owner, ask what went wrong, and note it on the ticket.",),
    ),
    "told_why": Text(
        ("{place} {category}, ticket {number}: the owner says why it was rated low", "{digits}: why rated low"),
        "Why the rating was low",
        "The owner has written what was wrong.",
        ("Read it on the ticket's page.",),
    ),
    "warned": Text(
        (
            "{place} {category}, ticket {number}: {clock} is due by {by}",
            "{category} {digits}: {clock} by {by}",
            "{digits} due by {by}",
            "{digits} is due soon",
        ),
        "Deadline ahead: {clock}",
        "A deadline is coming near: {clock}.",
        ("It is due by {by}.", "Open the ticket for the deadline."),
    ),
    "breached": Text(
        (
            "{place} {category}, ticket {number} is late: {clock}. Please act on it now.",
            "{category} {digits} is late: {clock}",
            "{digits} is late",
        ),
        "Deadline missed: {clock}",
        "A deadline was missed: {clock}. It was {by}.",
        ("Act on it now. The next desk is told.",),
    ),
    "escalated": Text(
        (
            "{where} {category}, ticket {number} climbed to you: {clock} is late. See that somebody moves.",
            "{where} {category}, ticket {number} climbed to you. See that somebody moves.",
            "{category} {digits} climbed to you",
            "{digits} is yours now",
        ),
        "Climbed to you",
        "This ticket climbed to the {level}.",
        ("Deadline missed: {clock}. See that somebody moves.", "The owner asked for it. See that somebody moves."),
    ),
    "reminded": Text(
        (
            "{where} {category}, ticket {number} is still late: {clock}. See that somebody moves.",
            "{category} {digits} is still late",
            "{digits} is still late",
        ),
        "Still open: {clock}",
        "Nobody has moved since the deadline: {clock}.",
        ("See that somebody moves. You are reminded every day.",),
    ),
    "handed_back": Text(
        (
            "{place} {category}, ticket {number} is back with you: read what is to be done",
            "{category} {digits} is back with you",
            "{digits} is back",
        ),
        "Handed back to you",
        "The next desk has handed the ticket back to you.",
        ("Go on with it.",),
    ),
}
