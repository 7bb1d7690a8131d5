"""Balances of retention as finance's system has them, loaded from its file: all of it is checked, then all is written.

checked   every row: the contract is this entity's, by its number or code; no later balance of it is known
written   a row is an event of the contract's retention; what it says already changes nothing

Nothing is written where anything is at fault. Cut off half-way, the same file goes on where it stopped. What a later
balance overtook while others were written is named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chalicelib.adapters.ooxml import NotAWorkbook
from chalicelib.adapters.workbook import open_book
from chalicelib.domain.contractor.contract import Contract
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, NotAllowed
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role
from chalicelib.domain.register.faults import Fault, Remark, TooMany
from chalicelib.domain.register.retentions import AMOUNTS, SHEET, RetentionReader, Stated
from chalicelib.services.loading.known import Stored, policy_numbers
from chalicelib.services.money import releases, retentions
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import contracts

MAY = frozenset({Role.FINANCE, Role.SYSTEM})


@dataclass(slots=True)
class Loaded:
    """`rows` of the file; `changed`: whose balance is new. `faults`: rows not written. `unread`: it is no table."""

    rows: int = 0
    changed: int = 0
    faults: list[Fault] = field(default_factory=list)
    more_faults: bool = False
    unread: Remark | None = None


def of_entity(entity: str) -> list[Contract]:
    """The contracts that an entity has signed. A query for each of its projects."""
    known = contracts.entity(entity)
    found = {
        one.id: one
        for project in (known.projects if known else ())
        for one in contracts.of_project(project).contracts
        if one.entity == entity
    }
    return [found[name] for name in sorted(found)]


def called(entity: str, name: str) -> Contract | None:
    """A contract that an entity has signed, by code or printed number; None for none, or for several."""
    return _by_name(of_entity(entity)).get(name)


def load(entity: str, content: bytes, name: str, by: Actor, at: datetime, *, write: bool = True) -> Loaded:
    """Check a file (CSV or XLSX, by its `name`) and write its balances. May run again. Raises NotAllowed, Busy."""
    if by.role not in MAY:
        raise NotAllowed("not_allowed")
    done, rows = _read(content, name)
    if done.faults or done.unread:
        return done
    found = _checked(entity, rows, done)
    if done.faults or not write:
        return done
    digest = hashlib.sha256(content).hexdigest()
    for row, contract in found:
        before = releases.begun(contract, at)
        facts = _facts(row, contract, digest)
        try:
            after = record.perform(Command("state", by, facts), before.id, at)
        except IllegalMove as refused:  # a later balance came since it was checked
            done.faults.append(Fault(SHEET.name, row.row, "on", refused.reason, dict(refused.details)))
            continue
        done.changed += after.version != before.version
    return done


def _facts(row: Stated, contract: Contract, digest: str) -> dict[str, Any]:
    """What the event says: the balance, and when both periods end as it is on file now."""
    numbers = policy_for({"project": contract.projects[0]} if contract.projects else {})
    liability, warranty = retentions.ends(contract, numbers)
    amounts = {name: getattr(row.balance, name) for name in AMOUNTS}
    ends = {"liability_ends": liability, "warranty_ends": warranty}
    days = {name: day.isoformat() for name, day in ends.items() if day}
    return {"on": row.balance.on.isoformat(), **amounts, **days, "file": digest}


def _read(content: bytes, name: str) -> tuple[Loaded, list[Stated]]:
    done = Loaded()
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"retentions{Path(name).suffix.lower() or '.csv'}"
        path.write_bytes(content)
        try:
            reader = RetentionReader(open_book(path), Stored(), policy_numbers())
            rows = list(_all(reader, done))
        except NotAWorkbook as fault:
            done.unread = fault.remark
            return done, []
    done.faults, done.rows = reader.faults, len(rows)
    if not rows and not done.faults:
        done.faults.append(Fault(SHEET.name, 0, "", "nothing"))
    return done, rows


def _all(reader: RetentionReader, done: Loaded) -> Iterable[Stated]:
    try:
        yield from reader.stated()
    except TooMany:
        done.more_faults = True


def _checked(entity: str, rows: Iterable[Stated], done: Loaded) -> list[tuple[Stated, Contract]]:
    """The rows with their contracts; what is wrong stands in `done`."""
    known = _by_name(of_entity(entity))
    found: list[tuple[Stated, Contract]] = []
    taken: dict[str, int] = {}
    for row in rows:
        contract = known.get(row.contract)
        if contract is None:
            done.faults.append(Fault(SHEET.name, row.row, "contract", "unknown_contract", {"code": row.contract}))
            continue
        if contract.id in taken:
            details = {"code": row.contract, "sheet": SHEET.name, "row": taken[contract.id]}
            done.faults.append(Fault(SHEET.name, row.row, "contract", "code_twice", details))
            continue
        taken[contract.id] = row.row
        one = retentions.of_contract(contract.id)
        if one and one.balance and row.balance.on < one.balance.on:
            later = {"on": one.balance.on.isoformat()}
            done.faults.append(Fault(SHEET.name, row.row, "on", "older_balance", later))
        found.append((row, contract))
    return found


def _by_name(some: Iterable[Contract]) -> Mapping[str, Contract]:
    """By code and by printed number; a number that two have names neither."""
    found: dict[str, Contract | None] = {}
    for one in some:
        found[one.number] = None if one.number in found else one
    named = {number: one for number, one in found.items() if one}
    return named | {one.id: one for one in named.values()} | {one.id: one for one in some}
