"""What the auditor's rules read, by month, and what they found, by scope.

item    pk                   sk                       what
job     WATCHED#<month>      JOB#<case>#<route>       `body` a third party's job: who engaged it, for how much
photo   WATCHED#<month>      PHOTO#<hash>#<ticket>    `body` the tickets that had the same picture when it came
hits    WATCH#<scope>        <rule>                   `body` what was found, as of `by`; scope: group or a subsidiary

Jobs are written with the very change of their case, the rest by whoever sees it; all may be written again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.money.watch import Engaged, Hit, Seen
from chalicelib.store.reading import each
from chalicelib.store.table import Put, Row, Write, compact, iso, table

GROUP = "group"  # the scope that has all


@dataclass(frozen=True, slots=True)
class Job:
    """A job, and whose it is."""

    subsidiary: str
    engaged: Engaged


def job(engaged: Engaged, subsidiary: str, month: str) -> Write:
    """The write of a job, for the transaction of the change that makes it."""
    body = {
        "s": subsidiary,
        "b": engaged.by,
        "c": engaged.company,
        "t": engaged.third_party,
        "f": engaged.fen,
        "a": iso(engaged.at),
        "x": engaged.stop,
        "k": dict(engaged.tickets),
    }
    return Put({"pk": f"WATCHED#{month}", "sk": f"JOB#{engaged.id}", "id": engaged.id, "body": compact(body)})


def note_photo(picture: str, ticket: str, tickets: Mapping[str, str], month: str) -> None:
    """That several tickets have the same picture. May run again."""
    body = compact(dict(tickets))
    row = {"pk": f"WATCHED#{month}", "sk": f"PHOTO#{picture}#{ticket}", "id": ticket, "body": body}
    table().write(Put(row))


def jobs(months: Iterable[str]) -> list[Job]:
    """The jobs of some months. A query each."""
    return [one for month in months for one in each(table().query(f"WATCHED#{month}", "JOB#", "JOB#~").rows, _job)]


def photos(months: Iterable[str]) -> Iterator[Seen]:
    """The pictures of some months that several tickets have. A query each."""
    for month in months:
        for row in table().query(f"WATCHED#{month}", "PHOTO#", "PHOTO#~").rows:
            yield Seen(row["sk"].split("#")[1], json.loads(row["body"]))


def keep(scope: str, found: Mapping[str, Sequence[Hit]], at: datetime) -> None:
    """What the rules found, in place of what they found before. A write a rule."""
    for rule, hits in found.items():
        body = [[list(hit.parties), dict(hit.figures), dict(hit.tickets)] for hit in hits]
        table().write(Put({"pk": f"WATCH#{scope}", "sk": rule, "by": iso(at), "body": compact(body)}))


def found(scope: str) -> tuple[dict[str, list[Hit]], str]:
    """What was found last, by rule, and when; "" where nobody has looked yet. One query."""
    rows = table().query(f"WATCH#{scope}").rows
    hits = {
        row["sk"]: [Hit(row["sk"], tuple(who), figures, tickets) for who, figures, tickets in json.loads(row["body"])]
        for row in rows
    }
    return hits, min((row["by"] for row in rows), default="")


def _job(row: Row) -> Job:
    b = json.loads(row["body"])
    at = datetime.fromisoformat(b["a"])
    return Job(b["s"], Engaged(row["id"], b["b"], b["c"], b["t"], b["f"], at, b["x"], b["k"]))
