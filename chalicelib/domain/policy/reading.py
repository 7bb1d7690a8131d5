"""What the readers of the policy files share. Each raises PolicyError with `file: dotted.key: fault`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.ticket.trade import Priority

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(text: object, where: str) -> timedelta:
    """`30m`, `4h`, `7d` … as a positive (or zero) timedelta. Raises PolicyError."""
    match = re.fullmatch(r"(\d+)([smhd])", text) if isinstance(text, str) else None
    if not match:
        raise PolicyError(f"{where}: {text!r} is no duration such as 30m, 4h or 7d")
    return timedelta(seconds=int(match[1]) * UNITS[match[2]])


def strings(row: object, where: str) -> list[str]:
    if not isinstance(row, list) or not all(isinstance(x, str) for x in row):
        raise PolicyError(f"{where}: a list of texts is needed")
    return row


def by_priority(row: object, where: str) -> dict[Priority, Any]:
    if not isinstance(row, Mapping) or set(row) != {p.value for p in Priority}:
        raise PolicyError(f"{where}: emergency, urgent and normal are needed")
    return {Priority(k): v for k, v in row.items()}
