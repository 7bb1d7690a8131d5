"""A retention and its release in words: what is told of it, its states, clocks, alerts, what happened to it.

contract, where   the contract's number, its project      amount   what it is about      by, clock   which is due, when
ground            of a stop
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.record.event import Event
from chalicelib.language.catalogue import word
from chalicelib.language.liability import yuan
from chalicelib.language.text import Text
from chalicelib.language.wording import Letter, mail_of, sms_of

RELEASES: Mapping[str, Text] = {
    "release_applied": Text(
        (
            "{where} contract {contract}: the contractor applies for {amount} of its retention. Please verify {by}.",
            "Contract {contract}: retention applied for, verify {by}",
            "A retention is applied for. Please verify.",
        ),
        "A retention to verify",
        "The contractor of contract {contract} has applied for its retention.",
        ("Property desk and warranty office verify it by {by}; two people, the same amount.",),
    ),
    "release_countersign": Text(
        (
            "{where} contract {contract}: the other side has countersigned {amount}. Please verify {by}.",
            "Contract {contract}: {amount} countersigned, your turn",
            "A retention waits for your countersignature.",
        ),
        "A retention waits for your countersignature",
        "One side has countersigned the release of the retention of contract {contract}.",
        ("Please verify the amount yourself, by {by}.",),
    ),
    "release_refused": Text(
        (
            "Contract {contract}: your application for the retention was refused. The reason is on your page.",
            "Contract {contract}: application refused",
            "Your application was refused. See why.",
        ),
        "Your application was refused",
        "Your application for the retention of contract {contract} was refused.",
        ("The reason stands on your page; you may apply again.",),
    ),
    "release_pressed": Text(
        (
            "{where} contract {contract}: the contractor presses for its retention. Silence until {by} is consent.",
            "Contract {contract}: pressed for; silence until {by} is consent",
            "A contractor presses: your silence is consent.",
        ),
        "A contractor presses for its retention",
        "The contractor of contract {contract} has sent its own reminder: its application is late.",
        ("Without an answer by {by} the whole amount is consented to.",),
    ),
    "release_verified": Text(
        (
            "Contract {contract}: {amount} of your retention are verified. It is paid by {by}.",
            "Contract {contract}: {amount} verified",
            "Your retention is verified.",
        ),
        "Your retention is verified",
        "{amount} of the retention of contract {contract} are verified.",
        (
            "It is paid by {by}.",
            "You get a message when it is paid.",
        ),
    ),
    "release_to_pay": Text(
        (
            "Contract {contract}: please pay {amount} of the retention by {by}.",
            "Contract {contract}: pay {amount} by {by}",
            "A retention is to be paid.",
        ),
        "A retention to pay",
        "{amount} of the retention of contract {contract} are verified by both sides.",
        (
            "Please pay it by {by} and enter the voucher with its picture.",
            "Please pay it, and enter the voucher with its picture.",
        ),
    ),
    "release_deemed": Text(
        (
            "Contract {contract}: the reminder was not answered: {amount} count as consented to. Pay by {by}.",
            "Contract {contract}: silence was consent, pay {amount}",
            "Silence was consent: a retention is to be paid.",
        ),
        "Silence was consent",
        "Nobody answered the reminder about contract {contract} in time: {amount} count as consented to.",
        (
            "Please pay it by {by}.",
            "Please pay it.",
        ),
    ),
    "release_paid": Text(
        (
            "Contract {contract}: {amount} of your retention were paid.",
            "Contract {contract}: {amount} paid",
            "Your retention was paid.",
        ),
        "Your retention was paid",
        "{amount} of the retention of contract {contract} were paid to you.",
        ("Day and voucher stand on your page.",),
    ),
    "release_stopped": Text(
        (
            "Contract {contract}: {ground}. Nothing is paid back or deducted until it is lifted.",
            "Contract {contract}: {ground}",
            "A contract's payments are stopped.",
        ),
        "A contract's payments are stopped",
        "The payments of contract {contract} are stopped: {ground}.",
        ("Nothing is paid back and nothing deducted until it is lifted.",),
    ),
    "release_lifted": Text(
        (
            "Contract {contract}: lifted: {ground}. Payments and deductions go on.",
            "Contract {contract}: a stop was lifted",
            "A stop of payments was lifted.",
        ),
        "A stop was lifted",
        "A stop on contract {contract} was lifted: {ground}.",
        ("What waited goes on.",),
    ),
    "release_waits": Text(
        (
            "{where} contract {contract}: {clock} by {by}. Please look at it.",
            "Contract {contract}: {clock} by {by}",
            "A retention waits for you.",
        ),
        "A retention waits for you: {clock}",
        "For contract {contract}, this comes: {clock}.",
        (
            "Please look at it by {by}: what is still defective, and what is left.",
            "Please look at it: what is still defective, and what is left.",
        ),
    ),
    "release_over": Text(
        (
            "{where} contract {contract}: {clock} is over. Please look at it.",
            "Contract {contract}: {clock} is over",
            "A period of a retention is over.",
        ),
        "Over: {clock}",
        "For contract {contract}, this is over: {clock}.",
        ("Please see what has to be done now.",),
    ),
    "release_late": Text(
        (
            "{where} contract {contract}: nobody moved in time: {clock}. See that somebody does.",
            "Contract {contract}: {clock} is late",
            "A retention is late.",
        ),
        "Late: {clock}",
        "For contract {contract}, nobody moved in time: {clock}.",
        ("See that somebody moves.",),
    ),
}
STATES = {
    "held": "Held",
    "applied": "Applied for",
    "half": "One side has countersigned",
    "verified": "Verified, to be paid",
    "closed": "Nothing is left",
}
CLOCKS = {
    "liability": "Defect liability ends",
    "limitation": "Limitation of three years ends",
    "dates": "Enter when defect liability ends",
    "verify": "Verify the retention",
    "consent": "Answer the contractor's reminder",
    "pay": "Pay the retention",
    "review": "Look at the stop again",
}
GROUNDS = {
    "freeze": "Court freeze",
    "factored": "Factored receivable",
}
SIDES = {
    "property": "Property desk",
    "office": "Warranty office",
}
ALERTS = {
    "defects_exceed": "Open defects may cost more than what is left",
    "overdrawn": "More is deducted than there is",
    "pending": "Deductions are not booked yet",
    "no_balance": "Finance has stated no balance",
    "rate_high": "The rate is above 3 %",
    "liability_long": "Defect liability is longer than 2 years",
    "beside_bond": "A retention beside a performance bond",
    "beside_insurance": "A retention beside quality insurance",
}
SOURCES = {
    "retention": "Retention",
    "bond": "Performance bond",
    "progress": "Progress or final payment",
    "other_contract": "Another contract",
    "claim": "Claim",
}
PARTS = {  # of what a page says of it
    "held": "Withheld",
    "deducted": "Deducted",
    "released": "Paid back",
    "recovered": "Recovered since",
    "pending": "Deductions on their way",
    "left": "Left",
    "rate": "Rate of the retention",
    "period": "Length of defect liability",
    "liability_ends": "End of defect liability",
    "warranty_ends": "End of warranty",
}
MOVES = {  # what a button says
    "date": "Read the dates again",
    "apply": "Apply for it",
    "verify": "Countersign",
    "refuse": "Refuse the application",
    "withdraw": "Withdraw the application",
    "press": "Send our reminder",
    "pay": "Enter the payment",
    "stop": "Stop payments and deductions",
    "lift": "Lift the stop",
}
# what stands in braces is in the event's facts
HAPPENED = {
    "opened": "The retention was put on file",
    "stated": "Finance's balance of {on}: {held} withheld, {deducted} deducted, {released} paid back",
    "dated": "When defect liability and warranty end was read again",
    "applied": "{fen} applied for",
    "countersigned": "{side} countersigned {fen}",
    "verified": "Verified: {fen}",
    "refused": "The application was refused",
    "withdrawn": "The application was withdrawn",
    "pressed": "The contractor sent its own reminder",
    "deemed": "Nobody answered: consent to {fen} by silence",
    "paid": "{fen} paid on {on}, voucher {voucher}",
    "stopped": "Stopped: {ground}",
    "lifted": "Lifted: {ground}",
    "closed": "Nothing is left",
    "reopened": "There is a balance again",
    "breached": "Over: {clock}",
    "escalated": "Climbed: {clock}",
    "message_failed": "A message could not be delivered",
}
AMOUNTS = frozenset({"fen", "held", "deducted", "released"})


def state_word(state: str, lang: str) -> str:
    return word("retention", STATES[state], lang)


def clock_word(clock: str, lang: str) -> str:
    return word("retention", CLOCKS.get(clock, clock), lang)


def ground_word(ground: str, lang: str) -> str:
    return word("retention", GROUNDS.get(ground, ground), lang)


def side_word(side: str, lang: str) -> str:
    return word("retention", SIDES[side], lang)


def part_word(part: str, lang: str) -> str:
    return word("retention", PARTS[part], lang)


def move_word(move: str, lang: str) -> str:
    return word("retention", MOVES[move], lang)


def alert_word(alert: str, lang: str) -> str:
    """An alert before a release, or a warning about the contract."""
    return word("retention", ALERTS.get(alert, alert), lang)


def source_word(source: str, lang: str) -> str:
    return word("retention", SOURCES.get(source, source), lang)


def happened(event: Event, lang: str) -> str:
    """An event in words; "" for what nobody needs to read."""
    if event.kind not in HAPPENED:
        return ""
    known: dict[str, Any] = dict.fromkeys(AMOUNTS, yuan(0, lang)) | dict(event.data)
    known |= {name: yuan(int(event.data[name]), lang) for name in AMOUNTS if name in event.data}
    for name, table in (("ground", GROUNDS), ("side", SIDES), ("clock", CLOCKS)):
        if name in event.data:
            known[name] = word("retention", table.get(str(event.data[name]), str(event.data[name])), lang)
    return word("retention", HAPPENED[event.kind], lang).format_map(known)


def sms(
    template: str,
    known: Mapping[str, str],
    lang: str,
    signature: str,
    *,
    link: str = "",
    code: str = "",
    page: str = "",
) -> str:
    return sms_of(RELEASES[template], known, lang, signature, link=link, code=code, page=page)


def mail(template: str, known: Mapping[str, str], lang: str, signature: str, name: str, link: str = "") -> Letter:
    return mail_of(RELEASES[template], known, lang, signature, name, link)
