"""A contractor's or third party's file, and a contract, for the warranty office.

GET  /b/{token}/company/{company}      what is open with it, what it costs; ?past=1 what has ended, ?after= on
GET  /b/{token}/contract/{contract}    scope, terms, retention
"""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from chalicelib.adapters.time import now
from chalicelib.domain.contractor.contract import Clause, CompanyKind, Contract
from chalicelib.domain.record.number import spoken
from chalicelib.language import cases, office, times, words
from chalicelib.language.amendments import rate_text, term_text
from chalicelib.language.faults import component_named
from chalicelib.language.liability import yuan
from chalicelib.services.contractor import office as desk
from chalicelib.services.contractor.listing import Item
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.ticket import frontdesk
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.pages import lang_of, page
from chalicelib.web.office import lines


def company(token: str, company: str) -> Response:
    lang, at, past = lang_of(request()), now(), asked("past") == "1"
    found = desk.company(token, company[:80], past, asked("after"), at)
    tz = policy_for(NOWHERE).zone
    names = {found.company.id: found.company.name}
    here = f"/b/{token}/company/{found.company.id}"
    return page(
        "office/company.html",
        lang,
        now=at,
        token=token,
        whose=frontdesk.whose(found.grant),
        company=found.company,
        third=found.company.kind is CompanyKind.THIRD_PARTY,
        contracts=[(one.id, one.number, office.contract_word(one.kind, lang)) for one in found.contracts],
        figures=found.figures,
        cost=yuan(found.figures.cost, lang) if found.figures else "",
        rows=[lines.row(one, one.by, names, token, lang, at, tz) for one in found.cases] if not past else [],
        ended=[_ended(one, token, lang, tz) for one in found.cases] if past else [],
        prices=[(price.name, price.unit, yuan(price.fen, lang)) for price in found.company.prices.values()],
        trades=words.listed((words.trade_word(trade, lang) for trade in sorted(found.company.trades)), lang),
        record=found.record,
        spent=yuan(found.record.cost, lang) if found.record else "",
        clerks=[(found.people.get(one.person) or one.person, one) for one in found.record.clerks]
        if found.record
        else [],
        past=past,
        here=here,
        after=f"{here}?past=1&after={found.more}" if found.more else "",
    )


def _ended(one: Item, token: str, lang: str, tz: str) -> tuple[str, str, str, str, str]:
    """(address, number, place, outcome, opened) of a case that has ended."""
    line = one.line
    opened = times.date_of(line.opened, tz, lang) if line.opened else ""
    outcome = cases.outcome_word(line.outcome, lang) if line.outcome else cases.state_word(line.state, lang)
    return f"/b/{token}/{one.id.rpartition('#')[2]}", spoken(line.number), line.place, outcome, opened


def contract(token: str, contract: str) -> Response:
    lang, at = lang_of(request()), now()
    found = desk.contract(token, contract[:80])
    one = found.contract
    return page(
        "office/contract.html",
        lang,
        now=at,
        token=token,
        whose=frontdesk.whose(found.grant),
        contract=one,
        kind=office.contract_word(one.kind.value, lang),
        company=(one.company, found.company.name if found.company else one.company),
        entity=found.entity,
        general=(found.general.id, found.general.number) if found.general else None,
        signed=times.letter_day(one.signed, lang),
        money=_money(one, lang),
        clauses=[_clause(clause, lang) for clause in one.clauses],
    )


def _money(one: Contract, lang: str) -> dict[str, str]:
    return {
        "amount": yuan(one.amount, lang) if one.amount else "",
        "rate": rate_text(one.retention_rate) if one.retention_rate else "",
        "retention": yuan(one.retention, lang) if one.retention else "",
        "bond": yuan(one.bond, lang) if one.bond else "",
        "liable": term_text((one.defect_liability_months, ""), lang) if one.defect_liability_months else "",
    }


def _clause(one: Clause, lang: str) -> dict[str, Any]:
    """A clause in words: what it is about, how long, how fast, what may be charged."""
    about = [component_named(name, lang) for name in sorted(one.scope.components)]
    about += [words.trade_word(trade, lang) for trade in sorted(one.scope.trades)]
    length = (one.months or one.seasons, one.season)
    day = times.letter_day(one.starts_on, lang) if one.starts_on else ""
    return {
        "id": one.id,
        "text": one.text,
        "about": words.listed(about, lang),
        "where": words.listed([*one.scope.lots, *one.scope.places], lang),
        "term": term_text(length, lang) if length[0] else "",
        "starts": day or office.starts_word(one.starts.value, lang),
        "response": [(words.priority_word(p, lang), times.span_of(span, lang)) for p, span in one.response.items()],
        "cure": [(words.priority_word(p, lang), days) for p, days in one.cure_days.items()],
        "business": one.business_days,
        "fee": rate_text(one.fee_rate) if one.fee_rate else "",
        "fee_cap": yuan(one.fee_cap, lang) if one.fee_cap else "",
        "penalty": yuan(one.penalty, lang) if one.penalty else "",
        "cap": yuan(one.cap, lang) if one.cap else "",
        "direct": one.direct_engagement,
        "silence": one.silence_is_consent,
        "returned": one.returned_counts,
    }
