"""Erases what is personal of tickets: python -m chalicelib.commands.erase TICKET …, by id or number.

After a restore of the table: python -m chalicelib.commands.erase --replay erases again all that was erased before.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from chalicelib.adapters.time import now
from chalicelib.commands import by_operator
from chalicelib.domain.record.number import parse_number, spoken
from chalicelib.services.record import erasing
from chalicelib.services.record.erasing import Erased, StillOpen
from chalicelib.services.record.record import NotFound
from chalicelib.store import tickets


def main(named: Sequence[str]) -> int:
    """Erase and say what was. 1: a ticket was not found, or is open; 2: nothing was named."""
    if not named:
        print(__doc__, file=sys.stderr)
        return 2
    if list(named) == ["--replay"]:
        print(f"{_say(erasing.replay(now()))} tickets erased again")
        return 0
    left = 0
    for name in named:
        try:
            _say(erasing.erase(_id(name), now()))
        except NotFound:
            print(f"{name}: there is no such ticket", file=sys.stderr)
            left += 1
        except StillOpen as fault:
            print(f"{name}: {spoken(str(fault))} is open; close or cancel it first", file=sys.stderr)
            left += 1
    return int(left > 0)


def _say(found: Iterable[Erased]) -> int:
    count = 0
    for erased in found:
        count += 1
        before = "" if erased.first else ", was erased before"
        print(f"{erased.ticket}: {erased.parts} parts, {erased.pictures} pictures erased{before}")
    return count


def _id(name: str) -> str:
    number = parse_number(name)
    return (tickets.by_number(number) if number else None) or name


if __name__ == "__main__":
    raise SystemExit(by_operator(main))
