"""Nothing passes silently: what is overdue is run through the same code as the timer, and broken timers are armed anew.

Costs what is due soon plus what is broken: it reads the `due` index up to a little ahead, and nothing else.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.adapters.log import logger
from chalicelib.adapters.metrics import ring
from chalicelib.services.record import Busy, NotFound, load_with_timer
from chalicelib.services.timers import arm, look, repair
from chalicelib.store import tickets
from chalicelib.store.tickets import SHARDS, StaleTicket, iso

AHEAD = timedelta(minutes=10)
GRACE = timedelta(minutes=2)
SLICE = 200  # tickets a run and shard; what is left waits for the next run
PREFIX = "TICKET#"


def sweep(at: datetime) -> dict[str, int | bool]:
    """Look at everything overdue, repair the timers of what is due within `AHEAD`. May run beside itself and again."""
    run = repaired = failed = 0
    more = False
    for number in range(SHARDS):
        found, next_page = tickets.due_until(number, at + AHEAD, limit=SLICE)
        more = more or next_page is not None
        for pk, _ in found:
            ticket_id = pk.removeprefix(PREFIX)
            try:
                looked, mended = sweep_one(ticket_id, at)
            except (Busy, StaleTicket, NotFound):
                failed += 1
                continue
            except Exception:  # one broken ticket must not keep the others waiting
                logger.exception("sweep failed", extra={"ticket": ticket_id})
                ring("SweepFailed")
                failed += 1
                continue
            run += looked
            repaired += mended
    if repaired:
        ring("TimersRepaired", repaired)
    return {"run": run, "repaired": repaired, "failed": failed, "more": more}


def sweep_one(ticket_id: str, at: datetime) -> tuple[bool, bool]:
    """(looked, repaired) for one ticket."""
    ticket, timer = load_with_timer(ticket_id)
    looked = bool(timer.due) and timer.due <= iso(at - GRACE)
    if looked:
        look(ticket_id, None, at)
        ticket, timer = load_with_timer(ticket_id, consistent=True)
        if timer.due and not timer.armed:
            arm(ticket, timer)
            return True, True
    return looked, repair(ticket_id, at, GRACE)
