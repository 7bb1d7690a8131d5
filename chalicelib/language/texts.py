"""What each message of `policy/telling.toml` says, in English; the catalogue has the other languages.

Of several variants the first is taken that fits into the SMS and whose facts are all known; the last names the ticket
alone and always fits. `{by}` is when the first of `clocks` that still runs has to be kept.

    number, digits     4839-2175-6, 483921756
    by, window         when it is due; the appointment that was chosen, proposed
    windows, reason    the times offered; why it waits
    safety             what to do in an emergency: a few words in an SMS, all steps in an e-mail
    clock, level       the clock that warns or is missed; the desk that it climbed to
    category           what it is about
    place, where       the place, in an SMS without the project; with it
    count              how many messages were held back
    cause              why it was taken from whoever had it; why it was cancelled is `words`, in an e-mail alone
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.language.text import Text
from chalicelib.language.texts_company import ABOUT_CASES
from chalicelib.language.texts_compensation import COMPENSATION
from chalicelib.language.texts_liable import LIABLE
from chalicelib.language.texts_money import ABOUT_DEDUCTIONS
from chalicelib.language.texts_staff import TO_STAFF

TEXTS: Mapping[str, Text] = {
    # to the reporter
    "reported": Text(
        (
            "We have your report ({category}), ticket {number}. We call you by {by}.",
            "{category} {digits}: we call you by {by}",
            "{digits}: call by {by}",
            "{digits} received",
        ),
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
            "{digits} received",
        ),
        "Do this first",
        "Do this first, until somebody is with you:\n\n{safety}",
        ("We call you by {by}.", "We call you at once."),
        ("response", "feedback"),
    ),
    "late_for_you": Text(
        (
            "{category}, ticket {number}: we missed the time {promise}: it waits {because}. {anew}.",
            "{category}, ticket {number}: we missed the time {promise}. {anew}.",
            "{category} {digits}: late {promise}, we press for it",
            "{digits}: we are late",
        ),
        "We are late",
        "We had promised {promise} by {by}, and have missed it: it waits {because}. We are sorry.",
        ("{anew}.", "You see on your page how things stand."),
    ),
    "made_emergency": Text(
        (
            "{safety}. Ticket {number} is now an emergency: on site by {by}",
            "{safety}. Ticket {number} is an emergency",
            "{safety}. {digits}",
            "{digits} emergency",
        ),
        "Do this first",
        "Do this first, until somebody is with you:\n\n{safety}",
        (
            "Your ticket is now handled as an emergency. Somebody is with you by {by}.",
            "Your ticket is now handled as an emergency. Somebody is sent at once.",
        ),
        ("arrive",),
    ),
    "held": Text(
        (
            "{count} messages about reports with your address were too many for a day. All of it stands on your page.",
            "{count} messages were too many for a day, see your page",
            "{digits}: see your page",
        ),
        "{count} messages that were too many for a day",
        "There was more to say about reports with your address than we send in a day: {count} messages were held back.",
        ("All of it stands on your page. If you have reported nothing, you need do nothing.",),
    ),
    "acknowledged": Text(
        (
            "{category}, ticket {number}: a technician has it and comes by {by}.",
            "{category} {digits}: technician by {by}",
            "{digits}: here by {by}",
            "{digits}: on its way",
        ),
        "A technician is taking care of it",
        "A technician has taken on your repair.",
        ("The technician will be there by {by}.", "The technician will agree a time with you."),
        ("arrive",),
    ),
    "windows_offered": Text(
        (
            "{category}, ticket {number}: a technician has it. Please choose when we may come.",
            "{category} {digits}: please choose a time",
            "{digits}: choose a time",
        ),
        "Please choose when we may come",
        "The technician can come at these times: {windows}.",
        ("Please choose one on your page, or propose another.",),
    ),
    "paused": Text(
        (
            "Ticket {number} has to wait until {day}: {reason}",
            "Ticket {number} has to wait until {day}",
            "Ticket {number} has to wait",
            "{digits} paused",
        ),
        "Your repair has to wait for a while",
        "Your repair has to wait for a while: {reason}.",
        (
            "It goes on by {day}, or you hear the new day from us.",
            "You hear from us when it goes on.",
        ),
    ),
    "priority_lowered": Text(
        (
            "{category}: ticket {number} is now handled as: {priority}, by {by}",
            "{digits}: {priority}, by {by}",
            "{digits}: by {by}",
            "{category}: ticket {number} is now handled as: {priority}",
            "{digits}: {priority}",
            "{digits} lower",
        ),
        "Your ticket is handled as less urgent",
        "Your ticket is now handled as: {priority}. You read on your page why.",
        ("The new date is {by}.", "If it is urgent for you, write or phone us."),
        ("arrive", "resolve", "relay", "feedback"),
    ),
    "lowered_for_you": Text(
        (
            "{category}: ticket {number}, priority lowered: {priority}, due by {by}",
            "{digits}: {priority}, by {by}",
            "{digits}: by {by}",
            "{category}: ticket {number}, priority lowered: {priority}",
            "{digits}: {priority}",
            "{digits} lower",
        ),
        "Priority lowered",
        "The priority of the ticket was lowered to: {priority}. The reason is on its page.",
        ("The next deadline is {by}.", "Its deadlines were computed anew."),
        ("arrive", "resolve", "relay", "feedback"),
    ),
    "wait_changed": Text(
        (
            "{category}: ticket {number} has to wait longer, until {day}",
            "{category}: ticket {number} has to wait longer",
            "{digits} paused",
        ),
        "Your repair has to wait longer",
        "Your repair has to wait longer than we told you: {reason}.",
        ("It goes on by {day}, or you hear the new day from us.",),
    ),
    "resumed": Text(
        ("{category}: ticket {number} goes on", "{digits} goes on", "{digits} go on"),
        "Your repair goes on",
        "Your repair does not have to wait any more: it goes on.",
        ("You see on your page what comes next.",),
    ),
    "resume_asked": Text(
        ("{category}: ticket {number} has waited, go on or say why not", "{digits}: go on?", "{digits} go on"),
        "Does it go on?",
        "The day has come that this ticket waited for.",
        ("Go on, or say why not and until when. Without an answer it goes on by itself tomorrow.",),
    ),
    "resumed_for_you": Text(
        ("{category}: ticket {number} goes on, your clocks run again", "{digits} goes on", "{digits} go on"),
        "It goes on",
        "The ticket does not wait any more; its clocks run again.",
        ("Open it and go on.",),
    ),
    "wait_ended": Text(
        ("{category}: ticket {number} climbed to you, nobody ended its wait", "{digits} wait over", "{digits} act"),
        "Climbed to you: nobody ended its wait",
        "The day had come that this ticket waited for, and nobody said whether it goes on. It goes on by itself now.",
        ("See that somebody moves.",),
    ),
    "completed": Text(
        (
            "{category}, ticket {number} is done. Please look at it and sign off by {by}.",
            "{category}, ticket {number} is done. Please look at it and sign off.",
            "{category} {digits} is done, please sign off",
            "{digits} done, sign off",
        ),
        "Please sign off the finished work",
        "The work is finished.",
        (
            "Please look at it and sign off by {by}. If it is not right, say so on your page: we come again.",
            "Please look at it and sign off on your page. If it is not right, say so there: we come again.",
        ),
        ("sign_off",),
    ),
    "relayed": Text(
        (
            "Your complaint, ticket {number}, is with the department in charge. You have an answer by {by}.",
            "Complaint {digits}: answer by {by}",
            "{digits} was passed on",
        ),
        "Your complaint is with the department in charge",
        "We have passed your complaint on to the department in charge.",
        ("You will have an answer by {by}.", "You will have an answer as soon as there is one."),
        ("feedback", "result"),
    ),
    "answered": Text(
        (
            "Your report ({category}), ticket {number}: there is an answer for you.",
            "{digits} is answered",
        ),
        "There is an answer for you",
        "We have answered you.",
        ("You can read the answer on your page; the result follows by {by}.", "You can read the answer on your page."),
        ("result",),
    ),
    "result_written": Text(
        (
            "Your complaint, ticket {number}: there is a result. Are you satisfied?",
            "{digits} has a result",
        ),
        "There is a result of your complaint",
        "There is a result of your complaint.",
        (
            "Please read it on your page and tell us by {by} whether you are satisfied.",
            "Please read it on your page and tell us whether you are satisfied.",
        ),
        ("satisfaction",),
    ),
    "merged": Text(
        (
            "Your report {number} ({category}) goes on together with ticket {other}.",
            "{digits} goes on as {other}",
            "{digits} was merged",
        ),
        "Your report goes on together with another one",
        "Your report is for the same fault as ticket {other}: we go on with both under that number.",
        ("You need do nothing; your link stays good.",),
    ),
    "joined_yours": Text(
        (
            "Your report {number} ({category}): another report of the same fault joined it.",
            "{digits}: same fault, joined",
            "{digits} was joined",
        ),
        "Another report joined yours",
        "Somebody reported the same fault: we go on with both under your number.",
        ("You need do nothing: the dates that you were told stand.",),
    ),
    "visit_off": Text(
        (
            "{category}, ticket {number}: the visit is off, a new time follows.",
            "{digits}: visit off, new time follows",
            "{digits}: visit is off",
        ),
        "Somebody else comes: the time is off",
        "Somebody else will do your repair. The time that was arranged no longer stands.",
        ("We will agree a new time with you.",),
    ),
    "appointment": Text(
        (
            "{category}, ticket {number}: we come {window}",
            "{digits}: we come {window}",
            "{digits}: time agreed",
        ),
        "Your appointment",
        "We come {window}.",
        ("If that does not suit you, propose another time on your page.",),
    ),
    "place_corrected_yours": Text(
        (
            "{category}, ticket {number}: the place is now {where}",
            "{digits}: place changed",
        ),
        "The place of your report was corrected",
        "The place of your report is now: {place}.",
        ("If that is wrong, write it on your page, or call the desk.",),
    ),
    "cancelled_for_you": Text(
        (
            "{category}, ticket {number}: cancelled by the desk. The reason stands on your page.",
            "{digits}: desk cancelled",
            "{digits} cancelled",
        ),
        "Your report was cancelled",
        "The desk has cancelled your report.",
        ("The reason: {words}", "The reason stands on your page. If it is still needed, please report it again."),
    ),
    "waived_for_you": Text(
        (
            "{category}, ticket {number} is closed: you do without the repair.",
            "{digits}: closed, no repair",
            "{digits} is closed",
        ),
        "Closed without a repair",
        "We have noted that you do without the repair. The ticket is closed.",
        ("If that is not so, please report it again and name this ticket.",),
    ),
    "closed": Text(
        (
            "{category}, ticket {number} is closed. Thank you.",
            "{digits} is closed",
        ),
        "Your ticket is closed",
        "Your ticket is closed. Thank you for your patience.",
        ("If the fault comes back, please report it again and name this ticket.",),
    ),
    "deadline_changed": Text(
        (
            "{category}, ticket {number}: the new date is {by}",
            "{digits} now by {by}",
            "{digits} has a new date",
        ),
        "There is a new date for your ticket",
        "The date that we had promised has changed.",
        ("The new date is {by}.", "You find the new date on your page."),
        ("resolve", "feedback"),
    ),
    "link_again": Text(
        (
            "{category}, ticket {number}: your new link",
            "{digits}: your new link",
        ),
        "Your link to the ticket",
        "Somebody asked for a new link to this ticket. If it was not you, there is nothing to do.",
        ("The link below opens the ticket.",),
        coded=(
            "{category}, ticket {number}: to look at it",
            "{digits} opens with it",
        ),
    ),
    **TO_STAFF,
    **ABOUT_CASES,
    **ABOUT_DEDUCTIONS,
    **LIABLE,
    **COMPENSATION,
}
