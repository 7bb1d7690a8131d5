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

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.contractor.letter import Letter
from chalicelib.language.catalogue import word
from chalicelib.language.letter_page import LIST, RECKONED, TITLES, Page
from chalicelib.language.letter_texts import ASKED, OPENINGS

FILES: Mapping[str, str] = {
    "content": "Content of the letter",
    "pdf": "File of the letter (PDF)",
    "scan": "Scan of the sealed letter",
    "e_seal": "File with an electronic seal",
    "waybill": "Waybill of the letter",
}
MAIL = (
    "Attached is the {title} no. {number}, sent to the e-mail address that the contract names.\n\n"
    "Please read it and meet its deadlines. Whether the file is the one that was sent can be checked here:\n{page}"
)


def title_of(kind: str, lang: str) -> str:
    """维修通知单; the kind itself where it is none of ours."""
    known = next((TITLES[one] for one in TITLES if one.value == kind), "")
    return word("letter", known, lang) if known else kind


def said(letter: Letter, lang: str = "zh_CN") -> dict[str, Any]:
    """Everything that is read on the letter."""
    page = Page(letter, lang)
    parts: dict[str, Any] = {
        "lang": lang,
        "title": word("letter", TITLES[letter.kind], lang),
        "to": page("To: {to}", to=letter.to.name),
        "number": page("No. {number}", number=letter.number),
        "opening": [text for text in OPENINGS[letter.kind](page) if text],
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
        parts["right"] = 1  # of its columns: the amount
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
