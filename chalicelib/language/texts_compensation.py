"""What the messages about an owner's compensation say, in English; how they are made stands in `texts.py`."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.language.text import Text

COMPENSATION: Mapping[str, Text] = {
    "compensation_claimed": Text(
        (
            "{where} {category}, ticket {number}: the owner claims compensation. Please offer an amount.",
            "{category} {digits}: compensation claimed",
            "{digits}: claim",
        ),
        "Compensation claimed",
        "The owner claims compensation for what the fault damaged.",
        ("Please look at it and offer an amount, or refuse with a reason.",),
    ),
    "compensation_offered": Text(
        (
            "{category}, ticket {number}: we offer you {amount} for the damage. Please answer.",
            "{category} {digits}: {amount} offered, please answer",
            "{digits}: an offer",
        ),
        "An offer for your damage",
        "We offer you {amount} for what was damaged.",
        ("Please accept it with your signature on your page, or decline it.",),
    ),
    "compensation_declined": Text(
        (
            "{where} {category}, ticket {number}: the owner declined the compensation offered",
            "{category} {digits}: offer declined",
            "{digits} declined",
        ),
        "Offer declined",
        "The owner declined the compensation that was offered.",
        ("Please offer another amount, or refuse with a reason.",),
    ),
    "compensation_agreed": Text(
        (
            "{where} {category}, ticket {number}: compensation of {amount} agreed. Please approve.",
            "{category} {digits}: {amount}, please approve",
            "{digits} approve",
        ),
        "Compensation to approve",
        "The owner agreed to a compensation of {amount}.",
        ("Please approve it, or send it back with a reason.",),
    ),
    "compensation_rejected": Text(
        (
            "{where} {category}, ticket {number}: the compensation was not approved. Read why.",
            "{category} {digits}: not approved",
            "{digits} sent back",
        ),
        "Compensation not approved",
        "The compensation that you offered was not approved.",
        ("Please read why, and offer another amount or refuse.",),
    ),
    "compensation_approved": Text(
        (
            "{where} {category}, ticket {number}: compensation of {amount} approved. Please pay.",
            "{category} {digits}: pay {amount}",
            "{digits}: pay",
        ),
        "Compensation to pay",
        "A compensation of {amount} was approved.",
        ("Please have it paid, and add the proof.",),
    ),
    "compensation_paid": Text(
        (
            "{category}, ticket {number}: {amount} were paid to you for the damage",
            "{category} {digits}: {amount} paid",
            "{digits} paid",
        ),
        "Your compensation was paid",
        "{amount} were paid to you for what was damaged.",
        ("If it has not arrived within some days, please call us.",),
    ),
    "compensation_refused": Text(
        (
            "{category}, ticket {number}: your claim for compensation was refused. The reason is on your page.",
            "{category} {digits}: claim refused",
            "{digits} refused",
        ),
        "Your claim was refused",
        "Your claim for compensation was refused.",
        ("The reason stands on your page.",),
    ),
    "compensation_waits": Text(
        (
            "{category}, ticket {number}: the compensation waits for your answer",
            "{category} {digits}: compensation waits for you",
            "{digits}: your turn",
        ),
        "A compensation waits for you",
        "A compensation waits for your answer.",
        ("Please look at it on its page.",),
    ),
    "compensation_late": Text(
        (
            "{where} {category}, ticket {number}: its compensation is late. See that somebody moves.",
            "{category} {digits}: compensation late",
            "{digits}: claim late",
        ),
        "A compensation is late",
        "Nobody has moved on a compensation in time.",
        ("See that somebody moves.",),
    ),
}
