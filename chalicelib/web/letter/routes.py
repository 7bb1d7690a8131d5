"""The public page of a letter to a contractor, where its QR code leads: whoever holds paper or file can check it.

GET  /l                     a number, typed from a paper
GET  /l?number=             → 303 to its page, or the form again
GET  /l/{number}            number, kind, date, hashes; nothing of its content, nobody's name
GET  /l/{number}?sum=       and whether a hash is one of its own; a file is hashed in the browser and goes nowhere
"""

from __future__ import annotations

from chalice.app import Response

from chalicelib.adapters.time import now
from chalicelib.domain.contractor.letter import in_groups, parse_number
from chalicelib.domain.record.errors import Invalid, Refused
from chalicelib.domain.record.text import plain
from chalicelib.language import reasons, times
from chalicelib.language.letters import file_word, title_of
from chalicelib.services.contractor import checking
from chalicelib.web.kit.asked import address, asked, request
from chalicelib.web.kit.pages import lang_of, page, see

LONGEST = 64  # letters of a number
LONGEST_SUM = 200


def ask() -> Response:
    typed = asked("number", LONGEST)
    number = plain(typed).replace(" ", "")
    if parse_number(number):  # nothing else of what was typed goes into a header
        return see(f"/l/{number}")
    return page("letter/ask.html", lang_of(request()), status=404 if typed else 200, number=typed, unknown=bool(typed))


def letter(number: str) -> Response:
    lang = lang_of(request())
    found = checking.look(number[:LONGEST], address(), now())
    if found is None:
        return page("letter/ask.html", lang, status=404, number=number[:LONGEST], unknown=True)
    typed = asked("sum", LONGEST_SUM)
    errors: dict[str, str] = {}
    matches = ""
    if typed:
        try:
            matches = checking.matching(found, typed)
        except Invalid as refused:
            errors["sum"] = _said(refused, lang)
    return page(
        "letter/letter.html",
        lang,
        status=400 if errors else 200,
        number=found.number,
        kind=title_of(found.kind, lang),
        released=times.full_time(found.at, found.tz, lang),
        sums=[{"of": file_word(checking.CONTENT, lang), "hash": found.hash, "shown": in_groups(found.hash)}]
        + [{"of": file_word(file.how, lang), "hash": file.hash, "shown": in_groups(file.hash)} for file in found.files],
        typed=typed,
        checked=bool(typed) and not errors,
        matches=file_word(matches, lang) if matches else "",
        errors=errors,
    )


def _said(refused: Refused, lang: str) -> str:
    return reasons.explain(refused, lang)
