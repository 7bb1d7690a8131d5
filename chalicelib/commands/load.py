"""Load places and people: python -m chalicelib.commands.load FILE [--check] [--lang en] [--invite new|all]

FILE is a workbook (.xlsx), a folder of CSVs or a zip of them; `infra/seed/template.xlsx` is an empty one. Nothing is
written unless all of it is sound; loaded again, it changes nothing. --invite sends staff their own pages: to those who
have a new one, or to all. Ends with 0, 1 after faults, 2 if unreadable.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from chalicelib.adapters.time import now
from chalicelib.commands import Say, by_operator, now_and_then, says, takes_lang
from chalicelib.commands.amendments import myself
from chalicelib.language.catalogue import word
from chalicelib.language.faults import explain_fault, explain_remark
from chalicelib.services.loading.loading import Loaded, Progress, load
from chalicelib.store.table import Conflict

KINDS = (
    *("subsidiary", "project", "phase", "building", "entrance", "unit", "area", "asset"),
    *("staff", "resident", "holiday", "override", "baseline"),
    *("entity", "company", "company_person", "contract", "certificate", "matrix", "seasons"),
)
AMENDMENTS = "python -m chalicelib.commands.amendments"
COUNTS = ("added {n}", "changed {n}", "unchanged {n}", "removed {n}")
COMMANDS = {"signs": "python -m chalicelib.commands.qr {home}", "links": "load … --invite all"}
STAGES = {"check": "checked {sheet} {rows} …", "write": "written {sheet} {rows} …"}
MOST_HOMES = 60  # projects and companies whose steps are printed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m chalicelib.commands.load", description="Load places and people from a file."
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true", help="check only, write nothing")
    parser.add_argument("--invite", choices=("new", "all"), help="send staff their own pages, by SMS or e-mail")
    takes_lang(parser)
    args = parser.parse_args(arguments)
    from chalicelib.adapters.ooxml import NotAWorkbook

    say = says(args.lang, "loading")
    try:
        loaded = load(args.file, now(), write=not args.check, progress=_progress(say), by=myself)
    except (NotAWorkbook, OSError) as fault:
        why = explain_remark(fault.remark, args.lang) if isinstance(fault, NotAWorkbook) else fault
        print(say("can't be read: {fault}", fault=why), file=sys.stderr)
        return 2
    except Conflict:
        print(say("somebody else is loading; try again later"), file=sys.stderr)
        return 2
    for note in loaded.notes:
        print(say("note: {note}", note=explain_remark(note, args.lang)), file=sys.stderr)
    for remark in loaded.remarks:
        print(say("note: {note}", note=explain_fault(remark, args.lang)), file=sys.stderr)
    if loaded.faults:
        _print_faults(loaded, args.lang, say)
        return 1
    if args.check:
        print(say("sound; nothing was written"))
        return 0
    _print_counts(loaded, args.lang, say)
    _invite(loaded, args.invite, say)
    _what_next(args.lang, say)
    return 0


def _print_faults(loaded: Loaded, lang: str, say: Say) -> None:
    for fault in loaded.faults:
        print(explain_fault(fault, lang), file=sys.stderr)
    many = f"{len(loaded.faults)}{'+' if loaded.more_faults else ''}"
    first = explain_fault(loaded.faults[0], lang)
    print(say("{many} faults, nothing was written; the first: {first}", many=many, first=first), file=sys.stderr)


def _invite(loaded: Loaded, whom: str | None, say: Say) -> None:
    """Send people their own pages, or say how it is done for those whose page is new."""
    from chalicelib.services.access import inviting

    if whom:
        invited = sum(
            inviting.invite(person, now()) for person in sorted(loaded.staff if whom == "all" else loaded.fresh)
        )
        print(say("their own pages are sent to {people} people", people=invited))
    elif loaded.fresh:
        print(
            say("{people} people have a new page of their own; --invite new sends it to them", people=len(loaded.fresh))
        )


def _what_next(lang: str, say: Say) -> None:
    """What is still to be done in every project, as each desk's own page has it."""
    from chalicelib.language import first_day as words
    from chalicelib.language.words import pair
    from chalicelib.services.loading import first_day
    from chalicelib.store import places

    homes = first_day.homes()
    lists = [(home, first_day.of(home).todo) for home in homes[:MOST_HOMES]]
    if not any(todo for _, todo in lists):
        if homes:
            print(say("first day: all is done"))
        return
    print(say("first day, still to be done (also on each desk's page):"))
    explained: set[str] = set()
    for home, todo in lists:
        if not todo:
            continue
        place = places.get(home)
        print(pair(place.label if place else word("place", "the group", lang), "", lang).strip())
        for one in todo:
            what, how = words.said(one.step, one.facts, lang)
            more = COMMANDS.get(one.step, "").format(home=home)
            print(
                "\n    ".join([f"  - {what}", *([how] if one.step not in explained else []), *([more] if more else [])])
            )
            explained.add(one.step)
    if len(homes) > MOST_HOMES:
        print(say("… and {many} more", many=len(homes) - MOST_HOMES))


def _print_counts(loaded: Loaded, lang: str, say: Say) -> None:
    for kind in KINDS:
        counts = loaded.counts.get(kind)
        if counts:
            said = "  ".join(say(text, n=n) for text in COUNTS if (n := counts[text.partition(" ")[0]]))
            print(say("{what}: {counts}", what=word("register", kind, lang), counts=said))
    if loaded.waiting:
        print(say("{count} changes wait for a second person: {command}", count=len(loaded.waiting), command=AMENDMENTS))
    if loaded.given_on:
        print(say("given on from leavers: {tickets} tickets", tickets=loaded.given_on))
    if loaded.recomputed:
        print(say("deadlines moved and told: {tickets} tickets", tickets=loaded.recomputed))
    for person, tickets in loaded.holding:
        print(say("note: {person} still holds {tickets} open tickets; reassign them", person=person, tickets=tickets))


def _progress(say: Say) -> Progress:
    return now_and_then(lambda stage, sheet, rows: say(STAGES[stage], sheet=sheet, rows=rows))


if __name__ == "__main__":
    raise SystemExit(by_operator(main))
