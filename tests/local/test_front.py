"""The front address: the API as its own domain would serve it, the mailbox and the clock beside it."""

import gzip
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from infra.local.emulator import EmulatorFailed
from infra.local.front import Front
from infra.local.mailbox import Message

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BYTES = bytes(range(256))


class Api(BaseHTTPRequestHandler):
    """Stands for the deployed API: says back what it was asked, or gives what the path asks for."""

    protocol_version = "HTTP/1.1"

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.removeprefix("/restapis/x/api/_user_request_")
        if path.startswith("/see-other"):
            self._give(303, b"", Location="http://elsewhere/g/1")
        elif path.startswith("/bytes"):
            self._give(200, BYTES, **{"Content-Type": "image/png"})
        elif path.startswith("/page"):
            self._give(200, b"<p>" + b"x" * 5000, **{"Content-Type": "text/html; charset=utf-8"})
        else:
            seen = {"method": self.command, "path": path, "headers": dict(self.headers), "body": body.decode("latin1")}
            self._give(200, json.dumps(seen).encode(), **{"Content-Type": "application/json", "Set-Cookie": "a=1"})

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _any

    def _give(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@dataclass
class Desk:
    """Stands for the stack."""

    emulator_port: int
    api_path: str = "/restapis/x/api/_user_request_"
    due: datetime | None = None
    refuses: str = ""
    moves: list[dict[str, Any]] = field(default_factory=list)

    def mailbox(self, to: str = "") -> list[Message]:
        sent = [Message("2026-03-02T01:00:00Z", "sms", phone, "", "您好", [], phone) for phone in ("100", "200")]
        return [message for message in sent if to in message.to]

    def now(self) -> datetime:
        return NINE

    def speed(self) -> float:
        return 60

    def refusal(self) -> str:
        return self.refuses

    def next_deadline(self) -> datetime | None:
        return self.due

    def advance(self, **move: Any) -> datetime:
        self.moves.append(move)
        return NINE


@pytest.fixture(scope="module")
def api() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def desk(api: int) -> Desk:
    return Desk(api)


@pytest.fixture
def front(desk: Desk) -> Iterator[Front]:
    server = Front(0, desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def ask(front: Front, method: str, path: str, body: bytes | str | None = None, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", front.server_address[1], timeout=10)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = Answer(answer.status, answer.headers, answer.read())
    connection.close()
    return found


def test_method_path_query_headers_and_body_reach_the_api(front):
    seen = ask(front, "POST", "/g/a%2Fb?x=1&x=2", b"one=%E4%B8%80", Content_Type="text/x", Accept_Language="en").json()
    assert (seen["method"], seen["path"], seen["body"]) == ("POST", "/g/a%2Fb?x=1&x=2", "one=%E4%B8%80")
    assert seen["headers"]["Content-Type"] == "text/x"
    assert seen["headers"]["Accept-Language"] == "en"
    assert seen["headers"]["X-Forwarded-For"] == "127.0.0.1"
    assert seen["headers"]["X-Forwarded-Proto"] == "http"


def test_the_chain_of_addresses_is_added_to(front):
    seen = ask(front, "GET", "/", X_Forwarded_For="9.9.9.9").json()
    assert seen["headers"]["X-Forwarded-For"] == "9.9.9.9, 127.0.0.1"


def test_bytes_go_both_ways_unchanged(front):
    seen = ask(front, "POST", "/", BYTES, Content_Type="application/octet-stream").json()
    assert seen["body"].encode("latin1") == BYTES
    assert ask(front, "GET", "/bytes", Accept_Encoding="gzip").body == BYTES


def test_a_redirect_is_passed_on_and_cookies_too(front):
    assert ask(front, "POST", "/see-other", b"x").headers["Location"] == "http://elsewhere/g/1"
    assert ask(front, "GET", "/").headers["Set-Cookie"] == "a=1"


def test_head_has_no_body(front):
    answer = ask(front, "HEAD", "/page")
    assert (answer.status, answer.body) == (200, b"")


def test_a_long_text_is_compressed_for_who_takes_it(front):
    packed = ask(front, "GET", "/page", Accept_Encoding="gzip, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == ask(front, "GET", "/page").body


def test_what_is_larger_than_api_gateway_takes_is_refused(front):
    assert ask(front, "POST", "/", b"x" * (10 * 1024 * 1024 + 1)).status == 413


def test_an_api_that_is_gone_is_said_in_one_line(desk, front):
    desk.emulator_port = 1
    answer = ask(front, "GET", "/")
    assert answer.status == 502
    assert answer.body.decode().count("\n") == 1


def test_a_mailbox_whose_emulator_is_gone_is_said_in_one_line(desk, front, monkeypatch):
    def gone(to: str = "") -> list[Message]:
        raise EmulatorFailed("the emulator does not answer")

    monkeypatch.setattr(desk, "mailbox", gone)
    assert ask(front, "GET", "/_mailbox.json").status == 502


def test_the_mailbox_is_a_page_and_json_filtered_by_recipient(front):
    assert "收件箱" in ask(front, "GET", "/_mailbox").body.decode()
    assert [message["to"] for message in ask(front, "GET", "/_mailbox.json").json()] == ["100", "200"]
    assert [message["to"] for message in ask(front, "GET", "/_mailbox.json?to=200").json()] == ["200"]


def test_the_clock_tells_time_pace_and_next_deadline(desk, front):
    assert ask(front, "GET", "/_time.json").json() == {"now": "2026-03-02T01:00:00Z", "speed": 60, "next": None}
    desk.due = NINE + timedelta(hours=1)
    assert ask(front, "GET", "/_time.json").json()["next"] == "2026-03-02T02:00:00Z"


@pytest.mark.parametrize(
    ("form", "move"),
    [
        ("by=3600", {"by": timedelta(hours=1)}),
        ("to=2026-03-02T10:00:00%2B08:00", {"to": NINE + timedelta(hours=1)}),
        ("next=1", {"to": NINE + timedelta(minutes=30, seconds=1)}),
    ],
)
def test_the_clock_is_moved(desk, front, form, move):
    desk.due = NINE + timedelta(minutes=30)
    answer = ask(front, "POST", "/_advance", form, Content_Type="application/x-www-form-urlencoded")
    assert (answer.status, answer.headers["Location"]) == (303, "/_mailbox")
    assert desk.moves == [move]


@pytest.mark.parametrize("form", ["", "by=soon", "to=2026-03-02", "to=2026-03-02T10:00:00", "by=1e999"])
def test_a_move_that_cannot_be_read_is_refused(desk, front, form):
    assert ask(front, "POST", "/_advance", form).status == 400
    assert desk.moves == []


def test_another_sites_page_may_not_move_the_clock(desk, front):
    assert ask(front, "POST", "/_advance", "by=60", Origin="http://evil.example").status == 403
    assert desk.moves == []
    assert ask(front, "POST", "/_advance", "by=60", Origin=front.url).status == 303


def test_before_the_stack_is_up_it_says_so(front):
    front.desk = None
    assert ask(front, "GET", "/").status == 503


def raw(front: Front, request: bytes, *, ends: bool = False) -> tuple[int, bytes]:
    """The status and the body that a request as it stands is answered with; `ends`: nothing more is sent."""
    with socket.create_connection(("127.0.0.1", front.server_address[1]), timeout=10) as connection:
        connection.sendall(request)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.read()


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (b"Content-Length: many", 400),
        (b"Content-Length: -1", 400),
        (b"Content-Length: 1.5", 400),
        (b"Content-Length: +3", 400),
        (b"Content-Length:", 400),
        (b"Content-Length: 3\r\nContent-Length: 4", 400),
        (b"Content-Length: 99999999999999999999", 400),
        (b"Content-Length: 99999999999", 413),
        (b"Transfer-Encoding: chunked", 411),
    ],
)
@pytest.mark.parametrize("path", [b"/report", b"/_advance"])
def test_a_length_that_is_wrong_is_answered_and_the_connection_closed(
    front: Front, path: bytes, lines: bytes, status: int
) -> None:
    found, said = raw(front, b"POST " + path + b" HTTP/1.1\r\nHost: x\r\n" + lines + b"\r\n\r\nabc", ends=True)
    assert found == status
    assert said.endswith(b"\n")


def test_a_body_that_ends_early_is_refused(front: Front) -> None:
    request = b"POST /report HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"
    assert raw(front, request, ends=True)[0] == 400


def test_the_same_length_twice_is_one(front: Front) -> None:
    request = b"POST /report HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc"
    assert raw(front, request)[0] == 200


def test_while_nothing_can_be_kept_a_report_is_refused_and_pages_are_shown(front: Front, desk: Desk) -> None:
    desk.refuses = "the disk is full"
    answer = ask(front, "POST", "/report", b"words=x")
    assert (answer.status, answer.body) == (507, b"the disk is full\n")
    assert ask(front, "GET", "/report").status == 200
    desk.refuses = ""
    assert ask(front, "POST", "/report", b"words=x").status == 200
