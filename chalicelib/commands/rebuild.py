"""Makes heads anew from events, and facts that are not there: by id or number; none: all open tickets.

python -m chalicelib.commands.rebuild [TICKET …] [--lang en]
python -m chalicelib.commands.rebuild --ended      all tickets there ever were; it reads the whole table
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence

from chalicelib.adapters.time import now
from chalicelib.commands import by_operator, says, takes_lang
from chalicelib.domain.record.number import parse_number
from chalicelib.services.measures import restating
from chalicelib.services.record import rebuilding
from chalicelib.services.record.record import NotFound
from chalicelib.store import tickets
from chalicelib.store.reading import Unreadable


def main(arguments: Sequence[str]) -> int:
    """Rebuild and say what was different. 1: a ticket was not found, or cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m chalicelib.commands.rebuild", description="Makes heads anew from events, and missing facts."
    )
    parser.add_argument("tickets", nargs="*", metavar="TICKET", help="id or number; none: all open tickets")
    parser.add_argument("--ended", action="store_true", help="all tickets there ever were; it reads the whole table")
    takes_lang(parser)
    args = parser.parse_args(list(arguments))
    say = says(args.lang)
    seen = changed = stated = missing = 0
    for name in _ids(args.tickets, args.ended):
        try:
            different = rebuilding.rebuild(name, now())
            added = restating.state_again(name)
        except NotFound:
            print(say("{name}: there is no such ticket", name=name), file=sys.stderr)
            missing += 1
            continue
        except Unreadable as fault:
            print(say("{name}: {row} cannot be read", name=name, row=fault), file=sys.stderr)
            missing += 1
            continue
        seen += 1
        changed += different
        stated += added
        if different:
            print(say("{name}: head written anew", name=name))
        if added:
            print(say("{name}: {added} facts added", name=name, added=added))
    total = "{seen} tickets, {changed} heads were different, {stated} facts were not there"
    print(say(total, seen=seen, changed=changed, stated=stated))
    return int(missing > 0)


def _ids(named: Sequence[str], ended: bool) -> Iterable[str]:
    if ended:
        return restating.everywhere()
    if not named:
        return rebuilding.open_records()
    return [tickets.by_number(number) or name if (number := parse_number(name)) else name for name in named]


if __name__ == "__main__":
    raise SystemExit(by_operator(main))
