"""The hosted form: what anybody may open without a link.

GET  /               two ways: report, follow
GET  /report         ?in=<place> choose step by step   ?p=<place> the form   ?q= search a project
                     ?p=<place>&v=<mark> the form from a sign's code: with what is open there, or what became of it
POST /report         take the report → 303 to the reporter's page
POST /report/follow  send the link of what is open there already, to whoever reported it
POST /hints          what the words suggest, and what is open there already: JSON, for the form's script
POST /photos         where to upload a photo: JSON
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from chalice.app import Response

from chalicelib.adapters.ids import is_ulid, ulid
from chalicelib.adapters.time import now
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.errors import Invalid, Refused
from chalicelib.domain.record.text import line, plain, sought
from chalicelib.domain.ticket.ticket import WORKS, Priority, Ticket
from chalicelib.domain.ticket.triage import suggest
from chalicelib.language import reasons, words
from chalicelib.language.catalogue import catalogue
from chalicelib.services.record.numbers import everywhere, policy_for
from chalicelib.services.ticket import choosing, report, scanning, seeking
from chalicelib.services.ticket.report import FORM_KINDS, REPORTERS, Report, Slowed
from chalicelib.store.places import Place
from chalicelib.web.kit import forms
from chalicelib.web.kit.asked import address, asked, request
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.kept import Kept
from chalicelib.web.kit.moves import done, said
from chalicelib.web.kit.pages import html, json_answer, lang_of, page, render, root, see
from chalicelib.web.public.forms import WHEN, category_of, read


def landing() -> Response:
    return page("owner/start.html", lang_of(request()))


def form() -> Response:
    lang, wanted = lang_of(request()), plain(asked("p"))
    if wanted:
        here = choosing.place(wanted)
        if here is None or here.closed:
            return _lost(wanted, lang)
        before = report.again(asked("again")) if asked("again") else None
        if before is not None:
            return _form(here, _as_before(before, asked("again")), {}, lang, mark=ulid(now()))
        scanned = scanning.scan(here, asked("v"), address(), now()) if asked("v") else None
        return _fresh(here, asked("k"), lang, scanned)
    return _chooser(plain(asked("in")), asked("q"), lang)


def _lost(place: str, lang: str, status: int = 200) -> Response:
    """What became of a place where nothing can be reported, and the next place to choose from."""
    lost = scanning.lost(place)
    near = lost.near or lost.instead
    return _chooser(near.id if near else "", "", lang, status=status, lost=lost)


def _as_before(ticket: Ticket, token: str) -> dict[str, str]:
    """What the form is filled with when an ended ticket is reported again."""
    said = ticket.said("reported")
    component = f"{ticket.category}/{ticket.component}" if ticket.component else ""
    own = {name: str(said.get(name, "")) for name in ("name", "phone", "email")}
    about = {"category": ticket.category if ticket.category != "other" else "", "component": component}
    return {"kind": "repair", "reporter": ticket.reporter, **about, **own, "again": token}


def send() -> Response:
    lang = lang_of(request())
    try:
        sent = forms.read(request())
    except Invalid as fault:
        return _chooser("", "", lang, status=400, error=reasons.explain(fault, lang))
    mark = sent.kept().get("mark", "")
    errors, made = read(sent, mark, lang)
    made = made if errors else report.heard(made)
    if not errors and report.asks(made) and (unsure := choosing.place(made.place)):
        first = {"danger": catalogue(lang).gettext("Please answer this first; nothing you wrote is lost.")}
        return _form(unsure, sent.kept(), first, lang, mark=mark, status=409, sent=sent)
    if not sent.is_on("seen") and made.kind in WORKS and not errors:
        here, category, found = None, category_of(made), []
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
    return see(f"/o/{taken.token}?done={done('again' if taken.again else 'reported', now())}")


def follow() -> Response:
    """The same answer whether or not a link was sent: who doesn't have the phone learns nothing."""
    sent = forms.read(request())
    choosing.send_link(sent.text("place", choosing.MAX_ID), sent.text("category", 40), address(), now())
    return see(f"/report?done={done('followed', now())}")


def hints() -> Response:
    """What the words suggest: {category, word, emergency} and, to who may know, whether the same is open there."""
    lang = lang_of(request())
    try:
        sent = forms.read(request())
        text, chosen = sent.text("words", report.MAX_WORDS), sent.text("category", 40)
        said = suggest(text, everywhere(), chosen)
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
                tz, unit = policy_for(here.as_fact()).zone, here.kind == "unit"
                more = {"alike": found, "category": category, "unit": unit, "tz": tz}
                answer["alike"] = render("owner/alike.html", lang, **more)
    except Refused as refused:
        return json_answer({"error": reasons.explain(refused, lang)}, 400)
    return json_answer(answer)


def upload() -> Response:
    """A presigned POST for one photo of a `ticket`, or of the one that the form with this `mark` will make."""
    from chalicelib.services.ticket import photos

    try:
        sent = forms.read(request())
        mark = sent.text("mark", 40)
        ticket = report.ticket_id(mark) if is_ulid(mark) else sent.text("ticket", 40)
        return json_answer(photos.ask_upload(address(), now(), ticket))
    except Refused as refused:
        status = 400 if isinstance(refused, Invalid) else 429
        return json_answer({"error": reasons.explain(refused, lang_of(request()))}, status)


FOLLOWED = {"followed": ""}  # said by the template
_kept = Kept("owner/report.html", "id", "label", "quoted", "near", "mark")


def _fresh(here: Place, kind: str, lang: str, scanned: scanning.Scanned | None = None) -> Response:
    """The form with nothing in it: rendered once for all places of a project, then filled.

    Not that of a sign which has something to say.
    """
    kind = kind if kind in FORM_KINDS else ""
    if scanned and (scanned.moved or scanned.open):
        return _form(here, {"kind": kind}, {}, lang, mark=ulid(now()), scanned=scanned)
    ladder, unit = tuple(choosing.ladder(here.as_fact().get("project", ""))), here.kind == "unit"
    numbers = policy_for(here.as_fact())

    def more() -> dict[str, Any]:
        own = _kept.own
        nowhere = Place(own["id"], "unit" if unit else "area", "", "", own["label"], {})
        shared = _shown(
            nowhere,
            {"kind": kind},
            {},
            lang,
            mark=own["mark"],
            ladder=ladder,
            near=own["near"],
            numbers=numbers,
            scanned=scanned,
        )
        return {**shared, "keeps": f"p={own['quoted']}&"}

    own = {"id": here.id, "label": here.label, "quoted": _quoted(here.id)}
    return html(
        _kept.text(
            lang,
            (kind, unit, ladder, numbers, scanned is not None),
            more,
            **own,
            near=choosing.near(here),
            mark=ulid(now()),
        ),
        lang,
    )


def _chooser(
    place_id: str,
    search: str,
    lang: str,
    *,
    lost: scanning.Lost | None = None,
    status: int = 200,
    error: str = "",
) -> Response:
    step = choosing.step(place_id)
    if len(step.inside) == 1 and not step.beside and step.inside[0].kind == "entrance" and not (status > 200 or lost):
        return see(f"/report?in={_quoted(step.inside[0].id)}")
    search = line(search)[:60]
    hits = _sought(search, step, place_id) if search and status == 200 else []
    if len(hits) == 1:
        exact = hits[0].kind in ("unit", *choosing.BESIDE)
        return see(f"/report?{'p' if exact else 'in'}={_quoted(hits[0].id)}")
    inside = [c for c in step.inside if sought(search) in sought(c.name)] if search and not step.place else step.inside
    return page(
        "owner/place.html",
        lang,
        status=status,
        step=step,
        inside=inside,
        floors=seeking.by_floor(inside) if inside else [],
        trail=seeking.trail(step.place) if step.place else [],
        hits=hits,
        search=search,
        lost=lost,
        ladder=choosing.ladder(step.place.as_fact().get("project", "")) if lost and step.place else [],
        error=error,
        done=said(FOLLOWED, now()) if status == 200 else "",
        here=root() + "/report",
        keeps=f"in={_quoted(step.place.id)}&" if step.place else "",
    )


def _sought(search: str, step: choosing.Step, place_id: str) -> list[seeking.Hit]:
    """What was typed, as places: in the project at hand, else in those that it names, else in all."""
    here = step.place
    projects = choosing.step("").inside if here else step.inside
    project = here.as_fact().get("project", "") if here else ""
    return seeking.seek(plain(search), projects, project)


def _again(
    made: Report, sent: Form, errors: Mapping[str, Invalid], lang: str, mark: str, status: int, banner: str
) -> Response:
    """The form with everything that was typed; without a place there is none, and one is chosen first."""
    here = choosing.place(made.place)
    if here is None or here.closed:
        return _lost(made.place, lang, status=400)
    if "mark" in errors or not is_ulid(mark):
        mark = ulid(now())
    explained = {name: reasons.explain(fault, lang) for name, fault in errors.items()}
    if mark != made.mark and made.photos:  # they belong to the ticket of the form before
        explained.setdefault("photos", reasons.explain(Invalid("photos", "photos_again"), lang))
    return _form(here, sent.kept(), explained, lang, mark=mark, status=status, banner=banner, sent=sent)


def _form(
    here: Place,
    kept: Mapping[str, str],
    errors: Mapping[str, str],
    lang: str,
    *,
    status: int = 200,
    **more: Any,
) -> Response:
    return page("owner/report.html", lang, status=status, **_shown(here, kept, errors, lang, **more))


def _shown(
    here: Place,
    kept: Mapping[str, str],
    errors: Mapping[str, str],
    lang: str,
    *,
    mark: str,
    banner: str = "",
    sent: Form | None = None,
    alike: Sequence[choosing.Alike] = (),
    alike_category: str = "",
    ladder: Sequence[choosing.Rung] | None = None,
    numbers: Policy | None = None,
    near: str = "",
    scanned: scanning.Scanned | None = None,
) -> dict[str, Any]:
    """What the form's template shows."""
    numbers = numbers or policy_for(here.as_fact())
    return {
        "place": here,
        "kept": kept,
        "errors": errors,
        "mark": mark,
        "banner": banner,
        "alike": alike,
        "when": set(sent.all("when")) if sent else set(),
        "uploads": [u for u in sent.all("photos", report.MAX_PHOTOS) if is_ulid(u)]
        if sent and kept.get("mark", "") == mark
        else [],
        "kinds": [(k.value, words.kind_word(k.value, lang)) for k in FORM_KINDS],
        "reporters": [(r, words.reporter_word(r, lang)) for r in REPORTERS],
        "categories": _categories(numbers, lang),
        "components": _components(numbers, lang),
        "whens": WHEN,
        "ladder": choosing.ladder(here.as_fact().get("project", "")) if ladder is None else ladder,
        "max_words": report.MAX_WORDS,
        "max_photos": report.MAX_PHOTOS,
        "keeps": f"p={_quoted(here.id)}&",
        "here": root() + "/report",
        "alike_category": alike_category,
        "tz": numbers.zone,
        "ask": bool(errors.get("danger") or kept.get("danger")),
        "unit": here.kind == "unit",
        "near": near or choosing.near(here),
        "scanned": scanned,
    }


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
