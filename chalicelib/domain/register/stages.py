"""The owner's stage 业主阶段: how long a flat has been handed over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from chalicelib.domain.time.periods import period_end

STAGES = ("before_handover", "first_year", "settled", "over_five_years")
FIRST_YEAR, FIVE_YEARS = 12, 60  # months after handover


def stage_of(flat: Mapping[str, str], on: date) -> str:
    """The owner's stage of a flat on a day, by what is registered of it: `handover`, or a `stage` that was entered."""
    written = flat.get("handover", "")
    return stage_on(date.fromisoformat(written) if written else None, on, flat.get("stage", ""))


def stage_on(handover: date | None, on: date, entered: str = "") -> str:
    """The owner's stage on a day, by the handover of the flat; as it was entered where that is not known."""
    if handover is None:
        return entered or STAGES[0]
    if on < handover:
        return STAGES[0]
    if on <= period_end(handover, months=FIRST_YEAR):
        return STAGES[1]
    return STAGES[2] if on <= period_end(handover, months=FIVE_YEARS) else STAGES[3]
