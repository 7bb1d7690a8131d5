"""The hosted form: what anybody may open without a link.

GET  /               two ways: report, follow
GET  /report         ?in=<place> choose step by step   ?p=<place> the form, also from a QR code   ?q= search a project
POST /report         take the report → 303 to the reporter's page
POST /report/follow  send the link of what is open there already, to whoever reported it
POST /hints          what the words suggest, and what is open there already: JSON, for the form's script
POST /photos         where to upload a photo: JSON
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalice import Blueprint
from chalice.app import Response
from markupsafe import escape

from chalicelib.adapters.ids import is_ulid, ulid
from chalicelib.adapters.time import now
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.errors import Invalid, Refused
from chalicelib.domain.record.text import line, plain, sought
from chalicelib.domain.ticket.ticket import WORKS, Priority
from chalicelib.domain.ticket.triage import suggest
from chalicelib.language import reasons, words
from chalicelib.language.catalogue import catalogue
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.ticket import choosing, report
from chalicelib.services.ticket.report import FORM_KINDS, REPORTERS, Report, Slowed
from chalicelib.store.places import Place
from chalicelib.web.kit import forms
from chalicelib.web.kit.asked import address, request
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.pages import FORM, headers, json_answer, lang_of, page, root, see, speaks_html

bp = Blueprint(__name__)

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


@bp.route("/", methods=["GET"])
@speaks_html
def landing() -> Response:
    switch = "lang" in (request().query_params or {})
    return page("owner/start.html", lang_of(request()), switch=switch)


@bp.route("/report", methods=["GET"])
@speaks_html
def form() -> Response:
    asked = request().query_params or {}
    lang, switch = lang_of(request()), "lang" in asked
    wanted = plain(str(asked.get("p", "")))
    if wanted:
        here = choosing.place(wanted)
        if here is not None:
            return _fresh(here, str(asked.get("k", "")), lang, switch)
    return _chooser(plain(str(asked.get("in", ""))), str(asked.get("q", "")), lang, gone=bool(wanted), switch=switch)


@bp.route("/report", methods=["POST"], content_types=FORM)
@speaks_html
def send() -> Response:
    lang = lang_of(request())
    try:
        sent = forms.read(request())
    except Invalid as fault:
        return _chooser("", "", lang, status=400, error=reasons.explain(fault, lang))
    mark = sent.kept().get("mark", "")
    errors, made = _report(sent, mark, lang)
    if not errors and report.suggested(made, policy_for(NOWHERE)).ask and (unsure := choosing.place(made.place)):
        return _form(unsure, sent.kept(), {}, lang, mark=mark, status=409, sent=sent, ask=True)
    if not sent.is_on("seen") and made.kind in WORKS and not errors:
        here, category, found = None, _category(made), []
        kept = sent.kept()
        open_now = choosing.alike_near(kept.get("near", ""), kept.get("label", ""), category)
        if open_now and report.ticket_id(mark) not in (known.id for known in open_now):
            here = choosing.place(made.place)
            told = here is not None and choosing.may_know(here, made.phone)
            found = choosing.alike(here, category) if here is not None and told else []
        if here is not None and found:
            return _form(
                here, sent.kept(), {}, lang, mark=mark, status=409, sent=sent, alike=found, alike_category=category
            )
    try:
        if errors:
            raise next(iter(errors.values()))
        taken = report.take(made, now())
    except Slowed as slow:
        return _again(made, sent, {}, lang, mark, 429, reasons.explain(slow, lang))
    except Invalid as fault:
        return _again(made, sent, errors or {fault.field: fault}, lang, mark, 400, "")
    return see(f"/o/{taken.token}?done={'again' if taken.again else 'reported'}")


@bp.route("/report/follow", methods=["POST"], content_types=FORM)
@speaks_html
def follow() -> Response:
    """The same answer whether or not a link was sent: who doesn't have the phone learns nothing."""
    sent = forms.read(request())
    choosing.send_link(sent.text("place", choosing.MAX_ID), sent.text("category", 40), address(), now())
    return see("/report?done=followed")


@bp.route("/hints", methods=["POST"], content_types=FORM)
def hints() -> Response:
    """What the words suggest: {category, word, emergency} and, to who may know, whether the same is open there."""
    lang = lang_of(request())
    try:
        sent = forms.read(request())
        text, chosen = sent.text("words", report.MAX_WORDS), sent.text("category", 40)
        said = suggest(text, policy_for(NOWHERE), chosen)
        category = "" if said.category == "other" and not chosen else said.category
        answer: dict[str, Any] = {
            "category": category,
            "word": words.category_word(category, lang) if category else "",
            "emergency": said.priority is Priority.EMERGENCY,
            "ask": bool(said.ask),
        }
        place_id = sent.text("place", choosing.MAX_ID)
        if place_id and category:
            here, found = choosing.hinted(place_id, category, sent.text("phone", 40), address(), now())
            if here is not None and found:
                html = _alike(here, found, category, lang)
                answer["alike"] = html.body
    except Refused as refused:
        return json_answer({"error": reasons.explain(refused, lang)}, 400)
    return json_answer(answer)


def _alike(here: Place, found: Sequence[choosing.Alike], category: str, lang: str) -> Response:
    tz, unit = policy_for(here.as_fact()).zone, here.kind == "unit"
    return page("owner/alike.html", lang, alike=found, category=category, unit=unit, tz=tz)


@bp.route("/photos", methods=["POST"], content_types=[*FORM, "application/json"])
def upload() -> Response:
    """A presigned POST for one photo."""
    from chalicelib.services.ticket import photos

    try:
        return json_answer(photos.ask_upload(address(), now()))
    except Refused as slow:
        return json_answer({"error": reasons.explain(slow, lang_of(request()))}, 429)


ID, QUOTED, LABEL, NEAR, MARK = "\ue001", "\ue002", "\ue003", "\ue004", "\ue005"  # what differs between two fresh forms


def _fresh(here: Place, kind: str, lang: str, switch: bool) -> Response:
    """The form with nothing in it: rendered once for all places of a project, then filled."""
    kind = kind if kind in FORM_KINDS else ""
    if switch:
        return _form(here, {"kind": kind}, {}, lang, mark=ulid(now()), switch=True)
    ladder = tuple(choosing.ladder(here.as_fact().get("project", "")))
    body = _empty(kind, here.kind == "unit", ladder, policy_for(here.as_fact()), lang)
    values = {ID: here.id, LABEL: here.label, NEAR: choosing.near(here)}
    for stands, value in values.items():
        body = body.replace(stands, str(escape(value)))
    body = body.replace(QUOTED, _quoted(here.id))
    return Response(body.replace(MARK, ulid(now())), headers=headers())


@functools.lru_cache(64)
def _empty(kind: str, unit: bool, ladder: tuple[choosing.Rung, ...], numbers: Policy, lang: str) -> str:
    nowhere = Place(ID, "unit" if unit else "area", "", "", LABEL, {})
    fixed: dict[str, Any] = {"ladder": ladder, "numbers": numbers, "quoted": QUOTED, "near": NEAR}
    return str(_form(nowhere, {"kind": kind}, {}, lang, mark=MARK, **fixed).body)


def _chooser(
    place_id: str,
    search: str,
    lang: str,
    *,
    gone: bool = False,
    switch: bool = False,
    status: int = 200,
    error: str = "",
) -> Response:
    step = choosing.step(place_id)
    if len(step.inside) == 1 and not step.beside and step.inside[0].kind == "entrance" and not status > 200:
        return see(f"/report?in={_quoted(step.inside[0].id)}")
    search = line(search)[:60]
    inside = [c for c in step.inside if sought(search) in sought(c.name)] if search else step.inside
    return page(
        "owner/place.html",
        lang,
        status=status,
        switch=switch,
        step=step,
        inside=inside,
        search=search,
        gone=gone,
        error=error,
        done=str((request().query_params or {}).get("done", "")) if status == 200 else "",
        here=root() + "/report",
        before=f"in={_quoted(step.place.id)}&" if step.place else "",
    )


def _again(
    made: Report, sent: Form, errors: Mapping[str, Invalid], lang: str, mark: str, status: int, banner: str
) -> Response:
    """The form with everything that was typed; without a place there is none, and one is chosen first."""
    here = choosing.place(made.place)
    if here is None:
        return _chooser("", "", lang, status=400, gone=True)
    if "mark" in errors or not is_ulid(mark):
        mark = ulid(now())
    explained = {name: reasons.explain(fault, lang) for name, fault in errors.items()}
    return _form(here, sent.kept(), explained, lang, mark=mark, status=status, banner=banner, sent=sent)


def _form(
    here: Place,
    kept: Mapping[str, str],
    errors: Mapping[str, str],
    lang: str,
    *,
    mark: str,
    status: int = 200,
    switch: bool = False,
    banner: str = "",
    sent: Form | None = None,
    alike: Sequence[choosing.Alike] = (),
    alike_category: str = "",
    ladder: Sequence[choosing.Rung] | None = None,
    numbers: Policy | None = None,
    quoted: str = "",
    near: str = "",
    ask: bool = False,
) -> Response:
    numbers = numbers or policy_for(here.as_fact())
    return page(
        "owner/report.html",
        lang,
        status=status,
        place=here,
        kept=kept,
        errors=errors,
        mark=mark,
        banner=banner,
        alike=alike,
        when=set(sent.all("when")) if sent else set(),
        uploads=[u for u in sent.all("photos", report.MAX_PHOTOS) if is_ulid(u)] if sent else [],
        kinds=[(k.value, words.kind_word(k.value, lang)) for k in FORM_KINDS],
        reporters=[(r, words.reporter_word(r, lang)) for r in REPORTERS],
        categories=_categories(numbers, lang),
        components=_components(numbers, lang),
        whens=WHEN,
        ladder=choosing.ladder(here.as_fact().get("project", "")) if ladder is None else ladder,
        max_words=report.MAX_WORDS,
        max_photos=report.MAX_PHOTOS,
        switch=switch,
        before=f"p={quoted or _quoted(here.id)}&",
        here=root() + "/report",
        alike_category=alike_category,
        tz=numbers.zone,
        ask=ask or bool(kept.get("danger")),
        unit=here.kind == "unit",
        near=near or choosing.near(here),
    )


def _report(sent: Form, mark: str, lang: str) -> tuple[dict[str, Invalid], Report]:
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


def _category(made: Report) -> str:
    """The category that the report will have; "" where the words say nothing."""
    found = report.suggested(made, policy_for(NOWHERE)).category
    return found if found != "other" or made.category else ""


@functools.lru_cache(8)
def _categories(numbers: Policy, lang: str) -> Sequence[tuple[str, str]]:
    return [(name, words.category_word(name, lang)) for name in numbers.categories]


@functools.lru_cache(8)
def _components(numbers: Policy, lang: str) -> Sequence[tuple[str, str, Sequence[tuple[str, str]]]]:
    """(category, its word, its components)."""
    return [
        (
            c.name,
            words.category_word(c.name, lang),
            [(f"{c.name}/{x}", words.component_word(x, lang)) for x in c.components],
        )
        for c in numbers.categories.values()
        if c.components
    ]


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")
