"""Does what is outstanding on each record that changed: gives it to somebody, arms its timer.

A record is a wake-up, not a work order: the record is read and what it lacks is done, so a record may come twice, late,
or before its neighbour.
"""

from __future__ import annotations

from typing import Any

from chalicelib.adapters.log import logger
from chalicelib.adapters.time import now
from chalicelib.functions.stream import Changed, each
from chalicelib.services.record.acting import act_on


def act(event: dict[str, Any], context: object) -> dict[str, Any]:
    """The stream's handler. Runs at least once per change; a failed one is reported alone."""
    return each(event, _act)


def _act(change: Changed) -> None:
    done = act_on(change.record, change.first + change.count - 1, now())
    logger.info("acted", extra={"record": change.record, "version": change.first, **done})
