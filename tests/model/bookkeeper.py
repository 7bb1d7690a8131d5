"""A bookkeeper of her own: she reads the rows as they lie in the table and knows nothing of the code that wrote them.

What a deduction owes she adds up from its events; accounts, entries, batches, periods and numbers must say the same.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from chalicelib.services.record import record
from tests.services.money.debts import PREFIX, Debt
from tests.world import World

STAGES = ("approved", "noticed", "disputed", "firm")


class Bookkeeper:
    """Keeps what must never change again: a sealed batch, a closed period."""

    def __init__(self, world: World, entity: str) -> None:
        self.world, self.entity = world, entity
        self.sealed: dict[str, tuple[Any, ...]] = {}
        self.closed: dict[str, int] = {}

    def _rows(self, begins: str) -> list[dict[str, Any]]:
        parts = self.world.table.parts
        return [row for pk in sorted(parts) if pk.startswith(begins) for row in parts[pk].values()]

    def look(self, where: str) -> None:
        """Everything adds up now, whatever is under way. Raises AssertionError."""
        owed = {name: self._owed(name) for name in self._debts()}
        self._accounts(owed, where)
        entries = self._entries(owed, where)
        self._batches(entries, where)
        self._periods(where)

    def _debts(self) -> list[str]:
        return [pk for pk in self.world.table.parts if pk.startswith(f"{PREFIX}#")]

    def _owed(self, name: str) -> dict[str, Any]:
        """What the events say, in the order in which they happened."""
        one: Debt = record.load(name)
        found: dict[str, Any] = {
            "total": 0,
            "approved": False,
            "firm": False,
            "rec": Counter(),
            "rev": 0,
            "wo": 0,
            "ref": 0,
        }
        for event in one.events:
            d = event.data
            if event.kind == "proposed":
                found["total"] = sum(fen for _, fen in d["lines"])
            elif event.kind in ("approved", "firm"):
                found[event.kind] = True
            elif event.kind == "dispute_decided":
                found["rev"] += d["upheld_fen"]
            elif event.kind == "reversed":
                found["rev"] += d["fen"]
            elif event.kind == "written_off":
                found["wo"] += d["fen"]
            elif event.kind == "refunded":
                found["ref"] += d["fen"]
            elif event.kind == "recovered":
                found["rec"][d["source"]] += d["fen"]
        return found

    def _accounts(self, owed: dict[str, dict[str, Any]], where: str) -> None:
        balances: dict[str, Counter[str]] = {name: Counter() for name in owed}
        rows = self._rows(f"LEDGER#{self.entity}#")
        for row in rows:
            lines = json.loads(row["body"])["l"]
            assert sum(fen if side == "d" else -fen for _, side, fen in lines) == 0, f"{where}: {row}"
            for account, side, fen in lines:
                balances[row["id"]][account] += fen if side == "d" else -fen
        for name, b in balances.items():
            o = owed[name]
            left = o["total"] - sum(o["rec"].values()) - o["rev"] - o["wo"] + o["ref"]
            said = (
                -b["claims"],
                b["reversed"],
                b["written_off"],
                -b["refunded"],
                sum(b[s] for s in STAGES),
                -b["refund_due"],
            )
            meant = (o["total"], o["rev"], o["wo"], o["ref"], max(0, left), max(0, -left))
            if o["approved"]:
                assert said == meant, f"{where}: {name} {said} {meant}"
                assert {k.partition(":")[2]: v for k, v in b.items() if k.startswith("recovered:") and v} == dict(
                    o["rec"]
                )
                assert not b["proposed"], f"{where}: {name}"
            else:
                assert b["proposed"] == o["total"] == -b["proposed_counter"], f"{where}: {name}"
        gate = self.world.table.get(f"PERIODS#{self.entity}", "GATE") or {}
        assert gate.get("n", 0) == len(rows), f"{where}: an entry is missing, or nobody counted it"

    def _entries(self, owed: dict[str, dict[str, Any]], where: str) -> dict[str, tuple[int, str]]:
        """fen and state of every entry that may be exported."""
        entries, sums = {}, Counter[str]()
        for row in self._rows("ENTRY#"):
            if row["sk"].startswith("FACTS#"):
                continue
            fen = json.loads(row["line"])["f"]
            entries[f"{row['pk'].partition('#')[2]}/{int(row['sk'])}"] = (fen, row["state"])
            sums[row["id"]] += fen if row["state"] != "void" else 0
            assert (row.get("qk") is not None) is (row["state"] == "ready"), f"{where}: {row}"
        for name, o in owed.items():
            meant = o["total"] - o["rev"] - o["wo"] if o["firm"] else 0
            assert sums[name] == meant, f"{where}: {name} has {sums[name]}, {meant} meant"
        return entries

    def _batches(self, entries: dict[str, tuple[int, str]], where: str) -> None:
        batches: dict[str, Any] = {pk: record.load(pk) for pk in self.world.table.parts if pk.startswith("BATCH#")}
        held: Counter[str] = Counter()
        live: Counter[str] = Counter()
        for name, one in batches.items():
            held[one.period] += one.state == "opened"
            if not one.number:
                continue
            refs = self._refs(one.counters or name)
            sign = -1 if one.counters else 1
            assert sign * sum(entries[ref][0] for ref in refs) == one.fen, f"{where}: {one.number}"
            assert len(refs) == one.count
            kept = self.sealed.setdefault(name, (one.number, one.fen, one.count, one.hash, one.period))
            assert kept == (one.number, one.fen, one.count, one.hash, one.period), f"{where}: {one.number} changed"
            if one.state != "countered" and not one.counters:
                live.update(refs)
                mine = f"in {name.partition('#')[2]}"
                assert all(entries[ref][1] == mine for ref in refs), f"{where}: {one.number} lost an entry"
        assert not live or max(live.values()) == 1, f"{where}: in two batches {[r for r, n in live.items() if n > 1]}"
        for ref, (_, state) in entries.items():
            if state.startswith("in "):
                assert f"BATCH#{state[3:]}" in batches, f"{where}: {ref} is in no batch"
        sequences = sorted(int(one.number[-4:]) for one in batches.values() if one.number)
        assert sequences == list(range(1, len(sequences) + 1)), f"{where}: numbers {sequences}"
        for row in self._rows(f"PERIODS#{self.entity}"):
            if row["sk"] != "GATE":
                assert row.get("n-batches", 0) == held[row["sk"]], f"{where}: {row['sk']}"

    def _refs(self, batch: str) -> list[str]:
        found = []
        for row in self._rows(f"PLAN#{batch.partition('#')[2]}"):
            lost = set(json.loads(row["line"])) if row.get("state") == "claimed" else set()
            found += [f"{number}/{v}" for n, (number, v) in enumerate(json.loads(row["body"])["r"]) if n not in lost]
        return found

    def _periods(self, where: str) -> None:
        gate = self.world.table.get(f"PERIODS#{self.entity}", "GATE") or {}
        for pk in [pk for pk in self.world.table.parts if pk.startswith(f"LEDGER#{self.entity}#")]:
            period, count = pk[-7:], len(self.world.table.parts[pk])
            if period <= gate.get("line", ""):
                assert self.closed.setdefault(period, count) == count, (
                    f"{where}: an entry went into {period}, which is closed"
                )
