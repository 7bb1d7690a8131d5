"""Keys of machines that fetch what finance is owed, and what they asked for once already.

    item      pk                          sk             what
    key       MACHINE#<hash of the key>   MACHINE        `id` its name; body: entity, verbs
    listed    MACHINES#<entity>           KEY#<name>     `body`: verbs, when made, hash; `state` live | revoked
    answered  ANSWERED#<entity>           <its mark>     `body`: mark of what was asked, the answer; gone after a day

A key is shown once, when it is made, and only its hash is kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.store.reading import each, one
from chalicelib.store.table import Change, Conflict, Delete, Put, Row, Write, compact, iso, table

ANSWERED_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Machine:
    """A key without its secret: its name within its entity, and what it may do."""

    name: str
    entity: str
    verbs: frozenset[str]
    made: str = ""
    live: bool = True
    hash: str = ""


def opened_by(key_hash: str) -> Machine | None:
    """The key with this hash; None for none, or one that was revoked. One call."""
    return one(table().get(f"MACHINE#{key_hash}", "MACHINE", consistent=True), _opened)


def of_entity(entity: str) -> list[Machine]:
    """All keys that were made for an entity, by name. One query."""
    return each(table().query(f"MACHINES#{entity}", "KEY#", "KEY#~", consistent=True).rows, _listed)


def put(machine: Machine, at: datetime, *, before: str = "") -> None:
    """Write a key; `before`: the hash of the one that it takes the place of, which is live.

    Raises Conflict where the name is taken, or somebody else rotated or revoked that key meanwhile.
    """
    about = compact({"v": sorted(machine.verbs), "t": iso(at), "h": machine.hash})
    key = (f"MACHINES#{machine.entity}", f"KEY#{machine.name}")
    listed: Write = Put({"pk": key[0], "sk": key[1], "body": about, "state": "live", "id": machine.hash}, new=True)
    if before:
        listed = Change(key, sets={"body": about, "id": machine.hash}, when={"id": before, "state": "live"})
    body = compact({"e": machine.entity, "v": sorted(machine.verbs)})
    opens = Put({"pk": f"MACHINE#{machine.hash}", "sk": "MACHINE", "id": machine.name, "body": body}, new=True)
    gone = [Delete((f"MACHINE#{before}", "MACHINE"))] if before else []
    table().transact([listed, opens, *gone])


def revoke(machine: Machine) -> None:
    """The key opens nothing any more. May run again. Raises Conflict where it was rotated meanwhile."""
    key = (f"MACHINES#{machine.entity}", f"KEY#{machine.name}")
    gone = Delete((f"MACHINE#{machine.hash}", "MACHINE"))
    table().transact([Change(key, sets={"state": "revoked"}, when={"id": machine.hash}), gone])


def answered(entity: str, mark: str) -> tuple[str, dict[str, Any]] | None:
    """(what was asked, the answer) under a mark that a machine sent before."""
    row = table().get(f"ANSWERED#{entity}", mark, consistent=True)
    found = json.loads(row["body"]) if row else None
    return (found["q"], found["a"]) if found else None


def note_answer(entity: str, mark: str, asked: str, answer: dict[str, Any], at: datetime) -> None:
    """Keep an answer for a day; the first that was kept stays."""
    row: Row = {"pk": f"ANSWERED#{entity}", "sk": mark, "body": compact({"q": asked, "a": answer})}
    try:
        table().write(Put(row | {"ttl": int((at + ANSWERED_FOR).timestamp())}, new=True))
    except Conflict:
        return


def _opened(row: Row) -> Machine:
    body = json.loads(row["body"])
    return Machine(row["id"], body["e"], frozenset(body["v"]), hash=row["pk"].removeprefix("MACHINE#"))


def _listed(row: Row) -> Machine:
    body = json.loads(row["body"])
    name, entity = row["sk"].removeprefix("KEY#"), row["pk"].removeprefix("MACHINES#")
    return Machine(name, entity, frozenset(body["v"]), body["t"], row["state"] == "live", body["h"])


def named(entity: str, name: str) -> Machine | None:
    return next((one for one in of_entity(entity) if one.name == name), None)
