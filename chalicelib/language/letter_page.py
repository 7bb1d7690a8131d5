"""The words of one letter in one language: its facts in rows, its lists, what went before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.contractor.letter import Charge, Letter, LetterKind
from chalicelib.domain.money.capitals import capitals
from chalicelib.language import money, times
from chalicelib.language.catalogue import word
from chalicelib.language.money import figures

TITLES: Mapping[LetterKind, str] = {
    LetterKind.NOTICE: "Repair notice",
    LetterKind.REMINDER: "Reminder",
    LetterKind.THIRD_PARTY_NOTICE: "Third-party notice",
    LetterKind.DEDUCTION_NOTICE: "Deduction notice",
}
BY_CLAUSE = frozenset({"fee", "penalty"})
HOW: Mapping[str, str] = {
    "button": "receipt confirmed by your authorised contact",
    "email": "taken by the agreed e-mail address",
    "ems_signed": "delivered by EMS",
    "ems_refused": "refused at delivery by EMS",
    "ems_returned": "returned by EMS, as the contract provides",
}
RECKONED = ("No.", "Kind", "Reckoning", "Stands on", "Amount (yuan)")
LIST = ("No.", "Ticket", "Place", "Defect", "Reported")


class Page:
    """The words of one letter in one language."""

    def __init__(self, letter: Letter, lang: str) -> None:
        self.letter, self.lang = letter, lang

    def __call__(self, text: str, **facts: str) -> str:
        found = word("letter", text, self.lang)
        return found.format(**facts) if facts else found

    def joined(self, names: list[str]) -> str:
        return word("between names", ", ", self.lang).join(names)

    def moment(self, at: datetime | None) -> str:
        return times.letter_time(at, self.letter.tz, self.lang) if at else ""

    def day(self, at: datetime) -> str:
        return times.letter_day(at.astimezone(ZoneInfo(self.letter.tz)).date(), self.lang)

    def rows(self) -> Iterator[tuple[str, str]]:
        """Label and fact; an empty fact is left out."""
        it = self.letter
        if len(it.matters) == 1:
            one = it.matters[0]
            yield self("Place"), one.place
            yield self("Ticket"), one.ticket
            yield self("Defect"), one.what
            yield self("Description"), one.described
            yield self("Reported"), self.moment(one.reported)
        else:
            yield self("Defects"), self("{n} of one kind, see the list", n=str(len(it.matters)))
        contract = self(
            "No. {number}, signed on {day}", number=it.terms.contract, day=times.letter_day(it.terms.signed, self.lang)
        )
        yield self("Contract"), contract
        yield self("General contract"), it.under
        yield self("Clause {clause}", clause=it.terms.clause), it.terms.text
        if it.work:
            yield self("Work by"), it.work.by
            yield self("Work at"), it.work.place
            yield self("Extent of the work"), it.work.scope
            yield (
                self("Time of the work"),
                self("{start} to {end}", start=self.moment(it.work.starts), end=self.moment(it.work.ends)),
            )
        if it.charge:
            yield self("Deduction no."), it.charge.number
            yield self("Amount (yuan)"), figures(it.charge.total)
            yield self("Amount in words"), capitals(it.charge.total)
            yield self("Taken from"), money.source_word(it.charge.source, self.lang)
            return
        yield self("Answer by"), self.moment(it.respond_by)
        last = self("Last deadline") if it.kind is LetterKind.REMINDER else self("Repair by")
        yield last, self.moment(it.deadline)
        shown = self("{n}, attached", n=str(len(it.photos))) if it.photos else self("none yet, taken at the inspection")
        yield self("Photos"), shown

    def listed(self) -> Iterator[list[str]]:
        for n, one in enumerate(self.letter.matters, 1):
            what = f"{one.what} {one.described}".strip()
            yield [str(n), one.ticket, one.place, what, self.day(one.reported)]

    def reckoned(self, charge: Charge) -> Iterator[list[str]]:
        """A line for each nature, and the sum."""
        clause = self("Clause {clause}", clause=self.letter.terms.clause)
        for n, (nature, steps, fen) in enumerate(charge.lines, 1):
            stands_on = clause if nature in BY_CLAUSE else self("Construction Quality Regulation, art. 41")
            yield [str(n), money.nature_word(nature, self.lang), steps, stands_on, figures(fen)]
        yield ["", self("Sum"), capitals(charge.total), "", figures(charge.total)]

    def earlier(self, kind: LetterKind) -> str:
        """The letter of a kind that went before, with its delivery."""
        for one in self.letter.earlier:
            if one.kind is kind and one.delivered:
                return self(
                    "On {released} we sent you the {title} no. {number}; it was delivered on {delivered} ({how}).",
                    released=self.day(one.released),
                    title=word("letter", TITLES[kind], self.lang),
                    number=one.number,
                    delivered=self.moment(one.delivered),
                    how=self(HOW.get(one.how, one.how)),
                )
        return ""

    def costs(self) -> str:
        """What the contractor bears, as far as law and clause go."""
        kinds = [self("the cost of the repair"), self("the losses that follow from the defect")]
        kinds += [self("the management fee that the contract provides")] * self.letter.terms.fee
        kinds += [self("the penalty that the contract provides")] * self.letter.terms.penalty
        return self.joined(kinds)
