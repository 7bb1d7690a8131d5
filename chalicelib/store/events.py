"""Events as they are stored: one change an item, short keys, nothing said twice. Old forms are read as today's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.record.event import Event
from chalicelib.domain.record.roles import Role
from chalicelib.domain.record.upcast import newest, upcast
from chalicelib.store.table import Row, iso

USUAL_CHANNEL = "web"
ROLES = {role.value: role for role in Role}
SHARED = ("t", "b", "r", "c", "g", "p", "w")  # said once for all events of a change


def stored(event: Event, record_id: str) -> dict[str, Any]:
    """An event as stored: short keys, nothing that is empty, usual, or said already (`~` is the record's own id).

    A record stays within 4 KB, half a read unit, for most of its life.
    """
    row = {
        "k": event.kind,
        "t": iso(event.at),
        "b": event.by,
        "r": event.role.value,
        "d": dict(event.data),
        "c": "" if event.channel == USUAL_CHANNEL else event.channel,
        "g": event.grant.replace(record_id, "~"),
        "i": event.key,
        "p": event.policy,
        "w": event.cause,
        "s": "" if (schema := newest(event.kind)) == 1 else schema,
    }
    correlation = {} if event.correlation == event.key else {"o": event.correlation}
    return {k: v for k, v in row.items() if v not in ("", {})} | correlation


def together(stored: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events of a change, what they share with the first left out; what one lacks of it is said to be empty."""
    shared = _shared(stored[0])
    rest = [dict.fromkeys(shared, "") | {"o": event.get("i", "")} | event for event in stored[1:]]
    kept = [{k: v for k, v in event.items() if v != shared.get(k, "")} for event in rest]
    return stored[:1] + kept


def _shared(first: dict[str, Any]) -> dict[str, Any]:
    """What the events after the first take from it."""
    return {k: first[k] for k in SHARED if k in first} | {"o": first.get("o", first.get("i", ""))}


def read_events(row: Row, reference: str, private: Mapping[str, Any]) -> list[Event]:
    """The events of a change; `private`: what was said, by version. Raises what a row of another form makes of it."""
    first = int(row["sk"].partition("#")[2])
    events = json.loads(row["body"])["e"]
    found = [_event(events[0], reference, first, first, private.get(f"{first:06d}", {}))]
    if len(events) > 1:
        shared = _shared(events[0])
        for version, event in enumerate(events[1:], first + 1):
            found.append(_event(shared | event, reference, version, first, private.get(f"{version:06d}", {})))
    return found


def _event(stored: dict[str, Any], record_id: str, version: int, change: int, said: Mapping[str, Any]) -> Event:
    get = stored.get
    kind, data = upcast(stored["k"], get("s", 1), get("d", {}))
    key, grant = get("i", ""), get("g", "")
    return Event(  # in the order of its fields: a history has a hundred
        kind,
        datetime.fromisoformat(stored["t"]),
        stored["b"],
        ROLES[stored["r"]],
        data,
        said,
        get("c") or USUAL_CHANNEL,
        grant.replace("~", record_id) if grant else "",
        key,
        get("p", ""),
        get("w", ""),
        get("o", key),
        newest(kind),
        version,
        change,
    )
