"""Every route: method, path, the view that answers, and by which door it comes to its ticket.

A family's module is imported when the first of its pages is asked for: a cold start loads none of them. HEAD answers
as GET does. A link opens with a full stop, a bracket or a word behind it too, as messages and chats glue them on.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlencode

from chalice.app import Chalice, Response

from chalicelib.web.kit import asked

TOKEN, TICKET, LETTER = "[A-Za-z0-9_-]{22}", "[0-9A-Z]{26}", r"[A-Za-z0-9_.-]{1,50}-20\d\d-\d{4,9}"
LINK = re.compile(
    rf"/|/(c|l|again|report|passed-on)|/l/{LETTER}"
    rf"|/[otwdmkbfsqga]/{TOKEN}(/{TICKET})?(/(sheet|late|people|new|[a-z_]+|photo/\w+))?"
)


# Parts of an address that name a record.
STAFF = ("/w/", "/d/", "/g/")  # whose pages make a device a staff device
OF = ("ticket", "case", "change", "deduction", "release", "survey", "score", "action")


class Route(NamedTuple):
    """`view`: module below chalicelib.web, and function. `door`: see kit/doors.py; "" for a page of no one ticket."""

    method: str
    path: str
    view: str
    door: str = ""


ROUTES = (
    Route("GET", "/", "public.routes:landing"),
    Route("GET", "/report", "public.routes:form"),
    Route("POST", "/report", "public.routes:send"),
    Route("POST", "/report/follow", "public.routes:follow"),
    Route("POST", "/hints", "public.routes:hints"),
    Route("POST", "/photos", "public.routes:upload"),
    Route("GET", "/c", "code.routes:code"),
    Route("POST", "/c", "code.routes:enter"),
    Route("POST", "/c/send", "code.routes:send_code"),
    Route("GET", "/m/{token}", "mine.routes:look"),
    Route("POST", "/m/{token}", "mine.routes:room"),
    Route("GET", "/again", "code.routes:again"),
    Route("POST", "/again", "code.routes:send_again"),
    Route("GET", "/o/{token}", "owner.routes:ticket", "owner"),
    Route("GET", "/o/{token}/sheet", "owner.routes:sheet", "owner"),
    Route("GET", "/o/{token}/price", "owner.routes:quote", "owner"),
    Route("GET", "/o/{token}/claims", "kit.claims:claims", "owner"),
    Route("GET", "/o/{token}/claims/{move}", "kit.claims:photo", "owner"),
    Route("POST", "/o/{token}/claims/{move}", "kit.claims:act", "owner"),
    Route("GET", "/o/{token}/late", "late.routes:late_for_owner", "owner"),
    Route("GET", "/o/{token}/photo/{n}", "owner.routes:photo", "owner"),
    Route("GET", "/o/{token}/paper/{sum}", "kit.ticket:paper", "owner"),
    Route("GET", "/o/{token}/{move}", "kit.ticket:back", "owner"),
    Route("POST", "/o/{token}/{move}", "owner.routes:act", "owner"),
    Route("GET", "/s/{token}", "owner.survey:look", "survey"),
    Route("GET", "/s/{token}/{move}", "kit.ticket:back", "survey"),
    Route("POST", "/s/{token}/{move}", "owner.survey:act", "survey"),
    Route("GET", "/t/{token}", "staff.routes:ticket", "one"),
    Route("GET", "/t/{token}/people", "kit.ticket:people", "one"),
    Route("GET", "/t/{token}/unit", "kit.unit:of_ticket", "one"),
    Route("GET", "/t/{token}/claims", "kit.claims:claims", "one"),
    Route("GET", "/t/{token}/claims/{move}", "kit.claims:photo", "one"),
    Route("POST", "/t/{token}/claims/scan", "kit.claims:scan", "one"),
    Route("POST", "/t/{token}/claims/{move}", "kit.claims:act", "one"),
    Route("GET", "/t/{token}/late", "late.routes:late", "one"),
    Route("GET", "/t/{token}/sheet", "sheet.routes:sheet", "one"),
    Route("GET", "/t/{token}/photo/{n}", "staff.routes:photo", "one"),
    Route("GET", "/t/{token}/paper/{sum}", "kit.ticket:paper", "one"),
    Route("POST", "/t/{token}/scan", "kit.ticket:scan", "one"),
    Route("GET", "/t/{token}/{move}", "kit.ticket:back", "one"),
    Route("POST", "/t/{token}/{move}", "staff.routes:act", "one"),
    Route("GET", "/q/{token}", "kit.scores:look", "score"),
    Route("GET", "/q/{token}/{move}", "kit.ticket:back", "score"),
    Route("POST", "/q/{token}/{move}", "kit.scores:act", "score"),
    Route("GET", "/g/{token}/standing", "manager.standing:look"),
    Route("GET", "/g/{token}/standing/file", "manager.standing:file"),
    Route("GET", "/w/{token}/score", "kit.scores:mine"),
    Route("GET", "/w/{token}/scores", "kit.scores:colleagues"),
    Route("GET", "/w/{token}/score/{score}", "kit.scores:look", "colleague"),
    Route("GET", "/w/{token}/score/{score}/{move}", "kit.ticket:back", "colleague"),
    Route("POST", "/w/{token}/score/{score}/{move}", "kit.scores:act", "colleague"),
    Route("GET", "/d/{token}/scores", "kit.scores:served_with"),
    Route("GET", "/d/{token}/score/{score}", "kit.scores:look", "scored"),
    Route("GET", "/d/{token}/score/{score}/{move}", "kit.ticket:back", "scored"),
    Route("POST", "/d/{token}/score/{score}/{move}", "kit.scores:act", "scored"),
    Route("GET", "/g/{token}", "manager.routes:home"),
    Route("GET", "/g/{token}/tickets", "manager.routes:behind"),
    Route("GET", "/g/{token}/words", "manager.routes:wrote"),
    Route("GET", "/g/{token}/ticket/{ticket}", "manager.routes:ticket"),
    Route("GET", "/g/{token}/rollout", "manager.rollout:look"),
    Route("GET", "/g/{token}/report", "manager.report:look"),
    Route("POST", "/g/{token}/report", "manager.report:want"),
    Route("GET", "/g/{token}/report/{ending}", "manager.report:file"),
    Route("GET", "/g/{token}/act", "manager.actions:form"),
    Route("POST", "/g/{token}/act", "manager.actions:plan"),
    Route("GET", "/g/{token}/actions", "manager.actions:listed"),
    Route("GET", "/g/{token}/action/{action}", "manager.actions:look", "action"),
    Route("GET", "/g/{token}/action/{action}/{move}", "kit.ticket:back", "action"),
    Route("POST", "/g/{token}/action/{action}/{move}", "manager.actions:act", "action"),
    Route("GET", "/g/{token}/scores", "kit.scores:managed"),
    Route("GET", "/g/{token}/score/{score}", "kit.scores:look", "managed"),
    Route("GET", "/g/{token}/score/{score}/{move}", "kit.ticket:back", "managed"),
    Route("POST", "/g/{token}/score/{score}/{move}", "kit.scores:act", "managed"),
    Route("GET", "/w/{token}", "staff.routes:my_work"),
    Route("GET", "/w/{token}/{ticket}", "staff.routes:ticket", "held"),
    Route("GET", "/w/{token}/{ticket}/people", "kit.ticket:people", "held"),
    Route("GET", "/w/{token}/{ticket}/unit", "kit.unit:of_ticket", "held"),
    Route("GET", "/w/{token}/{ticket}/claims", "kit.claims:claims", "held"),
    Route("GET", "/w/{token}/{ticket}/claims/{move}", "kit.claims:photo", "held"),
    Route("POST", "/w/{token}/{ticket}/claims/scan", "kit.claims:scan", "held"),
    Route("POST", "/w/{token}/{ticket}/claims/{move}", "kit.claims:act", "held"),
    Route("GET", "/w/{token}/{ticket}/late", "late.routes:late", "held"),
    Route("GET", "/w/{token}/{ticket}/sheet", "sheet.routes:sheet", "held"),
    Route("GET", "/w/{token}/{ticket}/photo/{n}", "staff.routes:photo", "held"),
    Route("GET", "/w/{token}/{ticket}/paper/{sum}", "kit.ticket:paper", "held"),
    Route("POST", "/w/{token}/{ticket}/scan", "kit.ticket:scan", "held"),
    Route("GET", "/w/{token}/{ticket}/{move}", "kit.ticket:back", "held"),
    Route("POST", "/w/{token}/{ticket}/{move}", "staff.routes:act", "held"),
    Route("GET", "/passed-on", "staff.routes:passed_on"),
    Route("GET", "/d/{token}", "desk.routes:queue"),
    Route("POST", "/d/{token}", "desk.routes:find"),
    Route("GET", "/d/{token}/new", "desk.calls:new"),
    Route("POST", "/d/{token}/new", "desk.calls:called"),
    Route("GET", "/d/{token}/unit", "kit.unit:of_place"),
    Route("GET", "/d/{token}/closed", "desk.closed:closed"),
    Route("GET", "/d/{token}/signs", "desk.signs:look"),
    Route("GET", "/d/{token}/calls", "desk.surveys:calls"),
    Route("GET", "/d/{token}/call/{survey}", "desk.surveys:call", "called"),
    Route("GET", "/d/{token}/call/{survey}/{move}", "kit.ticket:back", "called"),
    Route("POST", "/d/{token}/call/{survey}/{move}", "desk.surveys:act", "called"),
    Route("GET", "/d/{token}/releases", "office.releases:at_desk"),
    Route("GET", "/d/{token}/release/{release}", "office.releases:look", "release_at_desk"),
    Route("GET", "/d/{token}/release/{release}/photo/{n}", "office.releases:photo", "release_at_desk"),
    Route("GET", "/d/{token}/release/{release}/{move}", "kit.ticket:back", "release_at_desk"),
    Route("POST", "/d/{token}/release/{release}/{move}", "office.releases:act", "release_at_desk"),
    Route("GET", "/d/{token}/first", "desk.first:look"),
    Route("POST", "/d/{token}/first", "desk.first:act"),
    Route("GET", "/d/{token}/{ticket}", "desk.routes:ticket", "at_desk"),
    Route("GET", "/d/{token}/{ticket}/people", "kit.ticket:people", "at_desk"),
    Route("GET", "/d/{token}/{ticket}/unit", "kit.unit:of_ticket", "at_desk"),
    Route("GET", "/d/{token}/{ticket}/claims", "kit.claims:claims", "at_desk"),
    Route("GET", "/d/{token}/{ticket}/claims/{move}", "kit.claims:photo", "at_desk"),
    Route("POST", "/d/{token}/{ticket}/claims/{move}", "kit.claims:act", "at_desk"),
    Route("GET", "/d/{token}/{ticket}/late", "late.routes:late", "at_desk"),
    Route("GET", "/d/{token}/{ticket}/sheet", "sheet.routes:sheet", "at_desk"),
    Route("GET", "/d/{token}/{ticket}/photo/{n}", "staff.routes:photo", "at_desk"),
    Route("GET", "/d/{token}/{ticket}/paper/{sum}", "kit.ticket:paper", "at_desk"),
    Route("GET", "/d/{token}/{ticket}/{move}", "kit.ticket:back", "at_desk"),
    Route("POST", "/d/{token}/{ticket}/{move}", "desk.routes:act", "at_desk"),
    Route("GET", "/k/{token}", "contractor.routes:desk"),
    Route("GET", "/k/{token}/deductions", "contractor.deductions:waiting"),
    Route("GET", "/k/{token}/statement", "contractor.statement:look"),
    Route("POST", "/k/{token}/statement", "contractor.statement:make"),
    Route("GET", "/k/{token}/statement/pdf", "contractor.statement:pdf"),
    Route("GET", "/k/{token}/deduction/{deduction}", "contractor.deductions:look", "owed"),
    Route("POST", "/k/{token}/deduction/{deduction}/scan", "office.deductions:scan", "owed"),
    Route("GET", "/k/{token}/deduction/{deduction}/evidence", "kit.deduction:evidence", "owed"),
    Route("GET", "/k/{token}/deduction/{deduction}/{move}", "kit.ticket:back", "owed"),
    Route("POST", "/k/{token}/deduction/{deduction}/{move}", "contractor.deductions:act", "owed"),
    Route("GET", "/k/{token}/releases", "contractor.releases:waiting"),
    Route("GET", "/k/{token}/release/{release}", "contractor.releases:look", "release_of_company"),
    Route("GET", "/k/{token}/release/{release}/{move}", "kit.ticket:back", "release_of_company"),
    Route("POST", "/k/{token}/release/{release}/{move}", "contractor.releases:act", "release_of_company"),
    Route("GET", "/k/{token}/{case}", "contractor.routes:case", "case"),
    Route("GET", "/k/{token}/{case}/photo/{n}", "contractor.routes:photo", "case"),
    Route("GET", "/k/{token}/{case}/letter/{number}", "contractor.routes:letter", "case"),
    Route("GET", "/k/{token}/{case}/{move}", "contractor.routes:back", "case"),
    Route("POST", "/k/{token}/{case}/{move}", "contractor.routes:act", "case"),
    Route("GET", "/b/{token}", "office.routes:waits"),
    Route("GET", "/b/{token}/claims", "office.routes:claims"),
    Route("GET", "/b/{token}/changes", "office.changes:waiting"),
    Route("GET", "/b/{token}/change/{change}", "office.changes:look", "change"),
    Route("GET", "/b/{token}/change/{change}/{move}", "kit.ticket:back", "change"),
    Route("POST", "/b/{token}/change/{change}/{move}", "office.changes:act", "change"),
    Route("GET", "/b/{token}/company/{company}", "office.files:company"),
    Route("GET", "/b/{token}/contract/{contract}", "office.files:contract"),
    Route("GET", "/b/{token}/deductions", "office.deductions:waiting"),
    Route("GET", "/b/{token}/deduction/{deduction}", "office.deductions:look", "deduction"),
    Route("POST", "/b/{token}/deduction/{deduction}/scan", "office.deductions:scan", "deduction"),
    Route("GET", "/b/{token}/deduction/{deduction}/photo/{n}", "office.deductions:photo", "deduction"),
    Route("GET", "/b/{token}/deduction/{deduction}/file/{sum}", "office.deductions:file", "deduction"),
    Route("GET", "/b/{token}/deduction/{deduction}/letter/{number}", "office.deductions:letter", "deduction"),
    Route("GET", "/b/{token}/deduction/{deduction}/evidence", "kit.deduction:evidence", "deduction"),
    Route("GET", "/b/{token}/deduction/{deduction}/{move}", "kit.ticket:back", "deduction"),
    Route("POST", "/b/{token}/deduction/{deduction}/{move}", "office.deductions:act", "deduction"),
    Route("GET", "/b/{token}/releases", "office.releases:waiting"),
    Route("GET", "/b/{token}/retention/{contract}", "office.releases:unfiled"),
    Route("POST", "/b/{token}/retention/{contract}", "office.releases:begin"),
    Route("GET", "/b/{token}/release/{release}", "office.releases:look", "release"),
    Route("GET", "/b/{token}/release/{release}/photo/{n}", "office.releases:photo", "release"),
    Route("GET", "/b/{token}/release/{release}/{move}", "kit.ticket:back", "release"),
    Route("POST", "/b/{token}/release/{release}/{move}", "office.releases:act", "release"),
    Route("GET", "/b/{token}/{case}", "office.routes:case", "office"),
    Route("GET", "/b/{token}/{case}/draft", "office.routes:draft", "office"),
    Route("GET", "/b/{token}/{case}/parties", "office.routes:parties", "office"),
    Route("POST", "/b/{token}/{case}/scan", "office.routes:scan", "office"),
    Route("GET", "/b/{token}/{case}/photo/{n}", "office.routes:photo", "office"),
    Route("GET", "/b/{token}/{case}/letter/{number}", "office.routes:letter", "office"),
    Route("GET", "/b/{token}/{case}/{move}", "kit.ticket:back", "office"),
    Route("POST", "/b/{token}/{case}/{move}", "office.routes:act", "office"),
    Route("GET", "/f/{token}", "finance.routes:preview"),
    Route("POST", "/f/{token}/code", "finance.entrance:ask"),
    Route("POST", "/f/{token}/enter", "finance.entrance:enter"),
    Route("POST", "/f/{token}/leave", "finance.entrance:leave"),
    Route("GET", "/f/{token}/seal", "finance.routes:confirm"),
    Route("POST", "/f/{token}/seal", "finance.routes:seal"),
    Route("GET", "/f/{token}/batches", "finance.routes:batches"),
    Route("GET", "/f/{token}/batch/{batch}", "finance.routes:batch"),
    Route("GET", "/f/{token}/batch/{batch}/file/{n}", "finance.routes:file"),
    Route("POST", "/f/{token}/batch/{batch}/{move}", "finance.routes:act"),
    Route("GET", "/f/{token}/evidence", "finance.reports:evidence"),
    Route("GET", "/f/{token}/periods", "finance.books:look_periods"),
    Route("POST", "/f/{token}/periods", "finance.books:move_period"),
    Route("GET", "/f/{token}/settle", "finance.books:look_settle"),
    Route("POST", "/f/{token}/settle", "finance.books:settle"),
    Route("GET", "/f/{token}/releases", "finance.releases:waiting"),
    Route("POST", "/f/{token}/releases", "finance.releases:load"),
    Route("GET", "/f/{token}/release/{release}", "finance.releases:look"),
    Route("GET", "/f/{token}/release/{release}/photo/{n}", "finance.releases:photo"),
    Route("GET", "/f/{token}/release/{release}/{move}", "finance.releases:back"),
    Route("POST", "/f/{token}/release/{release}/{move}", "finance.releases:act"),
    Route("GET", "/f/{token}/reports", "finance.reports:look"),
    Route("POST", "/f/{token}/reports/file", "finance.reports:file"),
    Route("GET", "/f/{token}/work/{job}", "finance.works:look"),
    Route("POST", "/f/{token}/work/{job}/{move}", "finance.works:act"),
    Route("GET", "/f/{token}/work/{job}/file", "finance.works:file"),
    Route("GET", "/finance/openapi.json", "finance.api:describe"),
    Route("GET", "/finance/evidence/{number}", "finance.api:evidence"),
    Route("GET", "/finance/batches", "finance.api:list_batches"),
    Route("GET", "/finance/batches/{batch}", "finance.api:one_batch"),
    Route("POST", "/finance/batches/{batch}/acknowledge", "finance.api:acknowledge"),
    Route("POST", "/finance/settlements", "finance.api:post_settlements"),
    Route("GET", "/a/{token}", "audit.routes:look"),
    Route("GET", "/a/{token}/finding/{finding}", "audit.routes:finding"),
    Route("GET", "/a/{token}/finding/{finding}/{move}", "audit.routes:back"),
    Route("POST", "/a/{token}/finding/{finding}/{move}", "audit.routes:act"),
    Route("GET", "/a/{token}/ticket/{ticket}", "audit.routes:ticket"),
    Route("GET", "/a/{token}/ticket/{ticket}/photo/{n}", "audit.routes:photo"),
    Route("GET", "/a/{token}/case/{case}", "audit.routes:case"),
    Route("GET", "/l", "letter.routes:ask"),
    Route("GET", "/l/{number}", "letter.routes:letter"),
    Route("GET", "/static/{name}", "kit.files:static"),
    Route("GET", "/sw.js", "kit.files:worker"),
    Route("GET", "/favicon.ico", "kit.files:icon"),
    Route("GET", "/robots.txt", "kit.files:robots"),
    Route("GET", "/health", "kit.files:health"),
    Route("GET", "/{proxy+}", "kit.files:nothing_here"),
    Route("POST", "/{proxy+}", "kit.files:nothing_here"),
)


def register(app: Chalice) -> None:
    """Put every route on the app."""
    asked.of(app)
    for route in ROUTES:
        methods = ["GET", "HEAD"] if route.method == "GET" else [route.method]
        # What a form is sent as is looked at where it is read: a refusal is a page of ours.
        app.route(route.path, methods=methods, name=route.view, content_types=[])(_answered(route))


def _answered(route: Route) -> Callable[..., Response]:
    def answered(**variables: str) -> Response:
        from chalicelib.web.kit.doors import DOORS
        from chalicelib.web.kit.pages import answer, see

        view = _view(route.view)
        method = asked.request().method
        if method != "POST":
            typed = unquote(asked.path())
            meant = clean(typed)
            if meant != typed and LINK.fullmatch(meant):  # nothing else of an address goes into a header
                again = urlencode(list(asked.query().items()))
                return see(quote(meant, safe="/") + (f"?{again}" if again else ""))
        made: dict[str, Any] = dict(variables)
        if route.door:
            of = next((made.pop(name) for name in OF if name in made), "")
            made["door"] = DOORS[route.door](made.pop("token"), of)
        answer_ = answer(view, **made)
        if route.method == "GET" and route.path.startswith(STAFF):
            from chalicelib.web.kit import device

            answer_ = device.known(answer_, staff=True)
        if method == "HEAD":
            answer_.body = ""
        return answer_

    return answered


@functools.cache
def _view(name: str) -> Callable[..., Response]:
    module, _, function = name.partition(":")
    found: Callable[..., Response] = getattr(import_module(f"chalicelib.web.{module}"), function)
    return found


def clean(path: str) -> str:
    """A path without what a message glued behind it: /o/abc\u3002 is /o/abc, and so are /o/abc/ and /o/abc)."""
    before, _, last = path.strip("/").rpartition("/")
    found = re.match(r"[A-Za-z0-9_.-]*", last)
    kept = found[0].rstrip(".") if found else ""
    above = f"/{before}" if before else ""
    return f"{above}/{kept}" if kept else clean(above) if above else "/"
