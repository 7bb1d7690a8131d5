"""A contractor's statement: its balance, deductions, disputes and settlements, from the sub-ledger; and as PDF.

GET   /k/{token}/statement        the page; ?making=1 while the PDF is being made
POST  /k/{token}/statement        has the PDF made; 303 back
GET   /k/{token}/statement/pdf    303 to the PDF, or to the page while there is none
"""

from __future__ import annotations

from chalice.app import Response

from chalicelib.adapters import press
from chalicelib.adapters.time import now
from chalicelib.domain.record.roles import company_of
from chalicelib.services.access import opening
from chalicelib.services.money import statements
from chalicelib.web.contractor.deductions import CONTRACTOR
from chalicelib.web.kit import forms
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.pages import lang_of, page, see


def look(token: str) -> Response:
    return _page(token)


def _page(token: str, *, down: bool = False) -> Response:
    lang = lang_of(request())
    company = company_of(opening.open_staff(token, CONTRACTOR).team)
    its = statements.said(company, lang)
    made = bool(its["sections"]) and bool(statements.address(company, its))
    return page(
        "contractor/statement.html",
        lang,
        status=503 if down else 200,
        now=now(),
        token=token,
        its=its,
        made=made,
        making=bool(asked("making")) and not made,
        down=down,
    )


def make(token: str) -> Response:
    forms.read(request())
    company = company_of(opening.open_staff(token, CONTRACTOR).team)
    try:
        statements.ask(company, lang_of(request()))
    except press.NotQueued:
        return _page(token, down=True)
    return see(f"/k/{token}/statement?making=1")


def pdf(token: str) -> Response:
    company = company_of(opening.open_staff(token, CONTRACTOR).team)
    found = statements.address(company, statements.said(company, lang_of(request())))
    answer = see(f"/k/{token}/statement")
    if found:
        answer.headers["Location"] = found
    return answer
