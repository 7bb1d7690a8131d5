"""Amounts, quantities and moments as people type them."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal, DecimalException
from zoneinfo import ZoneInfo

from chalicelib.domain.record.errors import Invalid
from chalicelib.services.record.numbers import NOWHERE, policy_for

MOST = 10**12
YEARS = range(2000, 2200)


def time_on(day: str, clock: str, field: str) -> str:
    """A day and a time of the place, as an instant. Raises Invalid."""
    try:
        local = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock))
        if local.year not in YEARS:  # what lies at the end of time has no moment elsewhere
            raise Invalid(field, "no_time")
        return local.replace(tzinfo=ZoneInfo(policy_for(NOWHERE).zone)).isoformat()
    except (ValueError, OverflowError):
        raise Invalid(field, "no_time") from None


def fen(text: str, field: str) -> int:
    """An amount in yuan (1,234.5), in fen. Raises Invalid."""
    return parts_of(text, 100, field)


def thousandths(text: str, field: str) -> int:
    """A quantity (4.5), in thousandths. Raises Invalid."""
    return parts_of(text, 1000, field)


def parts_of(text: str, parts: int, field: str) -> int:
    """A decimal number in so many parts of one, none of them cut. Raises Invalid."""
    try:
        value = Decimal(text.replace(",", "")) * parts
    except DecimalException:  # no number, or one beyond all bounds
        raise Invalid(field, "no_amount") from None
    if not value.is_finite() or value != value.to_integral_value() or abs(value) > MOST:
        raise Invalid(field, "no_amount")
    return int(value)
