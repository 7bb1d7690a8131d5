"""Changes of companies and contracts that wait for a second person: python -m chalicelib.commands.amendments

amendments                           what waits, with what was and what is to be
amendments confirm ID [--from DAY]   let it hold, from a day on (2026-03-31; else at once); not by who entered it
amendments reject ID [--because …]   let it fall
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date

from chalicelib.adapters import operator
from chalicelib.adapters.time import now
from chalicelib.commands import Say, by_operator, says, takes_lang
from chalicelib.domain.contractor.amendment import PREFIX
from chalicelib.domain.record.errors import Refused
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.reference import reference
from chalicelib.language import words
from chalicelib.language.amendments import difference_words, part_word
from chalicelib.language.catalogue import word
from chalicelib.language.reasons import explain
from chalicelib.services.contractor import amending
from chalicelib.services.record.record import NotFound


def main(arguments: Sequence[str]) -> int:
    """List, confirm or reject. 1: refused, or there is no such change."""
    parser = argparse.ArgumentParser(
        prog="python -m chalicelib.commands.amendments", description="Changes that wait for a second person."
    )
    takes_lang(parser)
    what = parser.add_subparsers(dest="what")
    confirm = what.add_parser("confirm", help="let it hold")
    confirm.add_argument("id")
    confirm.add_argument("--from", dest="since", type=date.fromisoformat, help="from which day on, such as 2026-03-31")
    reject = what.add_parser("reject", help="let it fall")
    reject.add_argument("id")
    reject.add_argument("--because", default="", help="why")
    args = parser.parse_args(list(arguments))
    say = says(args.lang)
    if not args.what:
        _list(say, args.lang)
        return 0
    name = args.id if "#" in args.id else reference(PREFIX, args.id)
    try:
        if args.what == "confirm":
            done = amending.confirm(name, myself(), args.since, now())
            print(say("confirmed; it holds from {day}", day=done.since))
        else:
            amending.reject(name, myself(), args.because, now())
            print(say("rejected"))
    except NotFound:
        print(say("{name}: there is no such change", name=args.id), file=sys.stderr)
        return 1
    except Refused as refused:
        print(explain(refused, args.lang), file=sys.stderr)
        return 1
    return 0


def myself() -> Actor:
    """Whoever runs the command, as an amendment names him."""
    return amending.operator(operator.who())


def _list(say: Say, lang: str) -> None:
    found = sorted(amending.waiting(), key=lambda one: one.events[0].at)
    for one in found:
        parts = words.listed((part_word(part, lang) for part in one.parts), lang)
        state = word("amendment", one.state, lang)
        facts = {"name": one.id.partition("#")[2], "state": state, "about": one.of, "parts": parts, "who": one.by}
        print(say("{name}  {state}  {about}: {parts}  entered by {who}", **facts))
        for part, old, new in (difference_words(difference, lang) for difference in one.differences()):
            print(say("  {part}: {old} → {new}", part=part, old=old, new=new))
    if not found:
        print(say("nothing waits"))


if __name__ == "__main__":
    raise SystemExit(by_operator(main))
