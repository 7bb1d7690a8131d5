"""Heads of tickets that ended: they stand in no list of what is open, and are read by their keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from chalicelib.store.records import NEVER, key
from chalicelib.store.table import table
from chalicelib.store.tickets import Line


def lines(ids: Iterable[str]) -> Mapping[str, Line]:
    """The lines of up to 100 tickets, by id; half a read unit each."""
    rows = table().batch([(key(i), "HEAD") for i in dict.fromkeys(ids)])
    return {row["id"]: Line(row["id"], row.get("by", NEVER), json.loads(row.get("line", "{}"))) for row in rows}
