"""A gateway that takes nothing for some seconds, on the deployed stack: an emergency hears of it seconds later."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from chalicelib.adapters.ids import ulid
from infra.local.run import load
from infra.local.stack import Stack
from tests.e2e.play import OWNERS, plain

TIME_OUT = 360  # of the queue, for what was received and not given back


@dataclass
class Gateway:
    """A carrier's gateway: answers 503 for so long after the first request, then takes all."""

    down_seconds: float
    server: ThreadingHTTPServer | None = None
    refused: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list)
    _since: float = 0

    def answer(self, document: dict[str, Any]) -> int:
        self._since = self._since or time.monotonic()
        if time.monotonic() < self._since + self.down_seconds:
            self.refused += 1
            return 503
        self.taken.append(document)
        return 200


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    made = Gateway(5)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(made.answer(json.loads(body)))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    made.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_an_emergency_is_told_by_the_queues_short_retries_when_the_gateway_is_down_for_five_seconds(
    tmp_path: Path, out: Path, gateway: Gateway
) -> None:
    assert gateway.server
    address = f"http://127.0.0.1:{gateway.server.server_address[1]}/send"
    with Stack.start(tmp_path, out=out, parameters={"Sms": "http", "SmsHttpUrl": address, "SmsHttpKey": "k"}) as stack:
        load(stack)
        unit = next(iter(OWNERS))
        phone = plain(OWNERS[unit]["phone"])
        fields = {"mark": ulid(stack.now()), "place": unit, "kind": "repair", "reporter": "owner", "consent": "yes"}
        fields |= {"words": "厨房有很重的燃气味", "phone": phone, "seen": "1"}
        began = time.monotonic()
        answer = requests.post(f"{stack.url}/report", data=fields, allow_redirects=False, timeout=60)
        assert answer.status_code == 303, answer.text
        while not any(phone in message["to"] for message in gateway.taken):
            assert time.monotonic() - began < TIME_OUT, "it waited for the queue's time-out"
            time.sleep(0.2)
        assert gateway.refused >= 2
        assert len([m for m in gateway.taken if phone in m["to"] and m["template"].startswith("reported")]) == 1
