"""The queue's consumer: what failed comes again alone, and the log names nobody."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters.log import Lines, logger
from chalicelib.functions.send import LAST_TRY, send
from chalicelib.services.access import access
from chalicelib.services.record import telling
from chalicelib.store import messages
from infra.build.catalogue import compile_all
from tests.fakes import as_sqs
from tests.world import World

PHONE, EMAIL, NAME, WORDS = "19900007777", "wang@example.invalid", "王小明", "卫生间天花板漏水"


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    compile_all()


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """Everything that is logged meanwhile."""
    text = StringIO()
    listening = logging.StreamHandler(text)
    listening.setFormatter(Lines())
    logger.addHandler(listening)
    yield text
    logger.removeHandler(listening)


def queued(world: World, count: int = 1, **more: Any) -> dict[str, Any]:
    """So many reports, and the messages to their reporters as the consumer gets them."""
    for _ in range(count):
        ticket = world.report(**more)
        telling.tell(ticket.id, 1, 1, world.at)
    return as_sqs(world.queue.waiting)


def states(world: World) -> list[str]:
    return [row["state"] for part in world.table.parts.values() for sk, row in part.items() if sk.startswith("TOLD#")]


def test_a_batch_goes_out(world: World) -> None:
    assert send(queued(world, 5), None) == {"batchItemFailures": []}
    assert states(world) == ["sent"] * 5


def test_a_record_that_is_delivered_twice_is_sent_once(world: World) -> None:
    batch = queued(world)
    send(batch, None)
    assert send(batch, None) == {"batchItemFailures": []}
    assert len(world.provider.sent) == 1


def test_only_the_message_that_failed_comes_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = queued(world, 2)
    batch |= {"Records": batch["Records"] + queued(world, 1, phone=PHONE)["Records"][2:]}
    takes = world.provider.publish

    def refuse(**call: Any) -> dict[str, str]:
        if PHONE in call["PhoneNumber"]:
            raise ClientError({"Error": {"Code": "Throttling"}}, "Publish")
        return takes(**call)

    monkeypatch.setattr(world.provider, "publish", refuse)
    answer = send(batch, None)
    assert answer["batchItemFailures"] == [{"itemIdentifier": batch["Records"][2]["messageId"]}]
    assert sorted(states(world)) == ["queued", "sent", "sent"]


def test_the_last_delivery_of_the_queue_gives_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**call: Any) -> None:
        raise ClientError({"Error": {"Code": "Throttling"}}, "Publish")

    monkeypatch.setattr(world.provider, "publish", refuse)
    batch = queued(world)
    batch["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(LAST_TRY - 1)
    assert len(send(batch, None)["batchItemFailures"]) == 1
    assert states(world) == ["queued"]
    batch["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(LAST_TRY)
    assert send(batch, None) == {"batchItemFailures": []}
    assert states(world) == ["failed"]
    assert world.rings["MessagesFailed"] == 1


def test_the_number_of_tries_is_that_of_the_queue() -> None:
    from pathlib import Path

    template = (Path(__file__).parents[2] / "infra" / "resources.yaml").read_text(encoding="utf-8")
    assert f"maxReceiveCount: {LAST_TRY}" in template.partition("  MessagesDead:")[0]


def test_a_message_that_cannot_be_read_comes_again_and_the_others_go_on(world: World) -> None:
    batch = queued(world)
    batch["Records"].append({"messageId": "x", "body": "{}", "attributes": {"ApproximateReceiveCount": "1"}})
    assert send(batch, None) == {"batchItemFailures": [{"itemIdentifier": "x"}]}
    assert states(world) == ["sent"]


@pytest.mark.parametrize("form", ["sent", "refused", "broken"])
def test_the_log_has_no_phone_address_name_word_or_token(
    world: World, monkeypatch: pytest.MonkeyPatch, logged: StringIO, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    def refuse(**call: Any) -> None:
        fault = {"Error": {"Code": "InvalidParameterValue", "Message": f"{call}"}}
        raise ClientError(fault, "Publish") if form == "refused" else RuntimeError(f"{call}")

    if form != "sent":
        monkeypatch.setattr(world.provider, "publish", refuse)
        monkeypatch.setattr(world.provider, "send_email", refuse)
    batch = queued(world, phone=PHONE, email=EMAIL, words=WORDS)
    ticket = world.load(batch["Records"][0]["body"].split('"')[3])
    send(batch, None)
    said = logged.getvalue() + "".join(capsys.readouterr())
    assert ticket.id in said
    for personal in (PHONE, EMAIL, "example.invalid", "测试", WORDS, access.token(access.own_grant(ticket.id))):
        assert personal not in said
    assert not re.search(r"/o/", said)
    assert messages.on(ticket.id)[0].state == {"sent": "sent", "refused": "failed", "broken": "queued"}[form]
