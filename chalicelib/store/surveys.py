"""Whom a month asks, and what came of it: added with the change that it comes of, listed by project.

item      pk                    sk                 what
draw      SURVEYED#<project>    <month>            `body` base, size and the flats with who lives there (hashed);
                                                   `state` done: each of them has its survey
outcome   SURVEYED#<project>    <month>#<unit>     `body` what came of asking there

What comes of it when its month is over stands in the index place under ANSWERED#<day> too: so that month is found.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.domain.measures.asked import Asked, Outcome, counted
from chalicelib.store.reading import each, one
from chalicelib.store.table import Change, Conflict, Put, Row, compact, iso, table


@dataclass(frozen=True, slots=True)
class Draw:
    """`flats`: unit → who lives there, by hashes of their phones. `tickets`: unit → the last one there."""

    project: str
    month: str
    base: int
    wanted: int
    flats: Mapping[str, tuple[str, ...]]
    tickets: Mapping[str, str]
    done: bool = False


def draw(project: str, month: str) -> Draw | None:
    return one(table().get(f"SURVEYED#{project}", month, consistent=True), _draw)


def add(drawn: Draw) -> bool:
    """Keep a draw; False where one of the month is there already, which holds."""
    body = {
        "b": drawn.base,
        "w": drawn.wanted,
        "f": {unit: list(who) for unit, who in drawn.flats.items()},
        "t": dict(drawn.tickets),
    }
    row: Row = {"pk": f"SURVEYED#{drawn.project}", "sk": drawn.month, "body": compact(body)}
    try:
        table().write(Put(row, new=True))
    except Conflict:
        return False
    return True


def done(project: str, month: str) -> None:
    """Each flat of the draw has its survey. May run again."""
    table().write(Change((f"SURVEYED#{project}", month), sets={"state": "done"}, exists=True))


def outcome(made: Outcome) -> Put:
    """The write of what came of asking, for the transaction of the change that it comes of."""
    body: dict[str, Any] = {
        "b": made.building,
        "g": made.stage,
        "o": made.outcome,
        "h": made.how,
        "s": list(made.scores.items()),
        "y": int(made.still),
        "u": int(not made.verified),
        "a": iso(made.at),
    }
    key = {"pk": f"SURVEYED#{made.project}", "sk": f"{made.month}#{made.unit}", "id": made.unit}
    found = {"lk": _late(made.at.date())} if f"{made.at:%Y-%m}" > made.month else {}
    return Put({**key, "body": compact({k: v for k, v in body.items() if v}), **found})


def late_on(day: date) -> set[tuple[str, str]]:
    """(project, month) of what came of asking on a day (UTC) after the month. One query, mostly."""
    rows = table().index("place", _late(day)).rows
    return {(str(row["pk"]).partition("#")[2], str(row["sk"]).partition("#")[0]) for row in rows}


def _late(day: date) -> str:
    return f"ANSWERED#{day}"


def of_month(project: str, month: str) -> tuple[Draw | None, list[Outcome]]:
    """The draw of a month and all that came of it. One query."""
    rows = table().query(f"SURVEYED#{project}", month, f"{month}~").rows
    drawn = one(next((row for row in rows if row["sk"] == month), None), _draw)
    return drawn, each((row for row in rows if row["sk"] != month), _outcome)


def counts(project: str, month: str) -> Asked:
    """A month in numbers. One query."""
    drawn, outcomes = of_month(project, month)
    return counted(drawn.base, drawn.wanted, len(drawn.flats), outcomes) if drawn else Asked()


def asked(project: str, months: Iterable[str]) -> frozenset[str]:
    """The flats that some months drew, and who lived there. A read each."""
    drawn = [found for month in months if (found := draw(project, month))]
    return frozenset(name for found in drawn for unit, who in found.flats.items() for name in (unit, *who))


def _draw(row: Row) -> Draw:
    b = json.loads(row["body"])
    project = row["pk"].partition("#")[2]
    return Draw(
        project,
        row["sk"],
        b["b"],
        b["w"],
        {u: tuple(who) for u, who in b["f"].items()},
        b.get("t", {}),
        row.get("state") == "done",
    )


def _outcome(row: Row) -> Outcome:
    b, (month, _, unit) = json.loads(row["body"]), row["sk"].partition("#")
    return Outcome(
        project=row["pk"].partition("#")[2],
        month=month,
        unit=unit,
        building=b.get("b", ""),
        stage=b.get("g", ""),
        outcome=b["o"],
        at=datetime.fromisoformat(b["a"]),
        how=b.get("h", ""),
        scores=dict(b.get("s", ())),
        still=bool(b.get("y")),
        verified=not b.get("u"),
    )
