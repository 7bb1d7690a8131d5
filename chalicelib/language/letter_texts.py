"""Why each kind of letter is sent, and what it asks and says will follow, in paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from chalicelib.domain.contractor.letter import Cause, LetterKind
from chalicelib.domain.money.capitals import capitals
from chalicelib.language.letter_page import Page
from chalicelib.language.money import figures

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


def _notice_opens(page: Page) -> Iterator[str]:
    it = page.letter
    yield page(
        "The defect named below lies within the scope of your work or supply under contract {contract}. By the dates "
        "of completion acceptance and of the contract it is, as first judged, within your warranty. Under clause "
        "{clause} we call on you to meet your warranty.",
        contract=it.terms.contract,
        clause=it.terms.clause,
    )
    yield page("This notice rests on a first judgement by dates. Whose liability it is, the finding on site decides.")


def _notice_asks(page: Page) -> Iterator[tuple[str, str]]:
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


def _reminder_opens(page: Page) -> Iterator[str]:
    it = page.letter
    yield page.earlier(LetterKind.NOTICE)
    if it.cause and it.cause in FAULTS:
        yield page(FAULTS[it.cause])
    if it.called:
        yield page("We also called you about it on {called}.", called=page.moment(it.called))
    yield page("We remind you of your warranty under clause {clause}:", clause=it.terms.clause)


def _reminder_asks(page: Page) -> Iterator[tuple[str, str]]:
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


def _third_party_opens(page: Page) -> Iterator[str]:
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


def _third_party_asks(page: Page) -> Iterator[tuple[str, str]]:
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


def _deduction_opens(page: Page) -> Iterator[str]:
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


def _deduction_asks(page: Page) -> Iterator[tuple[str, str]]:
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


OPENINGS: Mapping[LetterKind, Callable[[Page], Iterator[str]]] = {
    LetterKind.NOTICE: _notice_opens,
    LetterKind.REMINDER: _reminder_opens,
    LetterKind.THIRD_PARTY_NOTICE: _third_party_opens,
    LetterKind.DEDUCTION_NOTICE: _deduction_opens,
}
ASKED: Mapping[LetterKind, Callable[[Page], Iterator[tuple[str, str]]]] = {
    LetterKind.NOTICE: _notice_asks,
    LetterKind.REMINDER: _reminder_asks,
    LetterKind.THIRD_PARTY_NOTICE: _third_party_asks,
    LetterKind.DEDUCTION_NOTICE: _deduction_asks,
}
