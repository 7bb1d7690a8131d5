"""The queue's consumer: what failed comes again alone, and the log names nobody."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from chalicelib.adapters.log import Lines, logger
from chalicelib.functions.send import LAST_TRY, send
from chalicelib.services.access import access
from chalicelib.services.record import telling
from tests.fakes import as_sqs
from tests.world import World

PHONE, EMAIL, NAME, WORDS = "19900007777", "wang@example.invalid", "王小明", "卫生间天花板漏水"


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
    return [row["state"] for part in world.table.parts.values() for row in part.values() if "state" in row]


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
    assert world.told(ticket)[0].state == {"sent": "sent", "refused": "failed", "broken": "queued"}[form]


def outage(world: World, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """The providers take nothing for so long."""
    until, takes = world.at + timedelta(seconds=seconds), world.provider.publish

    def publish(**call: Any) -> dict[str, str]:
        if world.at < until:
            raise ConnectTimeoutError(endpoint_url="https://sns")
        return takes(**call)

    monkeypatch.setattr(world.provider, "publish", publish)


def seconds_until_sent(world: World, at_most: int) -> dict[str, int]:
    """After how many seconds each ticket's reporter was told, the queue delivering every second."""
    found: dict[str, int] = {}
    for second in range(at_most):
        before = {e["MessageBody"] for e in world.queue.waiting}
        world.queue.deliver(send)
        gone = before - {e["MessageBody"] for e in world.queue.waiting}
        found |= {json.loads(body)["record"]: second for body in gone}
        if not world.queue.waiting:
            break
        world.at += timedelta(seconds=1)
    return found


def reported(world: World, words: str, unit: str) -> str:
    ticket = world.report(words, unit=unit)
    telling.tell(ticket.id, 1, 1, world.at)
    return ticket.id


def test_five_seconds_without_a_provider_cost_an_emergency_eight_and_no_other_more_than_ten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    gas, tap = reported(world, "家里有燃气味", "U1"), reported(world, "水龙头滴水", "U2")
    outage(world, monkeypatch, 5)
    assert seconds_until_sent(world, 400) == {gas: 7, tap: 9}
    assert states(world) == ["sent", "sent"]


def test_one_that_is_held_up_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    held = reported(world, "水龙头滴水", "U1")
    outage(world, monkeypatch, 3600)
    world.queue.deliver(send)
    monkeypatch.undo()
    other = reported(world, "马桶堵了", "U2")
    world.queue.deliver(send)
    assert {m.record: m.state for t in (held, other) for m in world.told(t)} == {held: "queued", other: "sent"}


def test_an_hour_without_a_provider_loses_nothing_and_no_second_entry_is_queued(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = reported(world, "水龙头滴水", "U1")
    world.to_act.clear()
    world.to_tell.clear()
    outage(world, monkeypatch, 3600)
    for _ in range(3 * 60 * 2):
        world.queue.deliver(send)
        world.at += timedelta(seconds=30)
        if world.at.second == 0 and world.at.minute % 5 == 0:
            assert world.sweep()["queued"] == 0
    assert [m.state for m in world.told(ticket)] == ["sent"]
    assert len(world.provider.sent) == 1


def test_where_it_cannot_be_had_back_soon_it_still_comes_back(
    world: World, monkeypatch: pytest.MonkeyPatch, logged: StringIO
) -> None:
    reported(world, "水龙头滴水", "U1")
    outage(world, monkeypatch, 5)
    monkeypatch.delattr("tests.fakes.Queue.change_message_visibility")
    assert len(send(as_sqs(world.queue.waiting), None)["batchItemFailures"]) == 1
    assert "message comes late" in logged.getvalue()
    assert states(world) == ["queued"]
