"""Structured logs: one line per outcome, with ids. Never a name, phone, address, word or token.

    logger.info("acted", extra={"ticket": …})    → {"level": "INFO", "message": "acted", "timestamp": …, "ticket": …}

Of an exception the line names the kind and where it came from, not its text: that may quote what was sent. Written with
the standard library alone: a log library costs a cold start more than all else that is logged in its life.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import PurePath
from types import TracebackType

GIVEN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Lines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "level": record.levelname,
            "message": record.getMessage(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "service": record.name,
        }
        line |= {name: value for name, value in vars(record).items() if name not in GIVEN}
        if trace := os.environ.get("_X_AMZN_TRACE_ID"):
            line["trace"] = trace.partition(";")[0]
        if record.exc_info and record.exc_info[0]:
            line |= {"fault": record.exc_info[0].__name__, "at": _frames(record.exc_info[2])}
        return json.dumps(line, ensure_ascii=False, default=str)


def _frames(step: TracebackType | None, last: int = 8) -> str:
    """The innermost frames, outermost first: file:line."""
    found = []
    while step is not None:
        found.append(f"{PurePath(step.tb_frame.f_code.co_filename).name}:{step.tb_lineno}")
        step = step.tb_next
    return " ".join(found[-last:])


def where(fault: BaseException) -> str:
    """File and line of the innermost frame: where it broke, without what it broke on."""
    return _frames(fault.__traceback__, 1)


class _Out(logging.StreamHandler):  # type: ignore[type-arg]
    """Standard output as it is now: whoever redirects it later gets the lines too."""

    def __init__(self) -> None:
        super().__init__(sys.stdout)
        self.setFormatter(Lines())

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stdout
        super().emit(record)


def _made() -> logging.Logger:
    made = logging.getLogger("baoxiu")
    made.setLevel(os.environ.get("LOG_LEVEL", "INFO"))
    made.propagate = False  # Lambda's own handler would write each line a second time
    if not made.handlers:
        made.addHandler(_Out())
    return made


logger = _made()
