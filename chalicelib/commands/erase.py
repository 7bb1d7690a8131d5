"""Erases what is personal of tickets: python -m chalicelib.commands.erase TICKET … [--lang en], by id or number.

What a case, a dispute or a limitation still needs is kept, for the warranty office alone; the command says why and
until when, and the night after that it is erased by itself.

After a restore of the table: python -m chalicelib.commands.erase --replay erases again all that was erased before.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence

from chalicelib.adapters.time import now
from chalicelib.commands import Say, by_operator, says, takes_lang
from chalicelib.domain.record.number import parse_number, spoken
from chalicelib.services.record import erasing
from chalicelib.services.record.erasing import Erased, Held, StillOpen
from chalicelib.services.record.record import NotFound
from chalicelib.store import tickets


def main(arguments: Sequence[str]) -> int:
    """Erase and say what was. 1: a ticket was not found, or is open; 2: nothing was named."""
    parser = argparse.ArgumentParser(
        prog="python -m chalicelib.commands.erase", description="Erases what is personal of closed tickets, for good."
    )
    parser.add_argument("tickets", nargs="*", metavar="TICKET", help="id or number")
    parser.add_argument("--replay", action="store_true", help="after a restore: erase again all that was erased before")
    takes_lang(parser)
    args = parser.parse_args(list(arguments))
    say = says(args.lang)
    if not args.tickets and not args.replay:
        parser.print_help(sys.stderr)
        return 2
    if args.replay:
        print(say("{count} tickets erased again", count=_show(erasing.replay(now()), say)))
        return 0
    left = 0
    for name in args.tickets:
        try:
            _show(erasing.erase(_id(name), now()), say)
        except NotFound:
            print(say("{name}: there is no such ticket", name=name), file=sys.stderr)
            left += 1
        except StillOpen as fault:
            number = spoken(str(fault))
            print(say("{name}: {number} is open; close or cancel it first", name=name, number=number), file=sys.stderr)
            left += 1
    return int(left > 0)


REASONS = {
    "case": "a contractor's case goes on",
    "limitation": "it can still be claimed",
    "dispute": "what was found is in dispute",
    "money": "money moved by it",
}


def _kept(held: Held, say: Say) -> None:
    """What is kept, why, until when."""
    why = ", ".join(say(REASONS[kind]) for kind in dict.fromkeys(reason.kind for reason in held.reasons))
    facts = {"ticket": held.record, "why": why}
    print(say("{ticket}: kept, for the warranty office alone: {why}", **facts), end="")
    if held.until:
        print(say("; erased by itself after {day}", day=f"{held.until:%Y-%m-%d}"))
    else:
        print(say("; erased by itself when that is over"))


def _show(found: Iterable[Erased | Held], say: Say) -> int:
    count = 0
    for erased in found:
        if isinstance(erased, Held):
            _kept(erased, say)
            continue
        count += 1
        facts = {"ticket": erased.record, "parts": erased.parts, "pictures": erased.pictures}
        print(say("{ticket}: {parts} parts, {pictures} pictures erased", **facts), end="")
        print("" if erased.first else say(" (was erased before)"))
    return count


def _id(name: str) -> str:
    number = parse_number(name)
    return (tickets.by_number(number) if number else None) or name


if __name__ == "__main__":
    raise SystemExit(by_operator(main))
