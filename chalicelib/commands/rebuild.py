"""Makes heads anew from events, and facts that are not there: by id or number; none: all open tickets.

python -m chalicelib.commands.rebuild [TICKET …]
python -m chalicelib.commands.rebuild --ended      all tickets there ever were; it reads the whole table
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from chalicelib.adapters.time import now
from chalicelib.commands import by_operator
from chalicelib.domain.record.number import parse_number
from chalicelib.services.measures import restating
from chalicelib.services.record import rebuilding
from chalicelib.services.record.record import NotFound
from chalicelib.store import tickets
from chalicelib.store.reading import Unreadable

EVERYTHING = "--ended"


def main(named: Sequence[str]) -> int:
    """Rebuild and say what was different. 1: a ticket was not found, or cannot be read."""
    seen = changed = stated = missing = 0
    for name in _ids(named):
        try:
            different = rebuilding.rebuild(name, now())
            added = restating.state_again(name)
        except NotFound:
            print(f"{name}: there is no such ticket", file=sys.stderr)
            missing += 1
            continue
        except Unreadable as fault:
            print(f"{name}: {fault} cannot be read", file=sys.stderr)
            missing += 1
            continue
        seen += 1
        changed += different
        stated += added
        if different:
            print(f"{name}: head written anew")
        if added:
            print(f"{name}: {added} facts added")
    print(f"{seen} tickets, {changed} heads were different, {stated} facts were not there")
    return int(missing > 0)


def _ids(named: Sequence[str]) -> Iterable[str]:
    if list(named) == [EVERYTHING]:
        return restating.everywhere()
    if not named:
        return rebuilding.open_records()
    return [tickets.by_number(number) or name if (number := parse_number(name)) else name for name in named]


if __name__ == "__main__":
    raise SystemExit(by_operator(main))
