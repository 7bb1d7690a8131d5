"""Signs with QR codes to print: python -m chalicelib.commands.qr PROJECT [--part BUILDING] [--what common|flats|…]
[--form door|wall|sheet] [--to pdf|html|svg] [--out FOLDER] [--lang en]

Without --part: the whole project, building by building; without --what: first what is common, then the doors of flats.
PDF is made by a browser of this machine (Chromium, Chrome, Edge), 40 sheets a file; without one HTML is written, which
any browser prints. Ends with 0, 1 where there is nothing to print, 2 for a project that is not there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from chalicelib.adapters import browser
from chalicelib.adapters import signs as drawing
from chalicelib.commands import Say, by_operator, says, takes_lang
from chalicelib.domain.register.signs import FORMS, Sign, sheets
from chalicelib.services.loading import signs
from chalicelib.store import places
from chalicelib.store.places import Place

A_FILE = 40  # sheets
HEAD = (
    '<!doctype html><meta charset="utf-8"><title>{title}</title><style>@page{{size:A4;margin:0}}html,body{{margin:0}}'
    ".a4{{display:block;break-after:page}}</style>\n"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m chalicelib.commands.qr", description="Signs with QR codes.")
    parser.add_argument("project", help="its code")
    parser.add_argument("--part", default=None, metavar="BUILDING", help="the code of one building")
    parser.add_argument("--what", choices=sorted(signs.WHAT), help="what signs; all of them by default")
    parser.add_argument("--form", choices=sorted(FORMS), help="their form; by default what suits the place")
    parser.add_argument("--to", choices=("pdf", "html", "svg"), default="pdf")
    parser.add_argument("--out", type=Path, default=Path("signs"), metavar="FOLDER")
    takes_lang(parser)
    args = parser.parse_args(arguments)
    say = says(args.lang)
    project = places.get(args.project)
    if project is None or project.kind != "project":
        print(say("{name}: there is no such project", name=args.project), file=sys.stderr)
        return 2
    to = args.to
    if to == "pdf" and not browser.browser():
        print(say("no browser was found to make PDF; print the HTML with any"), file=sys.stderr)
        to = "html"
    args.out.mkdir(parents=True, exist_ok=True)
    many = 0
    for what in [args.what] if args.what else ["common", "flats"]:
        form = args.form or signs.WHAT[what][1]
        many += _write(
            args.out, f"{project.id}-{what}", _signs(project, args.part, what, args.lang, say), form, to, say
        )
    print(say("{many} sheets in {folder}", many=many, folder=args.out) if many else say("there is nothing to print"))
    return 0 if many else 1


def _signs(project: Place, part: str | None, what: str, lang: str, say: Say) -> Iterator[Sign]:
    """The signs of one part, or of all; each part is named as it begins."""
    wanted = [part] if part is not None else [p.id for p in signs.parts(project.id)]
    for n, one in enumerate(wanted, 1):
        found = signs.signs(project, one, what, lang)
        if len(wanted) > 1:
            facts = {"n": n, "parts": len(wanted), "part": one or project.id, "many": len(found)}
            print(say("part {n} of {parts}: {part}, {many} signs", **facts), file=sys.stderr)
        yield from found


def _write(folder: Path, name: str, found: Iterator[Sign], form: str, to: str, say: Say) -> int:
    """Write the sheets as they come, so many a file, and say which is done; how many sheets."""
    many = 0
    pages: list[str] = []
    for sheet in sheets(list(found), form):
        many += 1
        drawn = drawing.svg(sheet, form, f"{name} {many}")
        if to == "svg":
            (folder / f"{name}-{many:04d}.svg").write_text(drawn, encoding="utf-8")
            continue
        pages.append(drawn)
        if len(pages) == A_FILE:
            _file(folder, name, many, pages, to, say)
            pages = []
    if pages:
        _file(folder, name, many, pages, to, say)
    return many


def _file(folder: Path, name: str, last: int, pages: Sequence[str], to: str, say: Say) -> None:
    """Sheets up to the `last` as one file. A PDF that the browser won't make stays HTML, and is said so."""
    made = f"{name}-{last - len(pages) + 1:04d}-{last:04d}"
    page = folder / f"{made}.html"
    page.write_text(HEAD.format(title=made) + "\n".join(pages), encoding="utf-8")
    if to == "pdf":
        try:
            browser.to_pdf(page, page.with_suffix(".pdf"))
            page.unlink()
            page = page.with_suffix(".pdf")
        except browser.NotPrinted as fault:
            print(say("no PDF was made, print the HTML: {fault}", fault=fault), file=sys.stderr)
    print(page)


if __name__ == "__main__":
    raise SystemExit(by_operator(main))
