"""Proves the sub-ledger of deductions: one line a project, each fault by name. Changes nothing.

python -m chalicelib.commands.ledger --check [ENTITY …] [--lang en]      none: all entities
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from chalicelib.commands import by_operator, says, takes_lang
from chalicelib.language.ledger import said
from chalicelib.services.money import batches, checking


def main(arguments: Sequence[str]) -> int:
    """Prove and say what each project has. 1: something does not add up."""
    parser = argparse.ArgumentParser(
        prog="python -m chalicelib.commands.ledger", description="Proves that the ledger of deductions adds up."
    )
    parser.add_argument("entities", nargs="*", metavar="ENTITY", help="none: all entities")
    parser.add_argument("--check", action="store_true", required=True, help="reads all entries, batches and files")
    takes_lang(parser)
    args = parser.parse_args(list(arguments))
    say = says(args.lang)
    wrong = 0
    line = (
        "{entity} {project}: {deductions} deductions, approved {approved}, reversed {reversed}, recovered {recovered}, "
        "written off {written_off}, open {left}, to refund {refund_due}, exported {exported}; wrong: {wrong}"
    )
    for entity in args.entities or batches.entities():
        proof = checking.check(entity)
        for name, one in sorted(proof.projects.items()):
            money = {
                key: f"{getattr(one, key) / 100:,.2f}"
                for key in ("approved", "reversed", "recovered", "written_off", "left", "refund_due", "exported")
            }
            print(say(line, entity=entity, project=name or "?", deductions=one.deductions, wrong=one.wrong, **money))
        for fault in proof.wrong:
            what = said(fault.what, fault.more, args.lang)
            print(say("{entity} {about}: {what}", entity=entity, about=fault.about, what=what), file=sys.stderr)
        print(
            say(
                "{entity}: {entries} entries, {batches} batches, {wrong} faults",
                entity=entity,
                entries=proof.entries,
                batches=proof.batches,
                wrong=len(proof.wrong),
            )
        )
        wrong += len(proof.wrong)
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(by_operator(main))
