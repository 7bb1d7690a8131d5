"""Nightly: every open record once, in bounded slices; goes on where the last run stopped."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from chalicelib.adapters.log import logger
from chalicelib.adapters.time import now
from chalicelib.functions.budget import until_nearly_out
from chalicelib.services.record import reconciling


def reconcile(event: dict[str, Any], context: object) -> dict[str, Any]:
    """→ {"seen": records, "rebuilt", "acted", "repaired", "told": what was wrong, "more": whether it goes on}."""
    done = asdict(reconciling.reconcile(now(), until_nearly_out(context)))
    logger.info("reconciled", extra=done)
    return done
