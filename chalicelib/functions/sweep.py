"""Every few minutes: runs what is overdue and repairs the timers of what is due soon."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from chalicelib.adapters.log import logger
from chalicelib.adapters.time import now
from chalicelib.functions.budget import until_nearly_out
from chalicelib.services.record import numbers, sweeping


def sweep(event: dict[str, Any], context: object) -> dict[str, Any]:
    """→ {"run": records looked at, "repaired": timers armed anew, "more": whether something is left, …}."""
    done = asdict(sweeping.sweep(now(), until_nearly_out(context)))
    try:
        numbers.note()
    except Exception:  # it is no reason to sweep again: the next run keeps what the numbers mean
        logger.exception("numbers not kept")
    logger.info("swept", extra=done)
    return done
