"""Makes the figures of months anew from their facts, or proves that what is kept is what the facts give.

python -m chalicelib.commands.measures MONTH … [--lang en]              such as 2026-03; rows that are right stay
python -m chalicelib.commands.measures MONTH … --check [--lang en]      names each scope of which something differs
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence

from chalicelib.adapters.time import now
from chalicelib.commands import by_operator, says, takes_lang
from chalicelib.services.measures import rolling

MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)


def main(arguments: Sequence[str]) -> int:
    """Make or prove the months. 1: something that is kept is not what the facts give."""
    parser = argparse.ArgumentParser(
        prog="python -m chalicelib.commands.measures", description="Makes figures of months anew, or proves them."
    )
    parser.add_argument("months", nargs="+", metavar="MONTH", help="such as 2026-03", type=_month)
    parser.add_argument("--check", action="store_true", help="writes nothing; names what differs")
    takes_lang(parser)
    args = parser.parse_args(list(arguments))
    say = says(args.lang)
    wrong = 0
    for month in args.months:
        if args.check:
            found = rolling.differing(month)
            for scope in found:
                print(say("{month} {scope}: not what the facts give", month=month, scope=scope), file=sys.stderr)
            print(say("{month}: {wrong} scopes differ", month=month, wrong=len(found)))
            wrong += len(found)
        else:
            done = rolling.roll(month, now(), anew=True)
            line = "{month}: {projects} projects, {facts} facts, {counted} counted anew, {written} rows written"
            facts = {"projects": done.projects, "facts": done.facts, "counted": done.counted, "written": done.written}
            print(say(line, month=month, **facts))
    return int(wrong > 0)


def _month(text: str) -> str:
    if not MONTH.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text}: not a month such as 2026-03")
    return text


if __name__ == "__main__":
    raise SystemExit(by_operator(main))
