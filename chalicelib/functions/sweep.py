"""Every few minutes: runs what is overdue and repairs the timers of what is due soon."""

from __future__ import annotations

from typing import Any

from chalicelib.adapters.log import logger
from chalicelib.adapters.time import now
from chalicelib.services import sweeping


def sweep(event: dict[str, Any], context: object) -> dict[str, Any]:
    """→ {"run": tickets looked at, "repaired": timers armed anew, "more": whether something is left}."""
    done = sweeping.sweep(now())
    logger.info("swept", extra=done)
    return done
