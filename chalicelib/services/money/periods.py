"""Finance opens and closes the periods of an entity; what falls into a closed one is posted into the first after it.

open    a month after the last closed one
close   an open one, once nothing is being sealed in it; all before it is closed with it, so none of those may be open
"""

from __future__ import annotations

import re
from datetime import datetime

from chalicelib.domain.money.batch import may_finance
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.event import Actor
from chalicelib.services.money import reporting
from chalicelib.store import periods
from chalicelib.store.periods import Elsewise, Periods

PERIOD = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)


def of(entity: str) -> Periods:
    """Which periods of an entity are open and closed. One query."""
    return periods.of(entity)


def checked(period: str) -> str:
    """Raises Invalid for what is no period."""
    if not PERIOD.fullmatch(period):
        raise Invalid("period", "no_period")
    return period


def open_one(entity: str, period: str, by: Actor, at: datetime) -> Periods:
    """Open a period; one that is open stays so. Raises Invalid, IllegalMove, NotAllowed."""
    seen = _seen(entity, period, by)
    if seen.is_open(period):
        return seen
    if seen.is_closed(period):
        raise IllegalMove("period_closed", period=period)
    try:
        periods.open_one(seen, period)
    except Elsewise as lost:
        raise IllegalMove("period_in_use", period=period) from lost
    return periods.of(entity)


def close_one(entity: str, period: str, by: Actor, at: datetime) -> Periods:
    """Close a period for good; one that is closed stays so. Raises Invalid, IllegalMove, NotAllowed."""
    seen = _seen(entity, period, by)
    if seen.is_closed(period):
        return seen
    if not seen.is_open(period):
        raise IllegalMove("period_not_open", period=period)
    if any(other < period for other in seen.opened()):
        raise IllegalMove("earlier_period_open", period=seen.opened()[0])
    try:
        periods.close_one(seen, period)
    except Elsewise as lost:
        raise IllegalMove("period_in_use", period=period) from lost
    reporting.freeze(entity, period)
    return periods.of(entity)


def _seen(entity: str, period: str, by: Actor) -> Periods:
    if not may_finance(by.role):
        raise NotAllowed("not_allowed")
    checked(period)
    return periods.of(entity)
