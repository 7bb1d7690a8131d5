"""Pages: templates, language, security headers, and the one place where what is refused becomes an answer.

NoAccess, NotFound     404, one page whatever was wrong; it offers to send a new link
PassedOn               404, for who had the ticket: that somebody else has it now, and why
Slowed                 429
IllegalMove, Busy      409, unless the route shows the ticket as it is now
NotAllowed             403
Invalid, any Refused   400, unless the route shows the form again
Unreadable             503, a page of its own with whom to call; the log has its key
anything else          500, logged with its kind, never with what was sent
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from chalice.app import Request, Response
from markupsafe import Markup

from chalicelib.adapters.log import logger, where
from chalicelib.adapters.settings import settings
from chalicelib.adapters.time import now
from chalicelib.domain.record.errors import IllegalMove, NotAllowed, Refused
from chalicelib.domain.record.number import spoken
from chalicelib.language import catalogue, deadlines, reasons, times, words
from chalicelib.language.catalogue import LANGS
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess, PassedOn
from chalicelib.services.record.record import Busy, NotFound
from chalicelib.services.ticket.report import Slowed
from chalicelib.store.reading import Unreadable
from chalicelib.web.kit.asked import address, asked, query, request
from chalicelib.web.kit.static import FOLDER, static_url

HTML = "text/html; charset=utf-8"
STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NoAccess, 404),
    (NotFound, 404),
    (Slowed, 429),
    (IllegalMove, 409),
    (Busy, 409),
    (NotAllowed, 403),
    (Refused, 400),
)
FOR_ONCE = frozenset({"lang", "done"})  # of an address: nothing that the page after it keeps
SWITCH = Markup('<a href="{}?{}lang={}" lang="{}" hreflang="{}">{}</a>')
GONE = {  # why somebody has a ticket no more
    "declined": "You declined it.",
    "handed_back": "It was handed back to the level below.",
    "assigned": "The desk gave it to somebody else.",
    "not_acknowledged": "It was not acknowledged in time and went to somebody else.",
    "place_changed": "The place was corrected: it is for other people.",
}


def root() -> str:
    """The path in front of every route: empty, or the stage where no domain name is mapped."""
    return _path_of(settings().public_url)


@functools.cache
def _path_of(address: str) -> str:
    return urlsplit(address).path.rstrip("/")


def headers() -> dict[str, Any]:
    """What every page carries."""
    return dict(_headers(settings().objects_origin))


@functools.cache
def _headers(objects: str) -> Mapping[str, str]:
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; manifest-src 'self'; worker-src 'self'; "
        f"img-src 'self' data: blob: {objects}; connect-src 'self' {objects}; form-action 'self' {objects}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Type": HTML,
        "Content-Security-Policy": re.sub(r" +", " ", policy).replace(" ;", ";"),
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "Permissions-Policy": "geolocation=(), microphone=(), camera=(self)",
        "Vary": "Cookie",
    }


@functools.cache
def _environment() -> Any:
    import jinja2

    from chalicelib.web.kit.jinja import Pages

    compiled = FOLDER / "compiled"
    loader: jinja2.BaseLoader = (
        jinja2.ModuleLoader(str(compiled)) if compiled.is_dir() else jinja2.FileSystemLoader(FOLDER / "templates")
    )
    environment = Pages(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False)
    environment.filters["spoken"] = spoken
    environment.globals.update(languages=catalogue.LANGUAGES, url=lambda path: root() + path, words=words, times=times)
    environment.globals["switches"] = switches
    environment.globals.update(static=lambda name: root() + static_url(name), deadline=deadlines.deadline)
    return environment


def lang_of(request: Request, default: str = "zh_CN") -> str:
    """The reader's language: what the switch says, else what it said before, else the default."""
    switched = asked("lang")
    if switched in LANGS:
        return switched
    cookie = re.search(r"(?:^|;\s*)lang=(\w+)(?:;|$)", request.headers.get("cookie", ""))
    return cookie[1] if cookie and cookie[1] in LANGS else default


def switches(lang: str, here: str = "", keeps: str | None = None) -> Markup:
    """Links to the page that is shown in each other language: what its address asks for stays.

    `here`: the page's path where it isn't the request's; `keeps`: what it asks for where that isn't what the request
    did, "" or a query that ends in "&".
    """
    asks = _keeps() if keeps is None else keeps
    return Markup("").join(
        SWITCH.format(here, asks, code, other.tag, other.tag, other.name)
        for code, other in catalogue.LANGUAGES.items()
        if code != lang
    )


def _keeps() -> str:
    """The request's query without what was for once."""
    stays = {name: value for name, value in query().items() if name not in FOR_ONCE}
    return f"{urlencode(stays)}&" if stays else ""


def render(template: str, lang: str, **context: Any) -> str:
    """A template's text. In it: `_` (catalogue), `lang`, `now`, `url`, `static`, `words`, `times`."""
    lang = lang if lang in LANGS else LANGS[0]
    context.setdefault("now", now())
    text = catalogue.catalogue(lang).gettext
    return str(_environment().get_template(template).render(_=text, lang=lang, **context))


def page(template: str, lang: str, *, status: int = 200, **context: Any) -> Response:
    """A rendered template as an answer. The language is kept for the next page if the address asked for it."""
    return html(render(template, lang, **context), lang, status)


def html(body: str, lang: str, status: int = 200) -> Response:
    """A page's text as an answer."""
    carried = headers()
    if asked("lang") in LANGS:
        secure = "; Secure" if settings().public_url.startswith("https:") else ""
        carried["Set-Cookie"] = f"lang={lang}; Path={root() or '/'}; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}"
    return Response(body, status_code=status, headers=carried)


def see(path: str) -> Response:
    """303 to another page. A script that sends for a person is told where: it could not tell ours from another's."""
    if request().headers.get("x-outbox"):
        return json_answer({"to": root() + path})
    return Response("", status_code=303, headers={**headers(), "Location": root() + path})


def json_answer(document: Mapping[str, Any], status: int = 200) -> Response:
    carried = headers() | {"Content-Type": "application/json; charset=utf-8"}
    return Response(dict(document), status_code=status, headers=carried)


def answer(view: Callable[..., Response], **variables: str) -> Response:
    """What a view answers, or why it refuses as a page in the reader's language; nothing else leaves a route."""
    try:
        return view(**variables)
    except NoAccess as none:
        return no_access(lang_of(request()), address(), none)
    except Refused as refused:
        return refusal(refused, lang_of(request()))
    except Unreadable as fault:
        return _unreadable(fault, lang_of(request()))
    except Exception as fault:
        logger.error("request failed", extra={"fault": type(fault).__name__, "at": where(fault)})
        return page("refused.html", lang_of(request()), status=500, explained="", again=True, slowed=False)


def no_access(lang: str, address: str, none: NoAccess, unsent: str = "") -> Response:
    """The one page of every wrong, expired, revoked or foreign link. Who keeps guessing is slowed.

    `unsent`: what was typed on a page whose link died meanwhile, to be copied from here.
    """
    if isinstance(none, PassedOn):
        facts = {"number": none.number, "said": GONE.get(none.why, ""), "home": _list(), "unsent": unsent}
        return page("staff/passed_on.html", lang, status=404, **facts)
    slowed = access.guesses(address, now())
    return page("no_access.html", lang, status=429 if slowed else 404, slowed=slowed, unsent=unsent)


def _unreadable(fault: Unreadable, lang: str) -> Response:
    """The page of a ticket that can't be read now, with whom to call, and with what was typed."""
    from chalicelib.services.ticket import choosing
    from chalicelib.web.kit import forms

    try:
        unsent = forms.read(request()).kept().get("words", "") if request().method == "POST" else ""
    except Refused:
        unsent = ""
    return page("unreadable.html", lang, status=503, ladder=choosing.ladder_of(fault.record), unsent=unsent)


def _list() -> str:
    """The list that the staff page asked for stands in; "" where its link opens one ticket alone."""
    route = str(request().context.get("resourcePath") or "")
    before, token, _ = route.partition("{token}/{ticket}")
    return f"{before}{(request().uri_params or {})['token']}" if token else ""


def status_of(refused: Refused) -> int:
    """The status of an answer to something refused."""
    return next(code for kind, code in STATUS if isinstance(refused, kind))


def refusal(refused: Refused, lang: str) -> Response:
    """The page of something refused. Whatever is wrong with a link gives one and the same page."""
    status = status_of(refused)
    if status == 404:
        return page("no_access.html", lang, status=404, slowed=False)
    explained = reasons.explain(refused, lang)
    return page("refused.html", lang, status=status, explained=explained, again=status == 409, slowed=status == 429)
