"""What sealing costs an entry, at two sizes: write units, calls, on the emulator's DynamoDB; and the preview's reads.

The preview is read of a ledger that has nothing but what is ready, and of one with twenty times as many entries that
older batches have: it must not matter.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.bench.cloud import Cloud
from tests.bench.export import entries
from tests.bench.figures import figure

SIZES = (400, 1_600)
READY, OLD = 50, 1_000
AT = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)


def run() -> None:
    with Cloud.up(AT) as cloud:
        costs = {size: _seal(cloud, f"E{n}", size) for n, size in enumerate(SIZES, 1)}
        for size, (written, calls) in costs.items():
            figure(f"sealing {size} entries: write units an entry", written / size, "WRU", "<= 2.5")
            figure(f"sealing {size} entries: calls an entry", calls / size, "calls", "<= 1.2")
        small, large = (costs[size][0] / size for size in SIZES)
        figure("sealing four times as many entries: write units an entry, times", large / small, "times", "<= 1.05")
    young, old = _preview(0), _preview(OLD)
    figure("finance's preview: read units", young, "RRU")
    figure(f"finance's preview beside {OLD} sealed entries: read units, times", old / young, "times", "<= 1.05")


def _seal(cloud: Cloud, entity: str, size: int) -> tuple[float, int]:
    """Write units and calls from the opening of a batch to its files."""
    from chalicelib.domain.record.event import Actor
    from chalicelib.domain.record.roles import Role
    from chalicelib.services.money import making, periods, sealing

    by = Actor("f1", Role.FINANCE)
    with cloud.meter.off():
        periods.open_one(entity, "2026-03", by, AT)
        _fill(entity, size, AT - timedelta(hours=1))
    with cloud.meter.step(f"seal {size}") as work:
        one = making.go_on(sealing.seal(entity, by, AT, period="2026-03", key="k").id, AT)
    assert (one.state, one.count) == ("made", size), one.state
    return work.written, sum(name.startswith("dynamodb.") for name in work.calls)


def _fill(entity: str, size: int, at: datetime) -> None:
    from chalicelib.store import entries as stored
    from chalicelib.store.table import table

    for n, entry in enumerate(entries(size)):
        named = replace(entry, entity=entity, number=f"{entity}-D-2026-{n:06d}")
        for write in stored.written(named, at + timedelta(seconds=n)):
            table().write(write)


def _preview(old: int) -> float:
    """Read units of a page of what is ready, beside so many entries that are sealed."""
    from chalicelib.services.money import sealing
    from chalicelib.store import entries as stored
    from chalicelib.store import table as tables
    from chalicelib.store.memory import MemoryTable
    from tests.bench.crowd import Counted

    twin = MemoryTable()
    tables.use(twin)
    try:
        _fill("E1", old + READY, AT - timedelta(days=30))
        for n in range(old):
            assert stored.claim((f"E1-D-2026-{n:06d}", 7), "OLD")
        counted: Any = Counted(twin)
        tables.use(counted)
        assert len(sealing.preview("E1").lines) == READY
        return float(counted.read)
    finally:
        tables.use(None)
