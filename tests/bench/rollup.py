"""Figures of months: what a month of 10,000 closed tickets takes to be rolled up, and a year of 100,000 made anew.

The tickets are those of the demo's year, told again under other ids: first all in one month, then in their own. Time is
CPU time of this process with the table in memory, and its table's own is in it. A second time a month is rolled up
where nothing changed, as on most nights. Made anew means that every count and every row is taken away before.

The write units of a fact are those of its item in a transaction, by DynamoDB's sizes, of every fact of the year.
"""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.bench.cloud import ENVIRONMENT
from tests.bench.figures import figure
from tests.bench.meter import size
from tests.bench.price import MILLION, gb_seconds, memory

MONTH, MANY, YEAR = "2026-02", 10_000, 100_000
AT = datetime.fromisoformat("2026-03-02T00:30:00+08:00")
ZONE = ZoneInfo("Asia/Shanghai")
GB_SECOND, WRITE, READ = 0.0000166667, 0.625 / MILLION, 0.125 / MILLION
A_KILOBYTE = 1024
IN_A_TRANSACTION = 2  # a write costs as much twice


class Noted:
    """A table that counts what is read and written, as DynamoDB would."""

    def __init__(self, real: Any) -> None:
        from tests.bench.crowd import Counted

        self.counted, self.written = Counted(real), 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.counted, name)

    def write(self, write: Any) -> Any:
        self.written += write_units(write.row)
        return self.counted.write(write)


def write_units(row: dict[str, Any]) -> int:
    """Of an item that no index has."""
    item = {name: {"N": str(value)} if isinstance(value, int) else {"S": value} for name, value in row.items()}
    return -(-size(item) // A_KILOBYTE)


def told_again(rows: Iterable[tuple[str, dict[str, Any]]], copy: int, days: int = 0) -> Iterator[dict[str, Any]]:
    """Facts as they are kept, of another ticket, and so many days later."""
    from chalicelib.store import facts

    later = timedelta(days=days)
    for project, row in rows:
        counts, ticket, n = row["sk"].split("#")
        at = datetime.fromisoformat(counts) + later
        body = facts.numbers_of(row)
        body["r"] += int(later.total_seconds())
        month = f"{at.astimezone(ZONE):%Y-%m}"
        new = f"{ticket[:-4]}{copy:04d}"
        sk = f"{at:%Y-%m-%dT%H:%M:%SZ}#{new}#{n}"
        yield {**row, "pk": f"FACT#{project}#{month}", "sk": sk, "id": new, "body": json.dumps(body)}


def lives() -> list[list[tuple[str, dict[str, Any]]]]:
    """Of each ticket of the demo's year that closed, its facts as they are kept, and their project."""
    from chalicelib.store import facts
    from infra.seed import year

    return [
        [(one.made.project, facts.as_put(fact, month).row) for fact, month in one.facts]
        for one in year.stated()
        if one.last.state == "closed"
    ]


def table_with(rows: Iterable[dict[str, Any]]) -> Any:
    """The demo group, and facts."""
    from chalicelib.services.loading import loading
    from chalicelib.services.record import numbers
    from chalicelib.store import table
    from chalicelib.store.memory import MemoryTable
    from infra.seed.demo import demo
    from tests.demo import Held

    made = MemoryTable()
    table.use(made)
    numbers.forget()
    loading.load_book(Held(demo()), AT)
    for row in rows:
        made.parts.setdefault(row["pk"], {})[row["sk"]] = row
    return made


def a_month(every: list[list[tuple[str, dict[str, Any]]]]) -> None:
    """Roll up a month of many tickets, twice."""
    from chalicelib.services.measures import rolling
    from chalicelib.store import table

    first = date.fromisoformat(f"{MONTH}-01")

    def moved(of_ticket: list[tuple[str, dict[str, Any]]]) -> int:
        closed = datetime.fromisoformat(of_ticket[0][1]["sk"].partition("#")[0]).astimezone(ZONE).date()
        return (first.replace(day=min(closed.day, 27)) - closed).days

    rows = [
        row
        for n in range(MANY)
        for row in told_again(every[n % len(every)], n // len(every), moved(every[n % len(every)]))
    ]
    real = table_with(rows)
    for name in ("", ", nothing changed"):
        noted = Noted(real)
        table.use(noted)
        began = time.process_time()
        done = rolling.roll(MONTH, AT)
        took = time.process_time() - began
        assert not done.more
        calls = ["dynamodb"] * noted.counted.calls
        usd = gb_seconds(memory()["measure"], took, calls) * GB_SECOND
        usd += noted.written * WRITE + noted.counted.read * READ
        counted = {"facts": done.facts, "rows": done.written, "calls": len(calls)}
        figure(f"a month of 10,000 closed tickets, rolled up{name}: own CPU", took, "s", "<= 5", **counted)
        figure(
            f"a month of 10,000 closed tickets, rolled up{name}: price", usd, "USD", "<= 0.02", written=noted.written
        )


def a_year(every: list[list[tuple[str, dict[str, Any]]]]) -> None:
    """Roll up a year, take away all that came of it, and roll it up again."""
    from chalicelib.services.measures import rolling
    from chalicelib.store import measures
    from infra.seed import year

    real = table_with(row for n in range(YEAR) for row in told_again(every[n % len(every)], n // len(every)))
    months, seen = list(year.months()), []
    for order in (months, months[::-1]):
        for pk in [pk for pk in real.parts if pk.startswith((*measures.READ, "TALLY#", "MEASURED"))]:
            del real.parts[pk]
        began = time.process_time()
        tickets = sum(rolling.roll(month, AT).facts for month in order)
        took = time.process_time() - began
        seen.append({key: row for month in months for key, row in measures.every(month).items()})
    wrong = sum(seen[0].get(key) != seen[1].get(key) for key in {*seen[0], *seen[1]})
    figure("a year of 100,000 tickets made anew, the other way round: rows that differ", wrong, "rows", "<= 0")
    figure("a year of 100,000 tickets made anew: own CPU", took, "s", facts=tickets, rows=len(seen[0]))


def closings(every: list[list[tuple[str, dict[str, Any]]]]) -> None:
    """What each closing costs more for its fact."""
    found: dict[int, int] = defaultdict(int)
    for of_ticket in every:
        for _, row in of_ticket:
            found[IN_A_TRANSACTION * write_units(row)] += 1
    figure("write units that a fact adds to a closing, the most of a year", max(found), "WRU", "<= 2", of=dict(found))


def run() -> None:
    os.environ.update(ENVIRONMENT)
    table_with(())
    every = lives()
    closings(every)
    a_month(every)
    a_year(every)
