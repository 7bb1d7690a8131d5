"""What each move makes once the work is done: signing, checking, refusing, following up, stars. See `making.py`.

A snag is closed by whoever looks at it again: nobody reported it who could be asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Invalid, NotAllowed
from chalicelib.domain.record.making import Made, words
from chalicelib.domain.ticket.making import SCORES
from chalicelib.domain.ticket.ticket import Kind, Ticket

DEVICE = re.compile(r"[so][A-Za-z0-9_-]{8}")  # see web/kit/device.py


def sign(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """With the finger's signature; the scores may come with it, or some of them (`stars`), which are no rating yet."""
    from chalicelib.domain import signature

    signature.checked(command.said.get("signature"))
    rated = rate(ticket, command, at, policy) if command.data.get("scores") and not ticket.rated else []
    stars = {} if rated or ticket.rated else _stars(command.data.get("stars"))
    return [
        ("signed_off", {"stars": stars} if stars else {}),
        *rated,
        *_close_if_both(ticket.followed_up or ticket.kind is Kind.SNAG),
    ]


def _stars(given: object) -> dict[str, int]:
    """Those of the scores that were given. Raises Invalid."""
    stars = given if isinstance(given, Mapping) else {}
    if any(name not in SCORES or not isinstance(n, int) or not 1 <= n <= 5 for name, n in stars.items()):
        raise Invalid("scores", "required")
    return dict(stars)


def check(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    words(command)
    if command.by.id == ticket.holder:
        raise NotAllowed("not_the_repairing_side")
    return [("checked", {}), *_close_if_both(ticket.followed_up or ticket.kind is Kind.SNAG)]


def _close_if_both(other: bool) -> Made:
    return [("closed", {"how": "followed_up"})] if other else []


def refuse(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    words(command)
    return [("refused", {}), ("reworked", {"cause": "refused"})]


def follow_up(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """Asked whether it is really fixed (`fixed`), or how the asking ended otherwise (`outcome`).

    Somebody who is not reached is tried again; as many tries as the policy has end it. Refused ends it too.
    """
    fixed, outcome = command.data.get("fixed"), command.data.get("outcome")
    if outcome == "refused":
        return [("followed_up", {"outcome": "refused"}), *_close_if_both(ticket.signed)]
    if outcome == "not_reached":
        return _not_reached(ticket, at, policy)
    if not isinstance(fixed, bool):
        raise Invalid("fixed", "required")
    if not fixed:
        words(command)
        return [("followed_up", {"fixed": False}), ("reworked", {"cause": "follow_up"})]
    return [("followed_up", {"fixed": True}), *_close_if_both(ticket.signed)]


def _not_reached(ticket: Ticket, at: datetime, policy: Policy) -> Made:
    """One more try, not sooner than the policy wants them apart. Raises Invalid."""
    if ticket.tries and at < ticket.tries[-1] + policy.care.apart:
        raise Invalid("fixed", "tried_lately", minutes=int(policy.care.apart.total_seconds() // 60))
    made: Made = [("not_reached", {"try": len(ticket.tries) + 1})]
    if len(ticket.tries) + 1 < policy.care.tries:
        return made
    return [*made, ("followed_up", {"outcome": "not_reached"}), *_close_if_both(ticket.signed)]


def say_why(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """The owner's answer to the one question after a low rating; given once."""
    words(command)
    return [("told_why", {})]


def rate(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    scores = command.data.get("scores")
    if not isinstance(scores, Mapping) or set(scores) != set(SCORES):
        raise Invalid("scores", "required")
    if any(not isinstance(n, int) or not 1 <= n <= 5 for n in scores.values()):
        raise Invalid("scores", "required")
    words(command, required=False)
    low: Made = [("rated_low", {"overall": scores["overall"]})] if scores["overall"] <= policy.care.low else []
    device = str(command.data.get("device", ""))
    mark = {"device": device} if DEVICE.fullmatch(device) else {}
    return [("rated", {"scores": dict(scores), **mark}), *low]
