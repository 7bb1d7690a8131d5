"""Counters that slow down whoever hammers: per purpose, key (hashed) and time slot. They prove nothing and expire.

item       pk                          sk       what
throttle   SLOW#<purpose>#<hash>       <slot>   n: how often in this slot; TTL two slots later
                                                n-<part>: how often of these by one part, such as an address
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from chalicelib.store.table import Change, Conflict, table

PART = 8  # letters of a part's hash: some dozens of parts share a row, which stays below a kilobyte


def change(
    purpose: str, key_hash: str, at: datetime, slot_seconds: int, limit: int, *, part: tuple[str, int] | None = None
) -> Change:
    """The write that counts once, unless `limit` is reached in this slot; it may join a transaction.

    `part`: who of those that share the limit, and the limit of theirs: counted in the same row.
    """
    slot = int(at.timestamp()) // slot_seconds
    expires = (slot + 2) * slot_seconds
    below = {"n": limit} | ({f"n-{part[0][:PART]}": part[1]} if part else {})
    adds = dict.fromkeys(below, 1)
    return Change((f"SLOW#{purpose}#{key_hash}", str(slot)), adds=adds, sets={"ttl": expires}, below=below)


def gather(purpose: str, key_hash: str, at: datetime, slot_seconds: int, member: str) -> bool:
    """Count a member, once however often it is asked; whether it is the first that came in this slot."""
    slot = int(at.timestamp()) // slot_seconds
    key, part = (f"SLOW#{purpose}#{key_hash}", str(slot)), f"n-{member[:PART]}"
    with suppress(Conflict):
        kept = {"ttl": (slot + 2) * slot_seconds}
        table().write(Change(key, adds={"n": 1, part: 1}, sets=kept, below={part: 1}))
    try:
        table().write(Change(key, sets={"body": member}, when={"body": None}))
    except Conflict:
        row = table().get(*key, consistent=True)
        return row is not None and row.get("body") == member
    return True


def gathered(purpose: str, key_hash: str, at: datetime, slot_seconds: int) -> int:
    """How many were counted in the slot of a moment; 0 once it is forgotten."""
    row = table().get(f"SLOW#{purpose}#{key_hash}", str(int(at.timestamp()) // slot_seconds), consistent=True)
    return int(row.get("n", 0)) if row else 0


def next_slot(at: datetime, slot_seconds: int) -> datetime:
    """When the next slot begins."""
    return datetime.fromtimestamp((int(at.timestamp()) // slot_seconds + 1) * slot_seconds, UTC)


def allowed(purpose: str, key_hash: str, at: datetime, slot_seconds: int, limit: int) -> bool:
    """Count once more; False when it was `limit` times in this slot already."""
    try:
        table().write(change(purpose, key_hash, at, slot_seconds, limit))
    except Conflict:
        return False
    return True


def take_back(purpose: str, key_hash: str, at: datetime, slot_seconds: int) -> None:
    """Count one less in this slot, if anything was counted."""
    slot = int(at.timestamp()) // slot_seconds
    try:
        table().write(Change((f"SLOW#{purpose}#{key_hash}", str(slot)), adds={"n": -1}, exists=True))
    except Conflict:
        return
