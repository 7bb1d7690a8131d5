"""The auditor's pages: what each check found, one finding with its explanation, its tickets and cases to read.

GET   /a/{token}                          the checks, each with its findings; ?show=all also what is explained or gone
GET   /a/{token}/finding/{finding}        one: whom it is about, figures, tickets; what was said of it
POST  /a/{token}/finding/{finding}/{move} explain (with words), reopen
GET   /a/{token}/ticket/{ticket}          a ticket that a finding names, to read
GET   /a/{token}/ticket/{ticket}/photo/{n}  303 to one of its photos
GET   /a/{token}/case/{case}              a case of such a ticket, to read
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalice.app import Response

from chalicelib.adapters.ids import is_ulid, ulid
from chalicelib.adapters.time import now
from chalicelib.domain.money import finding as kind
from chalicelib.domain.record.errors import Refused
from chalicelib.domain.record.making import MAX_WORDS
from chalicelib.domain.record.number import spoken
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import role_in
from chalicelib.language import audit, cases, liability, times, words
from chalicelib.services import premises
from chalicelib.services.access.access import NoAccess
from chalicelib.services.contractor import contacts
from chalicelib.services.money import auditing
from chalicelib.services.money.auditing import Room, Shown
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.ticket import frontdesk
from chalicelib.web.kit import forms, pages
from chalicelib.web.kit import ticket as shared
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.moves import NOTHING, Tried, done, key_of, said
from chalicelib.web.kit.pages import lang_of, page, see
from chalicelib.web.staff.view import Clocks, numbered

DONE: Mapping[str, str] = {
    "explain": "Your explanation is on record. It stands again if more comes to it.",
    "reopen": "Open again.",
}
QUIET = frozenset({"warned", "reminded", "opened"})


def look(token: str) -> Response:
    here, lang, at = auditing.room(token), lang_of(request()), now()
    every = asked("show") == "all"
    names = _names([shown for those in here.findings.values() for shown in those], lang)
    order = [*audit.CHECKS, *sorted(here.findings.keys() - audit.CHECKS.keys())]
    checks = [
        (rule, *audit.check_words(rule, lang), [_line(one, names, lang) for one in those if every or one.waits])
        for rule in order
        for those in [here.findings.get(rule, ())]
    ]
    hidden = sum(not one.waits for those in here.findings.values() for one in those)
    return page(
        "audit/home.html",
        lang,
        **_frame(here, token, at),
        checks=checks,
        every=every,
        hidden=hidden,
        as_of=times.date_of(datetime.fromisoformat(here.at), policy_for(NOWHERE).zone, lang) if here.at else "",
    )


def _frame(here: Room, token: str, at: datetime) -> dict[str, Any]:
    return {"now": at, "token": token, "whose": frontdesk.whose(here.grant)}


def _names(shown: list[Shown], lang: str) -> Mapping[str, str]:
    """Of people, companies and teams; who is on no roster is read together, and so are the teams' homes."""
    parties = {party for one in shown for party in one.hit.parties}
    teams = {party: party.partition("/")[0] for party in parties if role_in(party)}
    known = {
        team: f"{name} · {words.team_word(team, lang)}"
        for team, home in teams.items()
        if (name := premises.called(home))
    }
    people = {one: name for one, name in frontdesk.names(parties - teams.keys(), "").items() if name}
    return {**contacts.names(parties - people.keys() - teams.keys()), **known, **people}


def _line(one: Shown, names: Mapping[str, str], lang: str) -> tuple[str, str, str, int, str, str]:
    """(id, whom it is about, by which figures, tickets, tone, state)."""
    state = "gone" if one.gone else "explained" if one.explained else "grown" if one.grown else "open"
    about = words.listed((names.get(party, party) for party in one.hit.parties), lang)
    return (
        parts(one.id)[1],
        about or audit.check_words(one.hit.rule, lang)[0],
        "" if one.gone else audit.figures_of(one.hit.rule, one.hit.figures, lang),
        len(one.hit.tickets),
        {"gone": "done", "explained": "done", "grown": "late", "open": "open"}[state],
        audit.state_word(state, lang),
    )


def finding(token: str, finding: str, tried: Tried = NOTHING) -> Response:
    here, lang, at = auditing.room(token), lang_of(request()), now()
    shown = here.one(finding)
    known = auditing.record_of(shown.id)
    clocks = Clocks(lang, at, policy_for(NOWHERE).zone)
    people = frontdesk.names({event.by for event in known.events} if known else (), "")
    told = said(DONE, at)
    return page(
        "audit/finding.html",
        lang,
        status=tried.status,
        **_frame(here, token, at),
        check=audit.check_words(shown.hit.rule, lang),
        line=_line(shown, _names([shown], lang), lang),
        tickets=[] if shown.gone else [(ticket, spoken(number)) for ticket, number in shown.hit.tickets.items()],
        gone=shown.gone,
        here=f"{pages.root()}/a/{token}/finding/{finding}",
        seen=kind.seen(shown.hit),
        reopens=bool(known and known.state is kind.State.EXPLAINED),
        explains=shown.waits,
        rows=[
            (clocks.when(e.at), audit.happened(e.kind, lang), people.get(e.by, ""), str(e.said.get("words", "")))
            for e in reversed(known.events if known else ())
            if audit.happened(e.kind, lang)
        ],
        key=ulid(at),
        wrong=tried.wrong(lang),
        kept=tried.kept,
        overtaken=tried.overtaken(lang),
        unsent=tried.unsent,
        done=told,
        said_done=DONE.get(told, ""),
    )


def act(token: str, finding: str, move: str) -> Response:
    at, form = now(), forms.Form({})
    try:
        form = forms.read(request())
        typed = form.text("words", MAX_WORDS)
        sent = {"words": typed} if typed else {}
        auditing.move(token, finding, move, sent, form.plain("seen", 20), at, key_of(form))
        return see(f"/a/{token}/finding/{finding}?done={done(move, at)}")
    except NoAccess:
        raise
    except Refused as refused:
        return _again(token, finding, Tried(move, form, refused))


def _again(token: str, name: str, tried: Tried) -> Response:
    return finding(token, name, tried)


def back(token: str, finding: str, move: str) -> Response:
    """303 from the address of a move to its page. Raises NoAccess."""
    auditing.room(token).one(finding)
    return see(f"/a/{token}/finding/{finding}")


def ticket(token: str, ticket: str) -> Response:
    here, one = auditing.ticket(token, ticket)
    lang, at = lang_of(request()), now()
    clocks = Clocks(lang, at, policy_for(one.place).zone)
    names = frontdesk.names({event.by for event in one.events}, one.place.get("project", ""))
    every = numbered(one)
    return page(
        "audit/record.html",
        lang,
        **_frame(here, token, at),
        number=spoken(one.number),
        what=words.category_word(one.category, lang) if one.category else "",
        place=one.place.get("label", ""),
        state=words.state_word(one.state.value, lang, one.kind.value),
        facts=[],
        links=[("case", parts(case)[1]) for case in one.cases.values() if case],
        photos=[f"{pages.root()}/a/{token}/ticket/{ticket}/photo/{n}" for n in range(len(every))],
        rows=_rows(one, clocks, lambda e: words.event_sentence(e, lang, clocks.tz, "staff", names, at), names),
    )


def _rows(one: Any, clocks: Clocks, sentence: Any, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(when, what, who), newest first; what was said stays with those whose work it is."""
    return [
        (clocks.when(e.at), sentence(e), names.get(e.by) or words.role_word(e.role.value, clocks.lang))
        for e in reversed(one.events)
        if e.kind not in QUIET
    ]


def photo(token: str, ticket: str, n: str) -> Response:
    """Raises NotFound."""
    _, one = auditing.ticket(token, ticket)
    return shared.photo(one, [upload for _, upload in numbered(one)], n)


def case(token: str, case: str) -> Response:
    if not is_ulid(case):
        raise NoAccess
    here, one = auditing.case(token, case)
    lang, at = lang_of(request()), now()
    clocks = Clocks(lang, at, policy_for(one.place).zone)
    names = frontdesk.names({event.by for event in one.events}, one.place.get("project", ""))
    jobs = [job for job in (one.job, one.stop) if job]
    companies = contacts.names([one.company, *(job.company for job in jobs)])
    say = cases.event_sentence
    return page(
        "audit/record.html",
        lang,
        **_frame(here, token, at),
        number=spoken(one.number),
        what=words.category_word(one.category, lang),
        place=one.place.get("label", ""),
        state=cases.state_word(one.state.value, lang),
        facts=[
            (words.role_word("contractor", lang), companies.get(one.company, one.company)),
            *(
                (
                    words.role_word("third_party", lang),
                    f"{companies.get(job.company, job.company)} {liability.yuan(job.price, lang) if job.price else ''}",
                )
                for job in jobs
            ),
        ],
        links=[("ticket", name) for name in one.tickets if name in here.tickets()],
        photos=[],
        rows=_rows(one, clocks, lambda e: say(e, lang, clocks.tz, names, at), names),
    )
