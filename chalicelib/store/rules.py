"""What the workbook changes about the policy files.

item        pk                   sk          what
overrides   POLICY#<project>     POLICY      the project's own targets
holidays    HOLIDAYS#china       HOLIDAYS    the years that were loaded; they go before those that ship
numbers     NUMBERS#<part>       NUMBERS     what a part of a policy's version means; written once, never changed
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta

from chalicelib.domain.policy.overrides import Override, mark_of
from chalicelib.domain.policy.versions import mark
from chalicelib.store.reading import each
from chalicelib.store.table import Conflict, Key, Put, Row, compact, table

SCHEDULE = "china"
HOLIDAYS: Key = (f"HOLIDAYS#{SCHEDULE}", "HOLIDAYS")
Years = dict[int, Mapping[date, bool]]


def read(project: str) -> tuple[str, str]:
    """The stored text of a project's overrides and of the holidays. One call, a read unit.

    "" where there is none, or none that can be read: then what ships holds.
    """
    keys = [HOLIDAYS, *([(f"POLICY#{project}", "POLICY")] if project else [])]
    found = dict(each(table().batch(keys), _readable))
    return found.get("POLICY", ""), found.get("HOLIDAYS", "")


def _readable(row: Row) -> tuple[str, str]:
    sk, text = str(row["sk"]), str(row["body"])
    overrides(text) if sk == "POLICY" else years(text)
    return sk, text


def overrides(text: str) -> tuple[Override, ...]:
    """The overrides in a stored text."""
    return tuple(
        Override(b["k"], b["p"], timedelta(seconds=b["t"]), b.get("c", ""), b.get("w", ""))
        for b in json.loads(text or "[]")
    )


def keep(part: str, body: str) -> None:
    """Keep what a part of a version means, if that is not kept already. One write."""
    with suppress(Conflict):
        table().write(Put(kept_as(part, body), new=True))


def kept_as(part: str, body: str) -> Row:
    """The row that keeps what a part of a version means."""
    return {"pk": f"NUMBERS#{part}", "sk": "NUMBERS", "id": part, "body": body}


def kept(parts: Sequence[str]) -> Mapping[str, str]:
    """What the parts of a version mean, as far as it is kept. One call."""
    return {str(row["id"]): str(row["body"]) for row in table().batch([(f"NUMBERS#{p}", "NUMBERS") for p in parts])}


def years(text: str) -> Years:
    """The holiday schedules in a stored text."""
    return {
        int(year): {date.fromisoformat(day): day in days["work"] for day in (*days["off"], *days["work"])}
        for year, days in json.loads(text or "{}").items()
    }


def put_overrides(project: str, overrides: Sequence[Override]) -> list[Row]:
    """The row of a project's overrides, and the one that keeps them for good."""
    rows = [
        {"k": o.clock, "p": o.priority, "t": int(o.target.total_seconds()), "w": o.where}
        | ({"c": o.counts} if o.counts else {})
        for o in sorted(overrides, key=lambda o: (o.clock, o.priority))
    ]
    made = [{"pk": f"POLICY#{project}", "sk": "POLICY", "id": project, "body": compact(rows)}]
    if not overrides:
        return made
    return [*made, kept_as(f"+{mark_of(overrides)}", compact([{**row, "w": ""} for row in rows]))]


def put_years(schedules: Years) -> list[Row]:
    """The row of the years that were loaded, and the one that keeps them for good."""
    body = {
        str(year): {
            "off": sorted(day.isoformat() for day, work in days.items() if not work),
            "work": sorted(day.isoformat() for day, work in days.items() if work),
        }
        for year, days in sorted(schedules.items())
    }
    text = compact(body)
    row: Row = {"pk": HOLIDAYS[0], "sk": HOLIDAYS[1], "id": SCHEDULE, "body": text}
    return [row, kept_as(f"~{mark(text)}", text)]
