"""The tables of a month's report as a workbook: figures with their year, actions, worst tickets, broken promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from chalicelib.adapters.sheetfiles import Plain, XlsxFile
from chalicelib.domain.measures.portrait import HOURS, STRETCHES, Portrait
from chalicelib.language import measures as wording
from chalicelib.language import words
from chalicelib.language.catalogue import catalogue
from chalicelib.language.reports_monthly import About, action
from chalicelib.store.actions import Item
from chalicelib.store.measures import Month


def workbook(
    about: About, months: Sequence[Month], portrait: Portrait, names: Mapping[str, str], acts: Sequence[Item], lang: str
) -> bytes:
    """The same rows give the same bytes."""
    say = catalogue(lang).gettext
    figures = months[0].figures if months else {}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        book = XlsxFile(path)
        sheet = book.sheet(
            say("Figures"),
            [Plain(say("Month"), "code", 10), Plain(say("Figure"), width=36), Plain(say("Value"), width=16),
             Plain(say("Numerator"), "whole", 12), Plain(say("Denominator"), "whole", 12),
             Plain(say("First reported"), width=16), Plain(say("Rank"), width=10)],
        )  # fmt: skip
        for month in months:
            for name, one in month.figures.items():
                first, rank = month.first.get(name), month.ranks.get(name)
                sheet.row(
                    [month.month, wording.measure_word(name, lang), wording.text(one, lang), *wording.made_of(one),
                     wording.text(first, lang) if first and first != one else "",
                     f"{rank[0]} / {rank[1]}" if rank else ""]
                )  # fmt: skip
        heads = ("What is to be done", "Figure", "Before", "Goal", "This month", "What came of it", "State")
        sheet = book.sheet(
            say("Improvement actions"), [Plain(say(head), width=22 if n else 48) for n, head in enumerate(heads)]
        )
        for item in acts:
            sheet.row(action(item, about.month, figures, lang))
        about_worst = {"Category": 14, "Place": 30, "Why": 64, "Ticket": 14}
        sheet = book.sheet(say("Worst tickets"), [Plain(say(head), width=n) for head, n in about_worst.items()])
        for worst in portrait.worst:
            why = " · ".join(wording.why_bad(worst, lang))
            sheet.row([words.category_word(worst.category, lang), names.get(worst.unit, ""), why,
                       names.get(worst.ticket, worst.ticket[-6:])])  # fmt: skip
        sheet = book.sheet(
            say("Where promises break"),
            [Plain(say("Clock"), width=16), Plain(say("Place"), width=20), Plain(say("Hour"), "code", 8),
             Plain(say("Broken"), "whole", 10), Plain(say("Judged"), "whole", 10)],
        )  # fmt: skip
        for clock, of_places in portrait.breaks.items():
            for place, cells in of_places.items():
                for n in range(STRETCHES):
                    late, judged = cells[n]
                    if judged:
                        where = names.get(place, place)
                        sheet.row([words.clock_word(clock, lang), where, f"{n * HOURS:02}", late, judged])
        sheet = book.sheet(
            say("Contractors"),
            [Plain(say("Contractor"), width=28), Plain(say("Tickets"), "whole", 10),
             Plain(say("With a promise broken"), "whole", 14)],
        )  # fmt: skip
        for code, (count, late) in sorted(portrait.contractors.items()):
            sheet.row([names.get(code, code), count, late])
        book.close()
        return path.read_bytes()
