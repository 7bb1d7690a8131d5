"""What moves of any kind of record make alike: the event with the facts that were named, and words, checked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Invalid

MAX_WORDS = 2000

Made = list[tuple[str, dict[str, Any]]]  # (kind, facts) of the events in order
Plain = Callable[[Any, Command, datetime, Policy], Made]


def words(command: Command, field_name: str = "words", required: bool = True) -> str:
    """The words that were said, checked. Raises Invalid."""
    text = str(command.said.get(field_name, "")).strip()
    if required and not text:
        raise Invalid(field_name, "required")
    if len(text) > MAX_WORDS:
        raise Invalid(field_name, "too_long", limit=MAX_WORDS)
    return text


def plain(kind: str, *keys: str) -> Plain:
    """The event `kind` with the named facts."""

    def makes(record: Any, command: Command, at: datetime, policy: Policy) -> Made:
        return [(kind, {k: command.data[k] for k in keys if k in command.data})]

    return makes


def said(kind: str, *keys: str) -> Plain:
    """The event `kind`, which needs words."""

    def makes(record: Any, command: Command, at: datetime, policy: Policy) -> Made:
        words(command)
        return [(kind, {k: command.data[k] for k in keys if k in command.data})]

    return makes
