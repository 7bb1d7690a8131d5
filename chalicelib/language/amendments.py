"""What is told of an amendment: to the contacts that a company had until now, and to the warranty office.

about   the company's name, or the number of the contract       what   which parts of it change       day   from when
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from chalicelib.domain.record.text import line
from chalicelib.language import words
from chalicelib.language.catalogue import catalogue, word
from chalicelib.language.text import Text
from chalicelib.language.wording import SMS_LETTERS, Letter

PARTS: Mapping[str, str] = {
    "contacts": "authorised contacts",
    "addresses": "agreed addresses",
    "account": "account",
    "clauses": "clauses",
    "caps": "caps",
    "details": "other details",
}
TEXTS: Mapping[str, Text] = {
    "amendment_proposed": Text(
        (
            "{about}: {what} are to change. If this isn't yours, tell the warranty office.",
            "{what} are to change. If this isn't yours, tell the warranty office.",
            "Your record is to change. Not you? Tell the warranty office.",
        ),
        "Your record is to change",
        "Somebody has entered a change of {what} of {about}. A second person has to confirm it before it holds.",
        ("If you know nothing of it, please tell the warranty office at once.",),
    ),
    "amendment_confirmed": Text(
        (
            "{about}: other {what} hold from {day}. If this isn't yours, tell the warranty office.",
            "Other {what} hold from {day}. If this isn't yours, tell the warranty office.",
            "Your record changes on {day}. Not you? Tell us at once.",
        ),
        "Your record changes",
        "The change of {what} of {about} was confirmed. It holds from {day}.",
        ("If you know nothing of it, please tell the warranty office at once.",),
    ),
    "amendment_overtaken": Text(
        (
            "{about}: the change of {what} no longer fits what is stored. Please enter it again.",
            "The change of {what} no longer fits what is stored. Please enter it again.",
            "A confirmed change did not hold. Please enter it again.",
        ),
        "A confirmed change does not fit any more",
        "The change of {what} of {about} was confirmed, but what it was to change is no longer as it was.",
        ("It was left out. Please enter it again.",),
    ),
    "amendment_waits": Text(
        (
            "{about}: a change of {what} waits for a second person.",
            "A change of {what} waits for a second person.",
            "A change waits for a second person.",
        ),
        "A change waits for a second person",
        "Somebody has entered a change of {what} of {about}. It holds once somebody else has confirmed it.",
        ("The contacts that are known until now were told.",),
    ),
}


def facts(about: str, parts: Iterable[str], since: date | None, lang: str) -> dict[str, str]:
    """What the texts may name."""
    what = words.listed((part_word(part, lang) for part in parts), lang)
    return {"about": line(about), "what": what, "day": since.isoformat() if since else ""}


def part_word(part: str, lang: str) -> str:
    """What of a company or contract changes."""
    return word("amendment", PARTS.get(part, part), lang)


def sms(template: str, known: Mapping[str, str], lang: str, signature: str) -> str:
    """One part; the first variant that fits."""
    say = catalogue(lang).pgettext
    said = [f"【{signature}】{say('sms', text).format_map(known)}" for text in TEXTS[template].sms]
    return next((text for text in said if len(text.encode("utf-16-le")) // 2 <= SMS_LETTERS), said[-1])


def mail(template: str, known: Mapping[str, str], lang: str, signature: str, name: str) -> Letter:
    """The same as an e-mail."""

    def say(text: str, **more: str) -> str:
        return catalogue(lang).pgettext("mail", text).format_map({**known, **more})

    text = TEXTS[template]
    lines = [say("{name}:", name=line(name)), "", say(text.happened), *(say(s) for s in text.comes)]
    lines += ["", say("Please do not answer this e-mail: nobody reads it."), signature]
    return Letter(f"{signature}: {say(text.subject)}", "\n".join(lines))
