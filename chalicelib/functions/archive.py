"""Nightly: the facts of the days that ended, as files for analysts. It alone carries the columnar writer."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from chalicelib.adapters.log import logger
from chalicelib.adapters.time import now
from chalicelib.functions.budget import until_nearly_out
from chalicelib.services.measures import archiving


def archive(event: dict[str, Any], context: object) -> dict[str, Any]:
    """→ {"written": files, "rows": facts in them, "more": whether the next run goes on, …}.

    By hand, {"since": "2024-01"}: every month from that one on, where something differs.
    """
    since = str(event.get("since", ""))
    if since and not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", since):
        raise ValueError("since: a month, 2024-01")
    done = asdict(archiving.archive(now(), until_nearly_out(context), since=since))
    logger.info("archived", extra=done)
    return done
