"""The port to a CA's sealing service, against one that listens on this machine."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chalicelib.adapters import seal
from chalicelib.adapters.seal import NotSealed

PDF, SEALED = b"%PDF-1.7 letter\n%%EOF\n", b"%PDF-1.7 letter, sealed\n%%EOF\n"


class Service:
    """Answers with `status` and `body`, and keeps what it got."""

    def __init__(self) -> None:
        self.status, self.body = 200, SEALED
        self.got: list[tuple[dict[str, str], bytes]] = []
        service = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                service.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(service.status)
                self.end_headers()
                self.wfile.write(service.body)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    made = Service()
    monkeypatch.setenv("SEAL_HTTP_URL", f"http://127.0.0.1:{made.server.server_port}/seal")
    monkeypatch.setenv("SEAL_HTTP_KEY", "key")
    monkeypatch.setenv("SEAL_HTTP_SECRET", "secret")
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_the_service_gets_the_letter_with_number_and_entity_and_answers_with_the_sealed_one(service: Service) -> None:
    assert seal.seal(PDF, "HY-2026-0001", "HY") == SEALED
    [(headers, body)] = service.got
    assert body == PDF
    assert (headers["X-Letter"], headers["X-Entity"], headers["Authorization"]) == ("HY-2026-0001", "HY", "Bearer key")
    assert headers["X-Signature"] == hmac.digest(b"secret", b"HY-2026-0001\n" + PDF, "sha256").hex()


def test_without_a_secret_nothing_is_signed(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEAL_HTTP_SECRET", "")
    seal.seal(PDF, "HY-2026-0001", "HY")
    assert "X-Signature" not in service.got[0][0]


@pytest.mark.parametrize("body", [PDF, b"", b"<html>sign in</html>", b"%PDF-1.7 cut off"])
def test_an_answer_that_is_no_sealed_letter_is_none(service: Service, body: bytes) -> None:
    service.body = body
    with pytest.raises(NotSealed, match="seal answer"):
        seal.seal(PDF, "HY-2026-0001", "HY")


@pytest.mark.parametrize("status", [400, 401, 500, 503])
def test_what_the_service_refuses_is_not_sealed_and_its_words_are_not_passed_on(service: Service, status: int) -> None:
    service.status, service.body = status, b"the letter to Anju Waterproofing"
    with pytest.raises(NotSealed) as fault:
        seal.seal(PDF, "HY-2026-0001", "HY")
    assert str(fault.value) == f"seal {status}"
    assert fault.value.__cause__ is None


def test_a_service_that_is_not_there_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    for url in ("http://127.0.0.1:1/", "nonsense", ""):
        monkeypatch.setenv("SEAL_HTTP_URL", url)
        with pytest.raises(NotSealed):
            seal.seal(PDF, "HY-2026-0001", "HY")
