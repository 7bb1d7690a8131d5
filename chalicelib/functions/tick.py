"""What the state machine calls when a moment has come: record it, and say when to look next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.adapters.executions import end, wall
from chalicelib.adapters.log import logger
from chalicelib.adapters.time import now
from chalicelib.domain.record.reference import reference
from chalicelib.services.record.timers import look

IDLE = timedelta(days=30)  # until an execution that could not be stopped looks again


def tick(event: dict[str, Any], context: object) -> dict[str, Any]:
    """{wake: {kind, id, generation}, execution} → {kind, id, generation, until}: wall time, to wait again.

    What was started before says {ticket, generation}, or that and `execution`, and is answered in its own words. May
    run again. Nothing to wait for: the execution that asks is stopped; should it go on all the same, it waits idly and
    asks again. One that was started before executions said who they are has a state that asks for `end`.
    """
    wake = event.get("wake", event)
    named = {name: wake[name] for name in ("ticket", "kind", "id") if name in wake}
    record = named.get("ticket") or reference(named["kind"], named["id"])
    generation = int(wake["generation"])
    at = now()
    generation, due = look(record, generation, at)
    logger.info("looked", extra={"record": record, "generation": generation, "next": str(due) if due else ""})
    answer: dict[str, Any] = {**named, "generation": generation}
    if due is None and "execution" not in event:
        return answer | {"end": True}
    if due is None:
        end(event["execution"])
    return answer | {"until": wall(due or at + IDLE)}
