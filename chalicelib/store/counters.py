"""Numbers without gaps, by entity and year: the last one that was given, raised with the very change that takes one.

item      pk                       sk        what
counter   <ROOM>#<entity>#<year>   COUNTER   `n`: the last number that was given

What failed has taken no number, and nobody else can have the same one.
"""

from __future__ import annotations

from chalicelib.store.table import Change, Write, table


def last(room: str, entity: str, year: int) -> int:
    """The last number that an entity has given in a year; 0 for none."""
    row = table().get(*_key(room, entity, year), consistent=True)
    return int(row["n"]) if row else 0


def taken(room: str, entity: str, year: int, before: int) -> Write:
    """The write that takes the number after `before`; it fails where somebody else has it: ask `last` anew."""
    return Change(_key(room, entity, year), adds={"n": 1}, when={"n": before or None})


def _key(room: str, entity: str, year: int) -> tuple[str, str]:
    return f"{room}#{entity}#{year}", "COUNTER"
