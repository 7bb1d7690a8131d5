"""Load balances of retention from finance's system: python -m chalicelib.commands.retention ENTITY FILE [--check]

FILE is a workbook (.xlsx) or a CSV; its columns: 合同编号, 截止日期, 累计扣留, and where wanted 累计扣款, 累计返还,
未付工程款, 保函余额. Nothing is written unless all of it is sound; the same file again changes nothing. Ends with 0, 1
after faults, 2 if unreadable.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from chalicelib.adapters.time import now
from chalicelib.commands import by_operator, says, takes_lang
from chalicelib.commands.amendments import myself
from chalicelib.language.faults import explain_fault, explain_remark
from chalicelib.services.money.balances import load


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m chalicelib.commands.retention", description="Load balances of retention."
    )
    parser.add_argument("entity", help="the code of the legal entity whose books they are of")
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true", help="check only, write nothing")
    takes_lang(parser)
    args = parser.parse_args(arguments)
    say = says(args.lang)
    try:
        content = args.file.read_bytes()
    except OSError as fault:
        print(says(args.lang, "loading")("can't be read: {fault}", fault=fault), file=sys.stderr)
        return 2
    done = load(args.entity, content, args.file.name, myself(), now(), write=not args.check)
    if done.unread:
        why = explain_remark(done.unread, args.lang)
        print(says(args.lang, "loading")("can't be read: {fault}", fault=why), file=sys.stderr)
        return 2
    for one in done.faults:
        print(explain_fault(one, args.lang), file=sys.stderr)
    if done.faults:
        many = f"{len(done.faults)}{'+' if done.more_faults else ''}"
        print(say("{many} faults, nothing was written", many=many), file=sys.stderr)
        return 1
    if args.check:
        print(say("sound: {rows} balances; nothing was written", rows=done.rows))
    else:
        print(say("{rows} balances, {changed} of them new", rows=done.rows, changed=done.changed))
    return 0


if __name__ == "__main__":
    raise SystemExit(by_operator(main))
