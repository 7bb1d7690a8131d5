"""What the workbook changes about the policy files.

item        pk                   sk          what
overrides   POLICY#<project>     POLICY      the project's own targets
holidays    HOLIDAYS#china       HOLIDAYS    the years that were loaded; they go before those that ship
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from chalicelib.domain.policy.overrides import Override
from chalicelib.store.table import Key, Row, table

SCHEDULE = "china"
HOLIDAYS: Key = (f"HOLIDAYS#{SCHEDULE}", "HOLIDAYS")
Years = dict[int, Mapping[date, bool]]


def read(project: str) -> tuple[str, str]:
    """The stored text of a project's overrides and of the holidays, "" where there is none. One call, a read unit."""
    keys = [HOLIDAYS, *([(f"POLICY#{project}", "POLICY")] if project else [])]
    found = {row["sk"]: str(row["body"]) for row in table().batch(keys)}
    return found.get("POLICY", ""), found.get("HOLIDAYS", "")


def overrides(text: str) -> tuple[Override, ...]:
    """The overrides in a stored text."""
    return tuple(
        Override(b["k"], b["p"], timedelta(seconds=b["t"]), b.get("c", ""), b.get("w", ""))
        for b in json.loads(text or "[]")
    )


def years(text: str) -> Years:
    """The holiday schedules in a stored text."""
    return {
        int(year): {date.fromisoformat(day): day in days["work"] for day in (*days["off"], *days["work"])}
        for year, days in json.loads(text or "{}").items()
    }


def put_overrides(project: str, overrides: Sequence[Override]) -> list[Row]:
    rows = [
        {"k": o.clock, "p": o.priority, "t": int(o.target.total_seconds()), "w": o.where}
        | ({"c": o.counts} if o.counts else {})
        for o in sorted(overrides, key=lambda o: (o.clock, o.priority))
    ]
    return [{"pk": f"POLICY#{project}", "sk": "POLICY", "id": project, "body": _json(rows)}]


def put_years(schedules: Years) -> list[Row]:
    body = {
        str(year): {
            "off": sorted(day.isoformat() for day, work in days.items() if not work),
            "work": sorted(day.isoformat() for day, work in days.items() if work),
        }
        for year, days in sorted(schedules.items())
    }
    return [{"pk": HOLIDAYS[0], "sk": HOLIDAYS[1], "id": SCHEDULE, "body": _json(body)}]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
