"""Snag lists: what was begun, and how far it came.

item     pk                 sk            what
list     SNAGS#<project>    LIST#<name>   `line`: hash of its rows, when it was begun, how many rows and tickets;
                                          `n` tickets done, `state` loading | loaded
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from datetime import datetime

from chalicelib.store.reading import each, one
from chalicelib.store.table import Change, Conflict, Put, Row, compact, iso, table

LOADING, LOADED = "loading", "loaded"


@dataclass(frozen=True, slots=True)
class Kept:
    """A list. `began`: when it was loaded first, which its tickets' ids follow from."""

    project: str
    name: str
    hash: str
    began: datetime
    rows: int
    tickets: int
    done: int
    state: str


def begin(project: str, name: str, content: str, rows: int, tickets: int, at: datetime) -> Kept:
    """Note that a list is being loaded; the one that stands there already, where it was begun before."""
    line = compact({"h": content, "b": iso(at), "r": rows, "t": tickets})
    with contextlib.suppress(Conflict):
        table().write(Put({**_key(project, name), "line": line, "n": 0, "state": LOADING}, new=True))
    found = get(project, name)
    assert found is not None
    return found


def get(project: str, name: str) -> Kept | None:
    key = _key(project, name)
    return one(table().get(key["pk"], key["sk"], consistent=True), _kept)


def of_project(project: str) -> list[Kept]:
    """All lists of a project, by name. One query."""
    return each(table().query(f"SNAGS#{project}").rows, _kept)


def note(kept: Kept, done: int, state: str = LOADING) -> None:
    """How far it came. May run again."""
    key = _key(kept.project, kept.name)
    table().write(Change((key["pk"], key["sk"]), sets={"n": done, "state": state}, exists=True))


def _key(project: str, name: str) -> dict[str, str]:
    return {"pk": f"SNAGS#{project}", "sk": f"LIST#{name}"}


def _kept(row: Row) -> Kept:
    project, name = row["pk"].partition("#")[2], row["sk"].partition("#")[2]
    about = json.loads(row["line"])
    began = datetime.fromisoformat(about["b"])
    return Kept(project, name, about["h"], began, about["r"], about["t"], int(row["n"]), row["state"])
