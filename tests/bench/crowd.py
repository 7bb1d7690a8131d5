"""Many open tickets at one desk and one technician, in memory: rows cloned from a ticket that was really made."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.bench import group, life
from tests.bench.meter import size, units

PROJECTED = {"work": ("hk", "by"), "queue": ("qk", "by"), "due": ("dk", "due"), "place": ("lk", "id")}
CARRIED = {"work": ("line", "id"), "queue": ("line", "id"), "due": (), "place": ()}


def unplugged() -> None:
    """Nothing leaves the process: no timers, no queue, no metric lines among the figures."""
    from chalicelib.adapters import executions

    executions.start = lambda record, generation, until: "running"
    executions.stop = lambda record, generation: None
    executions.runs = lambda record, generation: True
    for name, module in list(sys.modules.items()):
        if name.startswith("chalicelib."):
            for taken in ("enqueue", "ring"):
                if hasattr(module, taken):
                    setattr(module, taken, lambda *args, **kwargs: None)


def crowd(count: int, due: int = 0) -> tuple[Any, datetime]:
    """(table, now): `count` open tickets, all held by one person; `due` of them past their next moment."""
    from chalicelib.adapters.ids import ulid
    from chalicelib.services.record import acting
    from chalicelib.services.ticket import report
    from chalicelib.store import memory, table
    from chalicelib.store.records import key, shard
    from chalicelib.store.table import Change, Put, iso

    at = life.START
    twin = memory.MemoryTable()
    table.use(twin)
    for row in group.rows():
        twin.write(Put(row))
    form = {k: v for k, v in life.report_form(at) if k not in ("when", "consent", "seen")}
    made = report.take(report.Report(**form, consent=True), at).ticket  # type: ignore[arg-type]
    acting.act_on(made.id, 1, at)
    rows = twin.query(key(made.id)).rows
    for n in range(1, count):
        new = ulid(at + timedelta(milliseconds=n), n.to_bytes(10, "big"))
        for row in rows:
            row = {**row, "pk": key(new)}
            if row["sk"] == "HEAD":
                later = iso(at + timedelta(minutes=31, seconds=n) if n > due else at)
                row |= {"id": new, "by": later, "dk": shard(new)}
                row |= {"due": iso(at + timedelta(hours=9)), "armed": iso(at + timedelta(hours=9))} if n > due else {}
            twin.write(Put(row))
    if due:  # the ticket the others were cloned from stands back, so that exactly `due` are late
        later = iso(at + timedelta(hours=9))
        twin.write(Change((key(made.id), "HEAD"), sets={"due": later, "armed": later}))
    return twin, at + timedelta(minutes=35)


class Counted:
    """A table that counts its calls and the read units of their answers, as DynamoDB would."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.calls = 0
        self.read = 0.0

    def get(self, pk: str, sk: str, *, consistent: bool = False) -> Any:
        row = self.real.get(pk, sk, consistent=consistent)
        self._count(units(_size(row) if row else 0, consistent))
        return row

    def query(self, pk: str, *args: Any, consistent: bool = False, **kwargs: Any) -> Any:
        page = self.real.query(pk, *args, consistent=consistent, **kwargs)
        self._count(units(sum(map(_size, page.rows)), consistent))
        return page

    def index(self, name: str, *args: Any, **kwargs: Any) -> Any:
        page = self.real.index(name, *args, **kwargs)
        kept = ("pk", "sk", *PROJECTED[name], *CARRIED[name])
        self._count(units(sum(_size({k: r[k] for k in kept if k in r}) for r in page.rows), False))
        return page

    def count(self, name: str, key: str) -> int:
        found = self.real.index(name, key).rows
        kept = ("pk", "sk", *PROJECTED[name], *CARRIED[name])
        self._count(units(sum(_size({k: r[k] for k in kept if k in r}) for r in found), False))
        return len(found)

    def walk(self, sk: str, **kwargs: Any) -> Any:
        return self.real.walk(sk, **kwargs)  # for commands: no page and no function may

    def batch(self, keys: Any, *, consistent: bool = False) -> Any:
        wanted = list(keys)
        rows = self.real.batch(wanted, consistent=consistent)
        missing = (len(set(wanted)) - len(rows)) * (1 if consistent else 0.5)
        self._count(sum(units(_size(r), consistent) for r in rows) + missing, calls=1 if wanted else 0)
        return rows

    def write(self, write: Any) -> Any:
        self._count(0)
        return self.real.write(write)

    def transact(self, writes: Sequence[Any], token: str = "") -> None:
        self._count(0)
        self.real.transact(writes, token)

    def _count(self, read: float, calls: int = 1) -> None:
        self.calls += calls
        self.read += read


def _size(row: dict[str, Any]) -> int:
    return size({k: {"N": str(v)} if isinstance(v, int) else {"S": v} for k, v in row.items()})
