"""Improvement actions of each scope, ended ones too, as its page and its report of a month list them.

item      pk                   sk        what
action    ACTIONED#<scope>     <ulid>    `body` the line, and what is to be done; written with each change
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.measures.action import PREFIX, Action, Shown, line, shown
from chalicelib.domain.record.reference import parts, reference
from chalicelib.store.reading import each
from chalicelib.store.table import Put, Row, compact, table

PAGE = 24
WORDS = 300  # letters of what is to be done; all of it is with the record


@dataclass(frozen=True, slots=True)
class Item:
    """An action in a list. `id`: its reference."""

    id: str
    line: Shown
    words: str


def as_put(one: Action) -> Put:
    """The write that lists an action as it is, for the transaction of its change."""
    row: Row = {
        "pk": f"ACTIONED#{one.scope}",
        "sk": parts(one.id)[1],
        "body": compact({**line(one), "what": one.what[:WORDS]}),
    }
    return Put(row)


def of_scope(
    scope: str, *, limit: int = PAGE, start: Mapping[str, Any] | None = None
) -> tuple[Sequence[Item], Mapping[str, Any] | None]:
    """The actions of a scope, the newest first; one page and where to go on. One query."""
    page = table().query(f"ACTIONED#{scope}", limit=limit, start=start, descending=True)
    return each(page.rows, _item), page.next


def _item(row: Row) -> Item:
    body = json.loads(row["body"])
    return Item(reference(PREFIX, row["sk"]), shown(body), body.get("what", ""))
