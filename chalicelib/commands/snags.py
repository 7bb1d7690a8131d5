"""Load a snag list: python -m chalicelib.commands.snags NAME FILE [--photos ZIP] [--check] [--lang en]

FILE is a workbook (.xlsx) with a sheet 交付整改, or a CSV of that name. Its columns: 位置编码, 部位, 问题描述, and
where wanted 具体位置, 紧急程度, 照片. The photos lie in ZIP under the names that the rows give. Nothing is written
unless all of it is sound. Cut off, run it again: the same list makes the same tickets, each once. Ends with 0, 1 after
faults, 2 if unreadable.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from chalicelib.adapters.time import now
from chalicelib.commands import Say, by_operator, now_and_then, says, takes_lang
from chalicelib.commands.amendments import myself
from chalicelib.domain.register.cells import CODE
from chalicelib.language.faults import explain_fault, explain_remark
from chalicelib.services.loading.snags import Listed, Progress, load

STAGES = {"check": "checked {done} rows …", "tickets": "{done} of {of} tickets …", "cases": "{done} letters …"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m chalicelib.commands.snags", description="Load a snag list of a handover."
    )
    parser.add_argument("name", help="what the list is called, the same each time it is loaded")
    parser.add_argument("file", type=Path)
    parser.add_argument("--photos", type=Path, metavar="ZIP")
    parser.add_argument("--check", action="store_true", help="check only, write nothing")
    takes_lang(parser)
    args = parser.parse_args(arguments)
    from chalicelib.adapters.ooxml import NotAWorkbook
    from chalicelib.adapters.photos_zip import NoPhotos, PhotosZip
    from chalicelib.adapters.workbook import open_book

    say = says(args.lang)
    if not CODE.fullmatch(args.name):
        print(say("a list's name has letters, digits and - . _, at most 40"), file=sys.stderr)
        return 2
    try:
        pictures = PhotosZip(args.photos) if args.photos else NoPhotos()
        book = open_book(args.file)
        done = load(args.name, book, pictures, now(), myself(), write=not args.check, progress=_progress(say))
    except (NotAWorkbook, OSError) as fault:
        why = explain_remark(fault.remark, args.lang) if isinstance(fault, NotAWorkbook) else fault
        print(says(args.lang, "loading")("can't be read: {fault}", fault=why), file=sys.stderr)
        return 2
    if done.faults:
        _print_faults(done, args.lang, say)
        return 1
    if args.check:
        print(say("sound: {rows} rows, {tickets} tickets; nothing was written", rows=done.rows, tickets=done.tickets))
        return 0
    print(
        say(
            "{rows} rows, {tickets} tickets ({made} new), {photos} photos sent, {cases} letters to contractors",
            rows=done.rows,
            tickets=done.tickets,
            made=done.made,
            photos=done.photos,
            cases=len(done.cases),
        )
    )
    return 0


def _print_faults(done: Listed, lang: str, say: Say) -> None:
    for fault in done.faults:
        print(explain_fault(fault, lang), file=sys.stderr)
    many = f"{len(done.faults)}{'+' if done.more_faults else ''}"
    print(say("{many} faults, nothing was written", many=many), file=sys.stderr)


def _progress(say: Say) -> Progress:
    return now_and_then(lambda stage, done, of: say(STAGES[stage], done=done, of=of))


if __name__ == "__main__":
    raise SystemExit(by_operator(main))
