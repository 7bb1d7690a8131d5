"""Nightly: the figures of the month that runs, of the one before until it is final, and of what was corrected."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from chalicelib.adapters.log import logger
from chalicelib.adapters.time import now
from chalicelib.functions.budget import until_nearly_out
from chalicelib.services.measures import nightly


def measure(event: dict[str, Any], context: object) -> dict[str, Any]:
    """→ {"months": made, "counted": projects that changed, "written": rows, "more": whether the next goes on, …}."""
    done = asdict(nightly.measure(now(), until_nearly_out(context)))
    logger.info("measured", extra=done)
    return done
