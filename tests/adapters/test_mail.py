"""E-mail through SES, and through an SMTP server that listens on this machine."""

from __future__ import annotations

import email
import email.policy
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from chalicelib.adapters import mail, settings
from chalicelib.adapters.delivery import NotDelivered
from tests.world import World

TO = "wang@example.invalid"
SUBJECT, BODY = "【保修】工单 4839-2175-6:已收到您的报事", "您好:\n\n我们已收到您的报事。\n.\n保修"
FINE = {"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "235 fine", "QUIT": "221 bye"}


class Server:
    """Speaks as much SMTP as a client needs; `answers` replaces what it says to a command."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.said: list[str] = []
        self.letters: list[bytes] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                self._talk(connection, lines)

    def _talk(self, connection: socket.socket, lines: Any) -> None:
        connection.sendall(b"220 here\r\n")
        for line in lines:
            command = line.decode().split()[0].upper()
            self.said.append(command)
            if command in self.answers:
                answer = self.answers[command]
                if not answer:
                    return
            elif command == "DATA":
                connection.sendall(b"354 go on\r\n")
                letter = b""
                while not letter.endswith(b"\r\n.\r\n"):
                    letter += lines.readline()
                self.letters.append(letter[:-5].replace(b"\r\n..", b"\r\n."))
                answer = "250 taken"
            else:
                answer = {"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "235 fine", "QUIT": "221 bye"}.get(
                    command, "250 fine"
                )
            connection.sendall(answer.encode() + b"\r\n")
            if command == "QUIT":
                return


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    made = Server()
    values = {"MAIL": "smtp", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(made.port), "SMTP_STARTTLS": "0"}
    for name, value in (values | {"MAIL_FROM": "desk@example.invalid"}).items():
        monkeypatch.setenv(name, value)
    settings.settings.cache_clear()
    yield made
    made.socket.close()
    monkeypatch.undo()
    settings.settings.cache_clear()


def refused(send: Callable[[], None]) -> NotDelivered:
    with pytest.raises(NotDelivered) as fault:
        send()
    assert TO not in str(fault.value)
    assert fault.value.__cause__ is None
    return fault.value


def test_smtp_carries_subject_and_text_as_they_are(server: Server) -> None:
    mail.send(TO, SUBJECT, BODY)
    letter = email.message_from_bytes(server.letters[0], policy=email.policy.default)
    assert (letter["To"], letter["From"], letter["Subject"]) == (TO, "desk@example.invalid", SUBJECT)
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@example.invalid>")
    assert letter.get_content().splitlines() == BODY.splitlines()


def test_smtp_logs_in_where_there_is_a_user(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_USER", "desk")
    monkeypatch.setenv("SMTP_PASSWORD", "secret")
    mail.send(TO, SUBJECT, BODY)
    assert "AUTH" in server.said


def test_without_being_told_otherwise_smtp_asks_for_tls_and_sends_nothing_in_the_clear(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SMTP_STARTTLS")
    refused(lambda: mail.send(TO, SUBJECT, BODY))
    assert server.letters == []
    assert "MAIL" not in server.said


@pytest.mark.parametrize(
    ("command", "answer", "final"),
    [
        ("RCPT", f"550 {TO} unknown", True),
        ("RCPT", "451 later", False),
        ("MAIL", "553 not from you", True),
        ("DATA", "554 no", True),
        ("DATA", "421 busy", False),
        ("EHLO", "", False),
    ],
)
def test_a_server_that_refuses_says_whether_to_retry(server: Server, command: str, answer: str, final: bool) -> None:
    server.answers[command] = answer
    assert refused(lambda: mail.send(TO, SUBJECT, BODY)).final is final


def test_a_server_that_is_not_there_is_tried_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_PORT", "9")
    assert not refused(lambda: mail.send(TO, SUBJECT, BODY)).final


def test_a_server_that_hangs_is_left_in_time(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setenv("SMTP_PORT", str(silent.getsockname()[1]))
    monkeypatch.setattr(mail, "READ_SECONDS", 0.1)
    assert not refused(lambda: mail.send(TO, SUBJECT, BODY)).final
    silent.close()


def test_ses_gets_a_plain_text(world: World) -> None:
    mail.send(TO, SUBJECT, BODY)
    [call] = world.provider.sent
    assert call["Destination"] == {"ToAddresses": [TO]}
    assert call["Message"]["Subject"] == {"Data": SUBJECT, "Charset": "UTF-8"}
    assert call["Message"]["Body"]["Text"]["Data"] == BODY


@pytest.mark.parametrize(
    ("fault", "final"),
    [
        (ClientError({"Error": {"Code": "MessageRejected", "Message": TO}}, "SendEmail"), True),
        (ClientError({"Error": {"Code": "Throttling"}}, "SendEmail"), False),
        (ConnectTimeoutError(endpoint_url="https://ses"), False),
    ],
)
def test_ses_says_whether_to_try_again(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: Exception, final: bool
) -> None:
    def refuse(**call: Any) -> None:
        raise fault

    monkeypatch.setattr(world.provider, "send_email", refuse)
    assert refused(lambda: mail.send(TO, SUBJECT, BODY)).final is final


# with a file


LETTER = mail.Attached("HY-2026-0001.pdf", "application/pdf", b"%PDF-1.7\x00\xff letter")


def carried(raw: bytes) -> tuple[Any, bytes]:
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    [file] = list(letter.iter_attachments())
    assert (file.get_filename(), file.get_content_type()) == (LETTER.name, LETTER.type)
    return letter, file.get_content()


def test_smtp_carries_a_file_as_it_is_and_a_copy_to_others(server: Server) -> None:
    mail.send_with(TO, ["general@example.invalid"], SUBJECT, BODY, LETTER)
    letter, content = carried(server.letters[0])
    assert content == LETTER.content
    assert (letter["To"], letter["Cc"], letter["Subject"]) == (TO, "general@example.invalid", SUBJECT)
    assert server.said.count("RCPT") == 2


def test_ses_gets_the_letter_with_its_file(world: World) -> None:
    mail.send_with(TO, [], SUBJECT, BODY, LETTER)
    [call] = world.provider.sent
    letter, content = carried(call["RawMessage"]["Data"])
    assert content == LETTER.content
    assert (letter["To"], letter["Cc"]) == (TO, None)
    assert call["Source"] == letter["From"]


def test_ses_says_of_a_file_too_whether_to_try_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for code, final in (("MessageRejected", True), ("Throttling", False)):

        def refuse(code: str = code, **_: Any) -> None:
            raise ClientError({"Error": {"Code": code, "Message": TO}}, "SendRawEmail")

        monkeypatch.setattr(world.provider, "send_raw_email", refuse)
        assert refused(lambda: mail.send_with(TO, [], SUBJECT, BODY, LETTER)).final is final
