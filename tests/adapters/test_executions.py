"""Timers by name: what is used up, what runs, and how a moment becomes a wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters import executions
from tests.fakes import States
from tests.world import World

UNTIL = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


class Emulator(States):
    """Refuses a name that is taken even for the same input, as the emulator does."""

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> dict[str, str]:
        if name in self.executions:
            raise self.exceptions.ExecutionAlreadyExists(name)
        return super().start_execution(stateMachineArn=stateMachineArn, name=name, input=input)


@pytest.fixture(params=[States, Emulator])
def states(request: pytest.FixtureRequest, world: World, monkeypatch: pytest.MonkeyPatch) -> States:
    made: States = request.param()
    monkeypatch.setattr(executions, "client", lambda _: made)
    return made


def test_an_execution_starts_and_is_found_running(states: States):
    assert executions.start("T1", 1, UNTIL) == "running"
    assert states.executions["T1-1"].input == {
        "kind": "TICKET",
        "id": "T1",
        "generation": 1,
        "until": "2026-03-02T02:00:00Z",
    }
    assert executions.runs("T1", 1)
    assert executions.start("T1", 1, UNTIL) == "running"
    assert len(states.executions) == 1


def test_one_that_looks_earlier_will_do_and_one_that_looks_later_will_not(states: States):
    executions.start("T1", 1, UNTIL)
    assert executions.start("T1", 1, UNTIL + timedelta(minutes=1)) == "running"
    assert executions.start("T1", 1, UNTIL - timedelta(minutes=1)) == "ended"


def test_a_name_that_is_used_up_is_ended(states: States):
    executions.start("T1", 1, UNTIL)
    states.fail_all()
    assert not executions.runs("T1", 1)
    assert executions.start("T1", 1, UNTIL) == "ended"


def test_stopping_is_thrift_and_never_fails(states: States):
    executions.start("T1", 1, UNTIL)
    executions.stop("T1", 1)
    executions.stop("T1", 1)
    executions.stop("T1", 7)
    assert not executions.runs("T1", 1)
    assert not executions.runs("T1", 7)


@pytest.mark.parametrize(("micro", "second"), [(0, "00"), (1, "01"), (999_999, "01")])
def test_a_wait_never_ends_before_its_moment(micro: int, second: str):
    assert executions.wall(UNTIL + timedelta(microseconds=micro)) == f"2026-03-02T02:00:{second}Z"


@pytest.mark.parametrize("code", ["ThrottlingException", "TooManyRequestsException"])
def test_an_execution_that_too_many_ask_about_counts_as_running(
    states: States, monkeypatch: pytest.MonkeyPatch, code: str
):
    executions.start("T1", 1, UNTIL)
    states.fail_all()

    def throttled(**_: object) -> None:
        raise ClientError({"Error": {"Code": code}}, "DescribeExecution")

    monkeypatch.setattr(states, "describe_execution", throttled)
    assert executions.runs("T1", 1)
    assert executions.start("T1", 1, UNTIL) == "running"


def test_any_other_fault_is_told(states: States, monkeypatch: pytest.MonkeyPatch):
    def denied(**_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "DescribeExecution")

    monkeypatch.setattr(states, "describe_execution", denied)
    with pytest.raises(ClientError):
        executions.runs("T1", 1)
