"""What the state machine calls when a moment has come: record it, and say when to look next."""

from __future__ import annotations

from typing import Any

from chalicelib.adapters.executions import wall
from chalicelib.adapters.log import logger
from chalicelib.adapters.time import now
from chalicelib.services.record.timers import look


def tick(event: dict[str, Any], context: object) -> dict[str, Any]:
    """{ticket, generation} → the same with `until` (wall time) to wait again, or with `end`. May run again."""
    ticket, generation = event["ticket"], int(event["generation"])
    generation, due = look(ticket, generation, now())
    logger.info("looked", extra={"ticket": ticket, "generation": generation, "next": str(due) if due else ""})
    answer: dict[str, Any] = {"ticket": ticket, "generation": generation}
    return answer | ({"until": wall(due)} if due else {"end": True})
