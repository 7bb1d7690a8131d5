"""A report for whoever calls or stands at the counter, in half a minute of typing.

    GET  /d/{token}/new    ?place= chooses where, ?who= who of those registered there
    POST /d/{token}/new    look up who calls, suggest from the words, or take the report

What was typed to find somebody stands in no address: a phone is answered here, never by a redirect.
"""

from __future__ import annotations

from collections.abc import Mapping

from chalice.app import Response

from chalicelib.adapters.ids import ulid
from chalicelib.adapters.time import now
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.number import spoken
from chalicelib.domain.record.phone import compared
from chalicelib.domain.record.roles import DESKS
from chalicelib.domain.record.text import plain
from chalicelib.domain.ticket.ticket import Kind
from chalicelib.domain.ticket.trade import time_of
from chalicelib.domain.ticket.triage import suggest
from chalicelib.language import reasons
from chalicelib.language.catalogue import LANGS, catalogue
from chalicelib.services.access import opening
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import calling, frontdesk, report, seeking
from chalicelib.store.grants import Grant
from chalicelib.store.records import NEVER
from chalicelib.web.desk import lines
from chalicelib.web.kit import choices, forms
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.choices import word
from chalicelib.web.kit.moves import done
from chalicelib.web.kit.pages import json_answer, lang_of, page, see

CALLED_KINDS = ("repair", "emergency", "complaint", "enquiry", "suggestion", "patrol")


def new(token: str) -> Response:
    grant = opening.open_staff(token, DESKS)
    lang = lang_of(request())
    place = plain(asked("place"))
    caller = calling.caller(grant, place) if place else None
    found = calling.Found(places=[caller] if caller else [])
    return entry(token, grant, lang, {"who": asked("who"), "desk": asked("desk")}, found=found)


def called(token: str) -> Response:
    """`do`: find who calls, suggest from the words (JSON, for the page's script), or take the report."""
    grant = opening.open_staff(token, DESKS)
    form, lang = forms.read(request()), lang_of(request())
    do = form.text("do", 20)
    if do == "suggest":
        said = suggest(form.text("words"), policy_for(frontdesk.home(grant)))
        word = [choices.word("category", said.category, lang), choices.word("priority", said.priority.value, lang)]
        word += [catalogue(lang).gettext("Is there danger right now?")] if said.ask else []
        return json_answer(
            {"category": said.category, "priority": said.priority.value, "words": word, "because": list(said.because)}
        )
    kept = form.kept()
    if do == "find":
        text = form.text("find", 100)
        found = calling.find(grant, text, form.text("desk", 100))
        if found.ticket:
            return see(f"/d/{token}/{found.ticket}")
        if kept.get("place") and [c.place.id for c in found.places] != [kept["place"]]:
            kept |= {"name": "", "phone": "", "email": "", "who": "", "place": ""}  # they belong to the place before
        if found.phone:
            kept["phone"] = found.phone
        if len(found.places) == 1 and (who := found.who.get(found.places[0].place.id)):
            kept["who"] = who
        return entry(token, grant, lang, kept, found=found, looked=bool(text))
    try:
        category, _, component = form.text("category", 80).partition("/")
        sent = report.Report(
            mark=form.text("mark", 40),
            place=form.text("place", 100),
            kind=form.text("kind", 40),
            reporter=form.text("reporter", 40) or "owner",
            category=category,
            component=component,
            words=form.text("words"),
            name=form.text("name", 200),
            phone=form.text("phone", 100),
            email=form.text("email", 300),
            preferred=form.text("preferred", 1000),
            priority=_one_of(form.text("priority", 40), ("", *choices.PRIORITIES), "priority"),
            lang=_one_of(form.text("speaks", 10) or LANGS[0], LANGS, "speaks"),
            consent=True,
        )
        answer = form.text("answer", 10_000)
        taken = calling.take(grant, sent, form.text("seal", 100), form.text("channel", 20), answer, now())
    except Invalid as invalid:
        place = kept.get("place", "")
        caller = calling.caller(grant, place) if place else None
        errors = {invalid.field: reasons.explain(invalid, lang)}
        if invalid.field == "mark":
            kept.pop("mark", None)
        return entry(
            token,
            grant,
            lang,
            kept,
            found=calling.Found(places=[caller] if caller else []),
            errors=errors,
            status=400,
        )
    what = "taken" if taken.ticket.is_open else "answered"
    return see(f"/d/{token}/{taken.ticket.id}?done={done(what, now())}")


def _one_of(value: str, known: tuple[str, ...], field: str) -> str:
    if value not in known:
        raise Invalid(field, "required")
    return value


def entry(
    token: str,
    grant: Grant,
    lang: str,
    kept: Mapping[str, str],
    *,
    found: calling.Found,
    looked: bool = False,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The entry page. What was typed stays; who lives at the place that was found fills what is empty."""
    at = now()
    caller = found.places[0] if len(found.places) == 1 else None
    values = {"kind": "repair", "channel": "phone", "reporter": "owner", "speaks": LANGS[0], **kept}
    if caller is not None and not errors:
        _prefill(values, caller, chosen=bool(kept.get("place")))
    known = frontdesk.desks_of(grant)
    desks = [] if caller else known
    desk = next((d for d in desks if d.project == values.get("desk")), desks[0] if len(desks) == 1 else None)
    numbers = policy_for(caller.place.as_fact() if caller else frontdesk.home(grant))
    within = calling.caller(grant, desk.project, with_open=False) if desk and not found.places else None
    return page(
        "desk/new.html",
        lang,
        status=status,
        now=at,
        token=token,
        here=f"/d/{token}/new",
        whose=frontdesk.whose(grant),
        desk=desk or (known[0] if len(known) == 1 else None),
        caller=caller,
        several=found.places if len(found.places) > 1 else [],
        whom=found.who,
        more=found.more,
        within=within.within if within else [],
        by_floor=seeking.by_floor,
        reported=[
            (f"/d/{token}/{one.id}", spoken(one.line.number), word("category", one.line.category, lang), one.line)
            for one in found.reported
        ],
        trail=seeking.trail(caller.place) if caller else [],
        desks=desks if not desk else [],
        looked=looked,
        rows=[
            lines.row(token, one, None if one.by == NEVER else time_of(one.by), {}, lang, at, numbers.zone, "")
            for one in (caller.open if caller else ())
        ],
        values=values,
        errors=errors or {},
        mark=values.get("mark") or ulid(at),
        kinds=[(k, choices.word("kind", k, lang)) for k in CALLED_KINDS],
        priorities=[(p, choices.word("priority", p, lang)) for p in choices.PRIORITIES],
        reporters=[(r, choices.word("reporter", r, lang)) for r in report.REPORTERS],
        categories=lines.categories(numbers, lang),
        answers=(Kind.ENQUIRY.value, Kind.SUGGESTION.value),
    )


def _prefill(values: dict[str, str], caller: calling.Caller, chosen: bool) -> None:
    """Who lives there fills what is empty: the one asked for, the one whose phone it is, else the first owner."""
    phone = compared(values.get("phone", ""))
    who = next((r for r in caller.residents if r.id == values.get("who")), None)
    if who is None and phone:
        who = next((r for r in caller.residents if compared(r.phone) == phone), None)
    if who is None and not phone and not values.get("name"):
        who = next((r for r in caller.residents if r.role == "owner"), None)
    if who is None:
        return
    values["who"] = who.id
    for name, value in (("name", who.name), ("phone", who.phone), ("email", who.email)):
        values[name] = values.get(name) or value
    if not chosen and who.role in report.REPORTERS:
        values["reporter"] = who.role
