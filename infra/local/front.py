"""The one address of the local run: the deployed API under /, beside it the mailbox and the clock.

/_mailbox         every SMS and e-mail, as a page
/_mailbox.json    the same for programs: [{"at", "kind", "to", "subject", "text", "links", "id"}], newest first; ?to=
/_time.json       {"now", "speed", "next"}: simulated time, the next deadline of any ticket
POST /_advance    move the clock: to=ISO time, by=seconds, or next=1; answers 303 to the mailbox, or JSON if asked for
everything else   the API, as its own domain would serve it
"""

import gzip
import http.client
import json
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from infra.local.emulator import EmulatorFailed, LocalFailed
from infra.local.mailbox import Message

PAGE = Path(__file__).with_name("mailbox.html")
BODY_LIMIT = 10 * 1024 * 1024  # API Gateway's
COMPRESS_FROM = 1024  # minimum_compression_size in .chalice/config.json
PACKABLE = ("text/", "application/json", "application/javascript", "application/manifest+json", "image/svg+xml")
HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}


class Desk(Protocol):
    """What the front needs to know of the running stack."""

    @property
    def api_path(self) -> str: ...
    @property
    def emulator_port(self) -> int: ...
    def mailbox(self, to: str = "") -> list[Message]: ...
    def now(self) -> datetime: ...
    def next_deadline(self) -> datetime | None: ...
    def advance(self, *, to: datetime | None = None, by: timedelta | None = None) -> datetime: ...
    def speed(self) -> float: ...
    def refusal(self) -> str: ...


class Unfit(Exception):
    """A request that is not taken: the answer's status, and one line that says why."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class Front(ThreadingHTTPServer):
    """The front server of one stack. Raises OSError when the port is taken."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, desk: Desk | None = None) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.desk = desk

    @property
    def url(self) -> str:
        """The address, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away before its answer is no fault of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "baoxiu"
    sys_version = ""
    timeout = 60  # seconds that a client may keep silent
    server: Front

    def setup(self) -> None:
        super().setup()
        self._upstream: http.client.HTTPConnection | None = None

    def finish(self) -> None:
        if self._upstream:
            self._upstream.close()
        super().finish()

    def _any(self) -> None:
        desk = self.server.desk
        if desk is None:
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, b"starting\n", "text/plain")
            return
        own: dict[tuple[str, str], Callable[[Desk], None]] = {
            ("GET", "/_mailbox"): self._mailbox_page,
            ("GET", "/_mailbox.json"): self._mailbox_json,
            ("GET", "/_time.json"): self._time_json,
            ("POST", "/_advance"): self._advance,
        }
        try:
            own.get((self.command, urlsplit(self.path).path), self._api)(desk)
        except Unfit as unfit:
            self.close_connection = True  # what is left of the request would be read as the next one
            self._answer(unfit.status, f"{unfit}\n".encode(), "text/plain; charset=utf-8")
        except LocalFailed as error:
            self.close_connection = True
            self._answer(HTTPStatus.BAD_GATEWAY, f"{error}\n".encode(), "text/plain")

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _any

    def _mailbox_page(self, desk: Desk) -> None:
        self._answer(HTTPStatus.OK, PAGE.read_bytes(), "text/html; charset=utf-8")

    def _mailbox_json(self, desk: Desk) -> None:
        to = parse_qs(urlsplit(self.path).query).get("to", [""])[0]
        self._json([message.as_dict() for message in desk.mailbox(to)])

    def _time_json(self, desk: Desk) -> None:
        due = desk.next_deadline()
        self._json({"now": _iso(desk.now()), "speed": desk.speed(), "next": _iso(due) if due else None})

    def _advance(self, desk: Desk) -> None:
        form = {name: values[0] for name, values in parse_qs(self._body().decode(errors="replace")).items()}
        origin = self.headers.get("Origin")
        if origin not in (None, "null", self.server.url):
            self._answer(HTTPStatus.FORBIDDEN, b"another site's page may not move the clock\n", "text/plain")
            return
        try:
            if "next" in form:
                due = desk.next_deadline()
                now = desk.advance(to=due + timedelta(seconds=1)) if due else desk.now()
            elif "to" in form:
                now = desk.advance(to=_moment(form["to"]))
            else:
                now = desk.advance(by=timedelta(seconds=float(form["by"])))
        except (ValueError, KeyError, OverflowError):
            self._answer(HTTPStatus.BAD_REQUEST, b"to=ISO time with zone, by=seconds or next=1\n", "text/plain")
            return
        if "json" in self.headers.get("Accept", ""):
            self._json({"now": _iso(now)})
        else:
            self._answer(HTTPStatus.SEE_OTHER, b"", "text/plain", Location="/_mailbox")

    def _api(self, desk: Desk) -> None:
        body = self._body()
        if self.command not in ("GET", "HEAD", "OPTIONS") and (refusal := desk.refusal()):
            raise Unfit(HTTPStatus.INSUFFICIENT_STORAGE, refusal)
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in HOP_BY_HOP | {"host", "content-length"}
        }
        before = self.headers.get("X-Forwarded-For")
        headers["X-Forwarded-For"] = f"{before}, {self.client_address[0]}" if before else self.client_address[0]
        headers["X-Forwarded-Proto"] = "http"
        headers["X-Forwarded-Port"] = str(self.server.server_address[1])
        headers["Accept-Encoding"] = "identity"
        if body or self.command in ("POST", "PUT", "PATCH"):
            headers["Content-Length"] = str(len(body))
        answer, content = self._ask(desk, body, headers)
        self.send_response(answer.status, answer.reason)
        packed = self._pack(answer, content)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP | {"content-length", "server", "date"}:
                self.send_header(name, value)
        if packed is not None:
            content = packed
            self.send_header("Content-Encoding", "gzip")
        self._end(content)

    def _ask(self, desk: Desk, body: bytes, headers: dict[str, str]) -> tuple[http.client.HTTPResponse, bytes]:
        """Ask the API over this connection's own, remade once if it went stale before it was used again."""
        for attempt in (1, 2):
            fresh = self._upstream is None
            self._upstream = self._upstream or http.client.HTTPConnection("127.0.0.1", desk.emulator_port, timeout=60)
            try:
                self._upstream.request(self.command, desk.api_path + self.path, body or None, headers)
                answer = self._upstream.getresponse()
                return answer, answer.read()
            except (http.client.HTTPException, OSError) as error:
                self._upstream.close()
                self._upstream = None
                stale = isinstance(error, ConnectionError) and not fresh
                if not stale or attempt == 2:
                    raise EmulatorFailed(f"the emulator does not answer ({error})") from error
        raise AssertionError("unreachable")

    def _pack(self, answer: http.client.HTTPResponse, content: bytes) -> bytes | None:
        """Compressed as API Gateway would, or nothing to leave it as it is."""
        wanted = "gzip" in self.headers.get("Accept-Encoding", "")
        kind = answer.getheader("Content-Type", "")
        if (
            not wanted
            or len(content) < COMPRESS_FROM
            or answer.getheader("Content-Encoding")
            or not kind.startswith(PACKABLE)
        ):
            return None
        return gzip.compress(content, 6, mtime=0)

    def _body(self) -> bytes:
        """All of the body. Raises Unfit where its length is not said, wrong or too much."""
        said = set(self.headers.get_all("Content-Length") or ())
        if self.headers.get("Transfer-Encoding"):
            raise Unfit(HTTPStatus.LENGTH_REQUIRED, "Content-Length is needed")
        length = said.pop() if said else "0"
        if said or not re.fullmatch(r"[0-9]{1,15}", length):
            raise Unfit(HTTPStatus.BAD_REQUEST, "Content-Length is one whole number")
        body = self.rfile.read(min(int(length), BODY_LIMIT + 1))
        if int(length) > BODY_LIMIT:
            raise Unfit(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large")
        if len(body) < int(length):
            raise Unfit(HTTPStatus.BAD_REQUEST, "the body is shorter than its Content-Length")
        return body

    def _json(self, value: Any) -> None:
        self._answer(HTTPStatus.OK, json.dumps(value, ensure_ascii=False).encode(), "application/json")

    def _answer(self, status: HTTPStatus, content: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        for name, value in headers.items():
            self.send_header(name, value)
        self._end(content)

    def _end(self, content: bytes) -> None:
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: paths carry tokens."""


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time needs its zone")
    return at


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
