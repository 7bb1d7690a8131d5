"""Letters that were released: their numbers, their content for good, and how far their papers have come.

    item      pk                       sk               what
    counter   LETTERS#<entity>#<year>  COUNTER          `n`: the last number that was given
    letter    LETTER#<number>          LETTER           `id` the record it belongs to, `line` its facts, `state`
                                                        released | made, `body` its PDF; due while it is not
                                                        made, or something of it was not sent on
    content   LETTER#<number>          CONTENT#<part>   `body`: a part of the frozen content
    sealed    LETTER#<number>          SEALED#<hash>    `body`: a scan or a sealed file of it

Counter, letter and content are written with the change that releases the letter: what failed has taken no number, and
nobody else can have the same one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from chalicelib.domain.contractor.letter import Content, number_of
from chalicelib.store import counters
from chalicelib.store.reading import one
from chalicelib.store.records import shard
from chalicelib.store.table import Change, Conflict, Key, Put, Row, Write, compact, iso, table

PART = 90_000  # characters of a content's part: 270 kB in UTF-8 at most, of the 400 that an item may have
ROOM = "LETTERS"  # of its numbers, see counters
CHINA = "Asia/Shanghai"
SOON = timedelta(minutes=2)  # when the sweep looks for a letter that nobody has made or sent on


@dataclass(frozen=True, slots=True)
class File:
    """A file of a letter: its SHA-256, where it lies, when it came. `how`: pdf, scan, e_seal."""

    how: str
    hash: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A released letter. `hash`: of its content; `tz`: the zone of its place; `due`: when somebody must look.

    `files`: its PDF first, then what was sealed. `rare`: what could not be printed, see typeface.
    """

    number: str
    record: str
    kind: str
    at: datetime
    hash: str
    state: str
    tz: str = CHINA
    files: tuple[File, ...] = ()
    rare: tuple[str, ...] = ()
    due: str = ""

    @property
    def pdf(self) -> File | None:
        return next((file for file in self.files if file.how == "pdf"), None)


class Made(NamedTuple):
    """A PDF, and what could not be printed."""

    pdf: File
    rare: Sequence[str]


def last(entity: str, year: int) -> int:
    """The last number that an entity has given in a year; 0 for none."""
    return counters.last(ROOM, entity, year)


def written(entity: str, year: int, before: int, record: str, kind: str, content: Content, at: datetime) -> list[Write]:
    """The writes that give the number after `before` to a letter of a record, for the transaction that releases it.

    They fail where somebody else has that number: `last` is asked anew then.
    """
    number = number_of(entity, year, before + 1)
    line = {"k": kind, "t": iso(at), "h": content.hash, "z": content.body.get("tz", "")}
    pk = f"LETTER#{number}"
    letter: Row = {"pk": pk, "sk": "LETTER", "id": record, "line": compact(line), "state": "released"}
    return [
        counters.taken(ROOM, entity, year, before),
        Put({**letter, "dk": shard(number), "due": iso(at + SOON)}, new=True),
        *(
            Put({"pk": pk, "sk": f"CONTENT#{n:03d}", "body": part}, new=True)
            for n, part in enumerate(_parts(content.text))
        ),
    ]


def get(number: str) -> Kept | None:
    """A letter and its files; None where there is none. One query."""
    rows = table().query(f"LETTER#{number}", "LETTER", "SEALED~").rows
    if not rows:  # it may have been released a moment ago
        rows = table().query(f"LETTER#{number}", "LETTER", "SEALED~", consistent=True).rows
    return one(rows[0], lambda row: _kept(row, rows[1:])) if rows and rows[0]["sk"] == "LETTER" else None


def content(number: str) -> Content | None:
    """The frozen content; None where there is no such letter. One query."""
    found = table().query(f"LETTER#{number}", "CONTENT#", "LETTER", consistent=True).rows
    if not found or found[-1]["sk"] != "LETTER":
        return None
    text = "".join(row["body"] for row in found[:-1])
    return Content(text, json.loads(found[-1]["line"])["h"])


def made(number: str, pdf: File, rare: Sequence[str]) -> None:
    """Note the PDF. The first that was noted stays; may run again."""
    try:
        table().write(Change(_key(number), sets=_noted(pdf, rare), when={"state": "released"}))
    except Conflict:
        return


def settled(letter: Kept, made_now: Made | None = None) -> None:
    """Nothing is owed it any more, unless something came since it was read; its PDF is noted with it. May run again."""
    sets: dict[str, Any] = {"dk": None, "due": None}
    when = {"due": letter.due or None}
    if made_now:
        sets |= _noted(*made_now)
        when["state"] = "released"
    try:
        table().write(Change(_key(letter.number), sets=sets, when=when))
    except Conflict:
        if made_now:
            made(letter.number, *made_now)


def due_soon(number: str, at: datetime) -> Write:
    """The write that has a letter looked at again, for the change that gives it something to do."""
    return Change(_key(number), sets={"dk": shard(number), "due": iso(at + SOON)}, exists=True)


def sealed_as(number: str, file: File) -> Write:
    """The write that notes a sealed file of a letter, for the change that says so. The same again changes nothing."""
    row = {"pk": f"LETTER#{number}", "sk": f"SEALED#{file.hash}", "body": compact({**_body(file), "o": file.how})}
    return Put(row)


def again(number: str, at: datetime) -> None:
    """Look at it again at a moment, if something is owed it still. May run again."""
    try:
        table().write(Change(_key(number), sets={"due": iso(at)}, when={"dk": shard(number)}))
    except Conflict:
        return


def named(pk: str) -> str:
    """The number of a letter, by its partition."""
    return pk.removeprefix("LETTER#")


def _key(number: str) -> Key:
    return f"LETTER#{number}", "LETTER"


def _noted(pdf: File, rare: Sequence[str]) -> dict[str, str]:
    return {"state": "made", "body": compact({**_body(pdf), "r": list(rare)})}


def _parts(text: str) -> list[str]:
    return [text[first : first + PART] for first in range(0, len(text), PART)]


def _body(file: File) -> dict[str, str]:
    return {"h": file.hash, "k": file.key, "t": iso(file.at)}


def _file(how: str, body: Mapping[str, Any]) -> File:
    return File(how, body["h"], body["k"], datetime.fromisoformat(body["t"]))


def _kept(row: Row, sealed_rows: Sequence[Row]) -> Kept:
    about = json.loads(row["line"])
    body = json.loads(row.get("body", "{}"))
    pdf = [_file("pdf", body)] if body else []
    sealed_ones = [_file(its["o"], its) for its in (json.loads(other["body"]) for other in sealed_rows)]
    files = [*pdf, *sorted(sealed_ones, key=lambda file: (file.at, file.hash))]
    rare = tuple(body.get("r", ()))
    at = datetime.fromisoformat(about["t"])
    zone = about.get("z") or CHINA
    return Kept(
        named(row["pk"]),
        row["id"],
        about["k"],
        at,
        about["h"],
        row["state"],
        zone,
        tuple(files),
        rare,
        row.get("due", ""),
    )
