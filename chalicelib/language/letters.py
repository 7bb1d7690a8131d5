"""What is read on a letter to a contractor: all its words, as they are frozen with it and set in type.

title, to, number      what it is, whom it is for, its number
opening                why it is sent, in paragraphs
rows                   the facts: place, defect, clause, deadlines; of several defects a list instead
asked                  what is asked and what follows, in numbered sections
added                  the office's own words
signed, copies         who sends it and when; who gets a copy
words                  what the layout needs: pages, the check, the photos
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.contractor.letter import Cause, Charge, Letter, LetterKind
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
FILES: Mapping[str, str] = {
    "content": "Content of the letter",
    "pdf": "File of the letter (PDF)",
    "scan": "Scan of the sealed letter",
    "e_seal": "File with an electronic seal",
}
MAIL = (
    "Attached is the {title} no. {number}, sent to the e-mail address that the contract names.\n\n"
    "Please read it and meet its deadlines. Whether the file is the one that was sent can be checked here:\n{page}"
)
FAULTS: Mapping[Cause, str] = {
    Cause.MISSED: "The deadline for the repair is over, and the repair has not been completed and accepted.",
    Cause.REFUSED: "You declined the repair; the reasons that you gave do not release you from the warranty.",
    Cause.FAILED: "You have come twice, and the defect is still not repaired.",
}
WITHOUT_LADDER: Mapping[Cause, str] = {
    Cause.STOP_OF_DAMAGE: (
        "The defect named below is an emergency. We called you first, on {called}; to keep the damage from growing, "
        "only what stops the damage is done by a third party. The rest remains your warranty work."
    ),
    Cause.DIRECT: (
        "Under clause {clause} of contract {contract} we may engage a third party for the defect named below "
        "without a further reminder, at your cost."
    ),
}


def title_of(kind: str, lang: str) -> str:
    """维修通知单; the kind itself where it is none of ours."""
    known = next((TITLES[one] for one in TITLES if one.value == kind), "")
    return word("letter", known, lang) if known else kind


def said(letter: Letter, lang: str = "zh_CN") -> dict[str, Any]:
    """Everything that is read on the letter."""
    page = _Page(letter, lang)
    parts: dict[str, Any] = {
        "lang": lang,
        "title": word("letter", TITLES[letter.kind], lang),
        "to": page("To: {to}", to=letter.to.name),
        "number": page("No. {number}", number=letter.number),
        "opening": list(OPENINGS[letter.kind](page)),
        "rows": [[label, text] for label, text in page.rows() if text],
        "asked": [[heading, text] for heading, text in ASKED[letter.kind](page)],
        "added": letter.words.split("\n") if letter.words else [],
        "copies": page("Copy to: {names}", names=page.joined([c.name for c in letter.copies])) if letter.copies else "",
        "signed": [letter.entity.name, page("(seal)"), page.day(letter.at)],
        "photos": [photo.caption for photo in letter.photos],
        "words": {name: page(text) for name, text in LAYOUT.items()},
    }
    if letter.charge:
        parts["list"] = [[page(label) for label in RECKONED], *page.reckoned(letter.charge)]
        parts["words"]["list"] = page("How it was reckoned")
    elif len(letter.matters) > 1:
        parts["list"] = [[page(label) for label in LIST], *page.listed()]
    return parts


def mail_of(kind: str, number: str, page: str, lang: str = "zh_CN") -> tuple[str, str]:
    """Subject and text of the e-mail that carries a letter to the agreed address. `page`: where it can be checked."""
    title = title_of(kind, lang)
    subject = word("letter", "{title} no. {number}", lang).format(title=title, number=number)
    text = word("letter", MAIL, lang).format(title=title, number=number, page=page)
    return subject, text


def file_word(how: str, lang: str) -> str:
    """What a hash of a letter is of, by how its file came."""
    return word("letter's file", FILES[how], lang) if how in FILES else how


LAYOUT: Mapping[str, str] = {
    "numbering": "1",  # how sections are numbered, and what follows the number
    "after": ". ",
    "page": "Page {n} of {m}",
    "check": "Scan to check this letter",
    "hash": "Content hash (SHA-256)",
    "photos": "Photos of the site",
    "unshown": "This photo can not be shown",
    "list": "List of the defects",
    "added": "Further",
}
RECKONED = ("No.", "Kind", "Reckoning", "Stands on", "Amount (yuan)")
LIST = ("No.", "Ticket", "Place", "Defect", "Reported")


class _Page:
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
            yield self("Amount"), figures(it.charge.total)
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


def _notice_opens(page: _Page) -> Iterator[str]:
    it = page.letter
    yield page(
        "The defect named below lies within the scope of your work or supply under contract {contract}. By the dates "
        "of completion acceptance and of the contract it is, as first judged, within your warranty. Under clause "
        "{clause} we call on you to meet your warranty.",
        contract=it.terms.contract,
        clause=it.terms.clause,
    )
    yield page("This notice rests on a first judgement by dates. Whose liability it is, the finding on site decides.")


def _notice_asks(page: _Page) -> Iterator[tuple[str, str]]:
    it = page.letter
    yield (
        page("Answer"),
        page(
            "Please confirm receipt by {by}, and say who comes and when. If you hold that this is not your warranty, "
            "give your reasons and your evidence in writing by the same time.",
            by=page.moment(it.respond_by),
        ),
    )
    yield (
        page("Joint inspection"),
        page(
            "Please send somebody by {by} to establish cause and liability with us on site. If nobody of yours comes "
            "by then, we will make the finding by ourselves, with photos and before a witness, and rely on it.",
            by=page.moment(it.inspect_by),
        ),
    )
    yield (
        page("Repair"),
        page("Please complete the repair by {by} and have it accepted.", by=page.moment(it.deadline)),
    )
    yield (
        page("What follows"),
        page(
            "If the repair is not done by then, is declined, or fails, we will send a reminder with a last deadline. "
            "After that we may have a third party do the work; you bear {costs}, and we may deduct them as the "
            "contract and the law provide.",
            costs=page.costs(),
        ),
    )


def _reminder_opens(page: _Page) -> Iterator[str]:
    it = page.letter
    yield page.earlier(LetterKind.NOTICE)
    if it.cause and it.cause in FAULTS:
        yield page(FAULTS[it.cause])
    if it.called:
        yield page("We also called you about it on {called}.", called=page.moment(it.called))
    yield page("We remind you of your warranty under clause {clause}:", clause=it.terms.clause)


def _reminder_asks(page: _Page) -> Iterator[tuple[str, str]]:
    it = page.letter
    yield (
        page("Last deadline"),
        page(
            "Please complete the repair by {by} and have it accepted. This is the last deadline.",
            by=page.moment(it.deadline),
        ),
    )
    yield (
        page("What follows"),
        page(
            "If it is not done by then, we will have a third party do the work and tell you beforehand when and where. "
            "You bear {costs}, and we may deduct them as the contract and the law provide.",
            costs=page.costs(),
        ),
    )
    if it.under:
        yield (
            page("General contractor"),
            page("The general contractor is jointly liable for the quality of subcontracted work and gets a copy."),
        )


def _third_party_opens(page: _Page) -> Iterator[str]:
    it = page.letter
    if it.cause and it.cause in WITHOUT_LADDER:
        yield page(
            WITHOUT_LADDER[it.cause],
            called=page.moment(it.called),
            clause=it.terms.clause,
            contract=it.terms.contract,
        )
    else:
        yield page.earlier(LetterKind.NOTICE)
        yield page.earlier(LetterKind.REMINDER)
        yield page("The last deadline is over, and the warranty has not been met.")
    yield page("We have therefore engaged a third party, and tell you:")


def _third_party_asks(page: _Page) -> Iterator[tuple[str, str]]:
    it = page.letter
    assert it.work is not None
    yield (
        page("The work"),
        page(
            "{by} works from {start} to {end} at {place}: {scope}.",
            by=it.work.by,
            start=page.moment(it.work.starts),
            end=page.moment(it.work.ends),
            place=it.work.place,
            scope=it.work.scope,
        ),
    )
    yield (
        page("Invitation to be present"),
        page(
            "Please send somebody to be present, and to confirm the state before, the work, and its quantities. If "
            "nobody of yours comes, the work goes on; the photos before and after, the quantities as two people "
            "measured them, and the record of acceptance are what we settle by."
        ),
    )
    yield (
        page("Costs"),
        page(
            "You bear {costs}. Work that has nothing to do with the defect is not charged to you. The amount, with "
            "its calculation and its evidence, is told to you in a notice of its own.",
            costs=page.costs(),
        ),
    )


def _deduction_opens(page: _Page) -> Iterator[str]:
    it = page.letter
    assert it.charge is not None
    yield page.earlier(LetterKind.NOTICE)
    yield page.earlier(LetterKind.REMINDER)
    yield page.earlier(LetterKind.THIRD_PARTY_NOTICE)
    yield page(
        "A third party has done the work, and it was accepted. Under clause {clause} of contract {contract} you bear "
        "what the list sets out: {amount} ({capitals}).",
        clause=it.terms.clause,
        contract=it.terms.contract,
        amount=page("CNY {figures}", figures=figures(it.charge.total)),
        capitals=capitals(it.charge.total),
    )


def _deduction_asks(page: _Page) -> Iterator[tuple[str, str]]:
    it = page.letter
    assert it.charge is not None
    yield (
        page("Your objection"),
        page(
            "If you do not agree, please object within {days} days of the arrival of this notice, in writing or on "
            "your page, with your reasons and your evidence. Somebody who has not approved this deduction decides.",
            days=str(it.charge.days),
        ),
    )
    follows = (
        "If you do not object by then, you are taken to agree, as the contract provides."
        if it.charge.silence
        else "If you do not object by then, we declare hereby, without condition, that we set the amount off against "
        "what we owe you (Civil Code, art. 568), so far as we do not claim it otherwise."
    )
    yield page("What follows"), page(follows)
    yield (
        page("Evidence"),
        page(
            "The letters before this one, the finding, the record of acceptance, the invoice and the proof of payment "
            "can be seen at our warranty office and on your page."
        ),
    )


OPENINGS: Mapping[LetterKind, Callable[[_Page], Iterator[str]]] = {
    LetterKind.NOTICE: _notice_opens,
    LetterKind.REMINDER: _reminder_opens,
    LetterKind.THIRD_PARTY_NOTICE: _third_party_opens,
    LetterKind.DEDUCTION_NOTICE: _deduction_opens,
}
ASKED: Mapping[LetterKind, Callable[[_Page], Iterator[tuple[str, str]]]] = {
    LetterKind.NOTICE: _notice_asks,
    LetterKind.REMINDER: _reminder_asks,
    LetterKind.THIRD_PARTY_NOTICE: _third_party_asks,
    LetterKind.DEDUCTION_NOTICE: _deduction_asks,
}
