"""What the hosted form sends: the report that it makes, and every field that is at fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.adapters.ids import is_ulid
from chalicelib.domain.record.errors import Invalid
from chalicelib.language import words
from chalicelib.language.catalogue import catalogue
from chalicelib.services.ticket import choosing, report
from chalicelib.services.ticket.report import Report
from chalicelib.web.kit.asked import address
from chalicelib.web.kit.forms import Form

WHEN = {
    "weekdays": "Weekdays, daytime",
    "evenings": "Weekdays, evening",
    "weekend": "Weekend",
    "phone_first": "Please phone first",
}
# A value that puts a field right, to find the next one at fault.
SOUND: Mapping[str, Mapping[str, Any]] = {
    "kind": {"kind": "repair"},
    "reporter": {"reporter": "owner"},
    "category": {"category": "", "component": ""},
    "component": {"component": ""},
    "words": {"words": "-"},
    "photos": {"photos": ()},
    "name": {"name": ""},
    "preferred": {"preferred": ""},
    "phone": {"phone": "13800000000"},
    "email": {"email": "a@example.com"},
    "consent": {"consent": True},
}


def read(sent: Form, mark: str, lang: str) -> tuple[dict[str, Invalid], Report]:
    """The report that a form makes, and every field at fault, in the order in which they are checked."""
    errors: dict[str, Invalid] = {}

    def text(name: str, limit: int) -> str:
        try:
            return sent.text(name, limit)
        except Invalid as fault:
            errors[name] = fault
            return ""

    category, component = text("category", 40), text("component", 80)
    if "/" in component:
        belongs, _, component = component.partition("/")
        category = category or belongs
        component = component if belongs == category else ""
    said = catalogue(lang).gettext
    chosen = [said(WHEN[w]) for w in sent.all("when") if w in WHEN]
    more = text("preferred", 120)
    preferred = words.listed([*chosen, *([more] if more else [])], lang)
    made = Report(
        mark=mark,
        place=text("place", choosing.MAX_ID),
        kind=text("kind", 20),
        reporter=text("reporter", 20),
        category=category,
        component=component,
        words=text("words", report.MAX_WORDS),
        danger=text("danger", 3),
        photos=[u for u in dict.fromkeys(sent.all("photos")) if is_ulid(u)],
        name=text("name", 60),
        phone=text("phone", 40),
        email=text("email", 254),
        preferred=preferred,
        consent=sent.is_on("consent") if len(sent.kept().get("consent", "")) < 20 else False,
        lang=lang,
        address=address(),
        more=_repeats(text("again", 40)),
    )
    tried = made
    while True:
        try:
            report.check(tried, None)
            return errors, made
        except Invalid as fault:
            if fault.field in errors and fault.field not in SOUND:
                return errors, made
            errors.setdefault(fault.field, fault)
            sound = SOUND.get(fault.field)
            if sound is None or all(getattr(tried, k) == v for k, v in sound.items()):
                return errors, made
            tried = replace(tried, **sound)


def _repeats(token: str) -> dict[str, str]:
    """Which ended ticket a report names as the same fault."""
    before = report.again(token) if token else None
    return {"repeats": before.id} if before else {}


def category_of(made: Report) -> str:
    """The category that the report will have; "" where the words say nothing."""
    found = report.suggested(made).category
    return found if found != "other" or made.category else ""
