"""The second person at the console: sees what waits with what was, confirms from a day on, or rejects."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.adapters import aws, operator
from chalicelib.commands import amendments
from chalicelib.services.contractor import amending
from chalicelib.services.record import record
from tests.services.contractor.test_amending import changed, load, only, sheets
from tests.world import World


@pytest.fixture
def waiting(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A change of an account and a phone that li entered; wang is at the console."""
    load(world, sheets())
    rows = changed("contractors", account="000000000002")
    rows["company_people"][0]["phone"] = "100-0040-0009"
    load(world, rows, "li")
    monkeypatch.setattr(operator, "who", lambda: "wang")
    return world


def test_what_waits_is_listed_with_what_was_and_what_is_to_be(
    waiting: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert amendments.main(["--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "C: account, authorised contacts  entered by operator:li" in said
    assert "  account: 000000000001 → 000000000002" in said
    assert "  C.A1: phone: 10000400001 → 10000400009" in said


def test_who_entered_it_is_refused_and_somebody_else_is_not(
    waiting: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = only()
    name = one.id.partition("#")[2]
    monkeypatch.setattr(operator, "who", lambda: "li")
    assert amendments.main(["confirm", name]) == 1
    assert "提出人" in capsys.readouterr().err
    monkeypatch.setattr(operator, "who", lambda: "wang")
    assert amendments.main(["confirm", name, "--from", "2026-03-05"]) == 0
    assert "2026-03-05" in capsys.readouterr().out
    assert record.load(one.id).events[-1].by == "operator:wang"
    assert amendments.main(["confirm", name]) == 1
    assert amendments.main(["confirm", "nothing"]) == 1


def test_a_rejected_change_waits_no_more(waiting: World, capsys: pytest.CaptureFixture[str]) -> None:
    name = only().id.partition("#")[2]
    assert amendments.main(["reject", name, "--because", "电话核实不符"]) == 0
    assert amending.waiting() == []
    assert amendments.main([]) == 0
    assert "没有待确认的变更" in capsys.readouterr().out


def test_an_operator_is_who_the_cloud_says_and_on_the_embedded_stack_the_machines_user(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Sts:
        def get_caller_identity(self) -> dict[str, Any]:
            return {"Arn": "arn:aws-cn:iam::1:user/ops/wang"}

    monkeypatch.setattr(aws, "client", lambda service: {"sts": Sts()}[service])
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    assert operator.who() == "ops/wang"
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    monkeypatch.setenv("LOGNAME", "zhang")
    assert operator.who() == "zhang"
