"""Messages as they are read: SMS of one part, with a link of two, and plain e-mails. Texts: `texts.py`.

link   【保修】工单4839-2175-6已受理，3月2日16:30前联系您 https://bx.example.cn/o/…
code   【保修】新工单4839-2175-6，请3月2日16:30前接单。验证码123456，请在 https://bx.example.cn/c 输入
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from typing import Any, Protocol

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.number import spoken
from chalicelib.domain.record.text import line
from chalicelib.domain.ticket.promises import promises
from chalicelib.domain.ticket.ticket import Data, Ticket
from chalicelib.language import deadlines, liability, times, words
from chalicelib.language.catalogue import catalogue
from chalicelib.language.text import Text
from chalicelib.language.texts import TEXTS

SAFETY_FIRST = frozenset({"reported_emergency", "made_emergency"})  # templates that say what to do
LINK_LETTERS = 134  # UCS-2: two parts, which carriers that allow links put together again
SMS_LETTERS = 70  # one part
MAX_NAME = 30
MAX_QUOTE = 200
NAME = re.compile(
    r"[^\W\d_]+(?:(?:\. |[ ·•'’-])[^\W\d_]+)*\.?"
)  # letters alone: no number, no address, no advertisement
CODE_FORMS = ("{text}. Code {code}, enter it at {page}", "{text}. Code {code} {page}")


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail: plain text."""

    subject: str
    body: str


class About(Protocol):
    """What a message is about: a ticket, or what stands for one or many."""

    @property
    def number(self) -> str: ...
    @property
    def priority(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def component(self) -> str: ...
    @property
    def place(self) -> Mapping[str, str]: ...


def about(what: About, lang: str, *, short: bool = False) -> dict[str, str]:
    """Number, priority, category and place, as any text may name them."""
    where = what.place.get("label", "")
    return {
        "number": spoken(what.number),
        "digits": what.number,
        "priority": words.priority_word(what.priority, lang),
        "category": words.category_word(what.category, lang),
        "where": where,
        "place": _inside(where) if short else where,
    }


def facts(
    ticket: Ticket,
    numbers: Policy,
    template: str,
    told: Mapping[str, Any],
    lang: str,
    at: datetime,
    *,
    short: bool = False,
) -> dict[str, str]:
    """What the texts of a template may name; what is not known is absent. `told`: the message's own facts.

    `numbers`: those of its place. `short`: as an SMS has it, where every letter counts.
    """
    tz = numbers.zone
    known = about(ticket, lang, short=short)
    due = _due(ticket, numbers, template, told)
    if due:
        known["by"] = deadlines.dated(due, at, tz, lang, short=short)
    if template in SAFETY_FIRST:
        known["safety"] = _safety(ticket.category, numbers, lang, short=short)
    if told.get("clock"):
        known["clock"] = words.clock_word(str(told["clock"]), lang)
    if told.get("reason"):
        known["reason"] = words.pause_word(str(told["reason"]), lang)
    if told.get("cause"):
        known["cause"] = words.cause_word(str(told["cause"]), lang)
    if told.get("words"):
        known["words"] = line(str(told["words"]))[:MAX_QUOTE]
    if told.get("count"):
        known["count"] = str(told["count"])
    if told.get("other"):
        known["other"] = spoken(str(told["other"]))
    if told.get("fen"):
        known["amount"] = liability.yuan(int(told["fen"]), lang)
    if told.get("level"):
        known["level"] = words.level_word(int(told["level"]), lang)
    read = Data(told)
    if read.windows:
        known["windows"] = words.windows_text(read.windows, tz, lang, at, dated=True)
    if read.until:
        known["day"] = times.date_of(read.until, tz, lang)
    if window := read.window:
        start, end = window.start, window.end
        long = times.window_time(start, end, tz, lang, at, dated=True)
        known["window"] = times.short_window(start, end, tz, lang) if short else long
    return known


def _safety(category: str, numbers: Policy, lang: str, *, short: bool) -> str:
    """What to do until somebody comes: in a few words, or step by step."""
    safety = numbers.safety(category)
    if short:
        return words.safety_word(safety.brief, lang)
    return "\n".join(f"{n}. {words.safety_word(step, lang)}" for n, step in enumerate(safety.steps, 1))


def _inside(label: str) -> str:
    """Where it is, for who knows the project: 3栋 2单元 1001."""
    return label.partition(" ")[2] or label


def _due(ticket: Ticket, numbers: Policy, template: str, told: Mapping[str, Any]) -> datetime | None:
    """When it has to be done by: as the event says, else when the first of the template's clocks that runs is due."""
    if said := Data(told).deadline:
        return said
    names = (str(told["clock"]),) if told.get("clock") else TEXTS[template].clocks
    running = {p.name: p.clock.due_at for p in promises(ticket, numbers) if p.running and p.clock.due_at}
    return next((running[name] for name in names if name in running), None)


def sms(
    template: str,
    known: Mapping[str, str],
    lang: str,
    signature: str,
    *,
    link: str = "",
    code: str = "",
    page: str = "",
) -> str:
    """The text of an SMS: with a link, or with a code and the page to enter it at, or with neither."""
    return sms_of(TEXTS[template], known, lang, signature, link=link, code=code, page=page)


def sms_of(
    text: Text, known: Mapping[str, str], lang: str, signature: str, *, link: str = "", code: str = "", page: str = ""
) -> str:
    """The same of a text that stands in no table of tickets."""
    say = catalogue(lang).pgettext
    begin = f"【{signature}】"
    best = ""
    for variant in _possible((text.coded if code else ()) or text.sms, known):
        said = say("sms", variant).format_map(known)
        forms = [said]
        if link:
            forms = [f"{said} {link}"]
        elif code:
            forms = [say("sms", form).format(text=said.rstrip("。."), code=code, page=page) for form in CODE_FORMS]
        for form in forms:
            best = begin + form
            if len(best.encode("utf-16-le")) // 2 <= (LINK_LETTERS if link else SMS_LETTERS):
                return best
    return best


def mail(
    template: str,
    known: Mapping[str, str],
    what: About,
    lang: str,
    signature: str,
    *,
    name: str = "",
    link: str = "",
    ladder: Sequence[tuple[str, str]] = (),
    owner: bool = True,
) -> Letter:
    """The e-mail: what happened, what comes next and by when, the ticket, the link, the ladder's phones."""

    def say(text: str, **more: str) -> str:
        return catalogue(lang).pgettext("mail", text).format_map({**known, **more})

    text = TEXTS[template]
    name = line(name) if len(name) <= MAX_NAME and NAME.fullmatch(line(name)) else ""
    greeting = say("Hello,") if not name else say("Dear {name}," if owner else "{name}:", name=name)
    subject = next((say(s) for s in _possible((text.subject,), known)), known["number"])
    component = words.component_word(what.component, lang)
    kind = " · ".join(part for part in (words.category_word(what.category, lang), component) if part)
    happened = [say(s) for s in _possible((text.happened,), known)]
    comes = [say(s) for s in _possible(text.comes, known)][:1]
    lines = [greeting, "", *happened, *comes, "", say("Ticket: {number}")]
    lines += [say("Place: {place}", place=what.place.get("label", "")), say("About: {about}", about=kind)]
    if not owner:
        lines += [say("Priority: {priority}", priority=words.priority_word(what.priority, lang))]
    if link:
        lines += ["", say("Your page: {link}" if owner else "The ticket: {link}", link=link)]
        lines += [say("The link is yours alone: please do not pass it on.")]
    if owner and ladder:
        lines += ["", say("If nothing happens in time, please call:")]
        lines += [f"{desk} {phone}" for desk, phone in ladder]
    lines += ["", say("Please do not answer this e-mail: nobody reads it."), signature]
    return Letter(say("[{signature}] {number}: {subject}", signature=signature, subject=subject), "\n".join(lines))


def mail_of(text: Text, known: Mapping[str, str], lang: str, signature: str, name: str, link: str = "") -> Letter:
    """An e-mail about what is no ticket: what happened, what comes next, the link."""

    def say(sentence: str, **more: str) -> str:
        return catalogue(lang).pgettext("mail", sentence).format_map({**known, **more})

    lines = [say("{name}:", name=line(name)), "", say(text.happened), *(say(s) for s in _possible(text.comes, known))]
    lines += ["", link] if link else []
    lines += ["", say("Please do not answer this e-mail: nobody reads it."), signature]
    return Letter(f"{signature}: {say(text.subject)}", "\n".join(lines))


def _possible(variants: Iterable[str], known: Mapping[str, str]) -> list[str]:
    """The variants all of whose facts are known."""
    return [v for v in variants if all(name in known for _, name, _, _ in Formatter().parse(v) if name)]


def phone_code(code: str, minutes: int, lang: str, signature: str) -> tuple[str, dict[str, str]]:
    """The SMS to a phone that asked for a code, and its parameters as a registered template."""
    known = {"code": code, "minutes": str(minutes)}
    text = "Code {code}, good for {minutes} minutes, to see what you reported. Pass it on to nobody."
    return f"【{signature}】{catalogue(lang).pgettext('sms', text).format_map(known)}", known


def sign_in_code(code: str, minutes: int, lang: str, signature: str) -> tuple[str, dict[str, str]]:
    """The message with the code by which somebody signs in, and its parameters as a registered template."""
    known = {"code": code, "minutes": str(minutes)}
    text = "Sign-in code {code}, good for {minutes} minutes. Pass it on to nobody."
    return f"【{signature}】{catalogue(lang).pgettext('sms', text).format_map(known)}", known


OWN_LINK = {
    "link": "Your own work page, pass it on to nobody: {link}",
    "code": "Your work page: code {code}, enter it with your phone at {page}",
}


def own_link(form: str, lang: str, signature: str, **carried: str) -> str:
    """The SMS that gives somebody who works here their own page: its link, or a code in its place."""
    return f"【{signature}】{catalogue(lang).pgettext('sms', OWN_LINK[form]).format_map(carried)}"


def own_link_mail(name: str, link: str, lang: str, signature: str) -> Letter:
    """The same to who has no phone."""

    def say(text: str, **more: str) -> str:
        return catalogue(lang).pgettext("mail", text).format_map(more)

    what = "This page shows all that you have to do. It is yours alone: please keep the link and pass it on to nobody."
    lines = [say("{name}:", name=name), "", say(what), "", link, "", signature]
    return Letter(f"{signature}: {say('Your own work page')}", "\n".join(lines))
