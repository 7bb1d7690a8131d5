"""SMS through SNS and through a gateway that listens on this machine."""

from __future__ import annotations

import hmac
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters import settings, sms
from chalicelib.adapters.delivery import NotDelivered
from tests.world import World

PHONE = "19900000001"
TEXT = sms.Text("【保修】工单4839-2175-6已受理", "reported.code.zh_CN", {"number": "4839-2175-6", "code": "123456"})


class Gateway:
    """Answers with `status` after `delay` seconds, and keeps what it got."""

    def __init__(self) -> None:
        self.status, self.hold = 200, threading.Event()
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.hold.set()
        gateway = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                gateway.got.append((dict(self.headers), body))
                gateway.hold.wait(5)
                self.send_response(gateway.status)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/send"


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    made = Gateway()
    values = {"SMS": "http", "SMS_HTTP_URL": made.url, "SMS_HTTP_KEY": "key", "SMS_HTTP_SECRET": "secret"}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings.settings.cache_clear()
    yield made
    made.hold.set()
    made.server.shutdown()
    made.server.server_close()
    monkeypatch.undo()
    settings.settings.cache_clear()


def refused(send: Callable[[], None]) -> NotDelivered:
    with pytest.raises(NotDelivered) as fault:
        send()
    assert PHONE not in str(fault.value)
    assert fault.value.__cause__ is None
    return fault.value


def test_a_gateway_gets_template_parameters_and_signature(gateway: Gateway) -> None:
    sms.send(PHONE, TEXT)
    [(headers, body)] = gateway.got
    assert json.loads(body) == {
        "to": f"+86{PHONE}",
        "template": "reported.code.zh_CN",
        "parameters": {"number": "4839-2175-6", "code": "123456"},
        "signature": settings.settings().sms_signature,
        "text": TEXT.text,
    }
    assert headers["Authorization"] == "Bearer key"
    assert headers["X-Signature"] == hmac.digest(b"secret", body, "sha256").hex()


@pytest.mark.parametrize(
    ("status", "final"), [(400, True), (404, True), (429, False), (408, False), (500, False), (503, False)]
)
def test_a_gateway_that_refuses_says_whether_to_try_again(gateway: Gateway, status: int, final: bool) -> None:
    gateway.status = status
    fault = refused(lambda: sms.send(PHONE, TEXT))
    assert (fault.cause, fault.final) == (f"gateway {status}", final)


def test_a_gateway_that_hangs_is_left_in_time(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms, "READ_SECONDS", 0.1)
    gateway.hold.clear()
    assert not refused(lambda: sms.send(PHONE, TEXT)).final


def test_a_gateway_that_is_not_there_is_tried_again(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_HTTP_URL", "http://127.0.0.1:9/send")
    assert not refused(lambda: sms.send(PHONE, TEXT)).final


def test_sns_gets_a_transactional_sms(world: World) -> None:
    sms.send(PHONE, TEXT)
    [call] = world.provider.sent
    assert (call["PhoneNumber"], call["Message"]) == (f"+86{PHONE}", TEXT.text)
    assert call["MessageAttributes"]["AWS.SNS.SMS.SMSType"]["StringValue"] == "Transactional"


@pytest.mark.parametrize(
    ("code", "final"), [("InvalidParameter", True), ("Throttling", False), ("InternalError", False)]
)
def test_sns_says_whether_to_try_again(world: World, monkeypatch: pytest.MonkeyPatch, code: str, final: bool) -> None:
    def refuse(**call: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": PHONE}}, "Publish")

    monkeypatch.setattr(world.provider, "publish", refuse)
    assert refused(lambda: sms.send(PHONE, TEXT)).final == final


@pytest.mark.parametrize(
    ("kept", "dialled"),
    [
        ("19900000001", "+8619900000001"),
        ("+86 (0)199 0000 0001", "+8619900000001"),
        ("+85290000001", "+85290000001"),
    ],
)
@pytest.mark.usefixtures("abroad")
def test_a_number_is_dialled_with_its_country(kept: str, dialled: str) -> None:
    assert sms.international(kept) == dialled


@pytest.fixture
def abroad(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Numbers of Hong Kong may be written to."""
    monkeypatch.setenv("SMS_ABROAD", "+852")
    settings.settings.cache_clear()
    yield
    settings.settings.cache_clear()


@pytest.mark.parametrize(
    ("kept", "cause"),
    [
        ("+4915112345678", "phone_abroad"),
        ("004915112345678", "phone_abroad"),
        ("199000000011", "phone_form"),
        ("1990000001", "phone_form"),
        ("4915112345678", "phone_form"),
        ("02188880000", "landline"),
        ("4008000000", "landline"),
    ],
)
@pytest.mark.usefixtures("abroad")
def test_no_sms_goes_to_another_country_by_accident_nor_where_none_can(kept: str, cause: str) -> None:
    fault = refused(lambda: sms.international(kept))
    assert (fault.cause, fault.final) == (cause, True)
