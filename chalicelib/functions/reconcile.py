"""Nightly: every open record once, in bounded slices; goes on where the last run stopped."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from chalicelib.adapters.log import logger
from chalicelib.adapters.time import now
from chalicelib.functions.budget import until_nearly_out
from chalicelib.services.record import erasing, reconciling


def reconcile(event: dict[str, Any], context: object) -> dict[str, Any]:
    """→ {"seen": records, "rebuilt", "acted", "repaired", "told": what was wrong, "more": whether it goes on}.

    Then what was to be erased and need be kept no more is erased, what the auditor is shown is looked for anew, and
    this month's owners to be asked are drawn, the last quarter's scores begun, and the last year's.
    """
    goes_on = until_nearly_out(context)
    done = asdict(reconciling.reconcile(now(), goes_on))
    logger.info("reconciled", extra=done)
    erased = erasing.erase_held(now(), goes_on)
    if erased.seen:
        logger.info("held ones looked at", extra={"seen": erased.seen, "erased": erased.repaired})
    if not done["more"]:
        from chalicelib.services.money import watching

        logger.info("watched", extra={"hits": watching.look(now())})
        from chalicelib.services.measures import drawing, gaming, scoring, standing, yearly

        logger.info("drawn", extra=asdict(drawing.draw_all(now(), goes_on)))
        logger.info("subsidiaries stand", extra={"done": standing.stand_all(now(), goes_on)})
        logger.info("scored", extra=asdict(scoring.score_all(now(), goes_on)))
        logger.info("years scored", extra=asdict(yearly.score_all(now(), goes_on)))
        logger.info("scores watched", extra={"hits": gaming.look(now())})
    return done
