"""The timer's state machine is sound, and the checker sees what would make it unsound."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.build import asl

ROOT = Path(__file__).resolve().parents[2]
TIMER = asl.filled((ROOT / "infra" / "timer.asl.json").read_text())
States = dict[str, Any]
ASKS = {"Type": "Choice", "Choices": [{"Variable": "$.on", "IsPresent": True, "Next": "Look"}], "Default": "Nowhere"}

FAULTS: dict[str, tuple[Callable[[States], object], str]] = {
    "a next state that isn't there": (lambda s: s["Wait"].update(Next="Nowhere"), "no state 'Nowhere'"),
    "a default that isn't there": (lambda s: s.update(Wait=ASKS), "no state 'Nowhere'"),
    "a catch that leads nowhere": (lambda s: s["Look"]["Catch"][0].update(Next="Nowhere"), "no state 'Nowhere'"),
    "a state nobody reaches": (lambda s: s.update(Lone={"Type": "Succeed"}), "Lone: never reached"),
    "an unknown field": (lambda s: s["Wait"].update(Foo=1), "Foo"),
    "an unknown type": (lambda s: s["Wait"].update(Type="Wat"), "Wat"),
    "no next state": (lambda s: s["Wait"].pop("Next"), "Wait: exactly one of Next and End"),
    "next and end": (lambda s: s["Wait"].update(End=True), "Wait: exactly one of Next and End"),
    "a word for a path": (lambda s: s["Wait"].update(TimestampPath="until"), "is no path"),
    "a word for a value's path": (lambda s: s["Look"]["Parameters"]["Payload"].update({"ticket.$": "x"}), "is no path"),
    "a field given twice": (lambda s: s["Look"]["Parameters"]["Payload"].update(wake=1), "are one field"),
    "two ways to wait": (lambda s: s["Wait"].update(Seconds=3), "Wait: exactly one of Seconds"),
    "a shrinking back-off": (lambda s: s["Look"]["Retry"][0].update(BackoffRate=0.5), "BackoffRate"),
    "everything retried first": (lambda s: s["Look"]["Retry"].reverse(), "States.ALL stands alone and last"),
}


def test_the_timer_is_sound():
    assert asl.faults(TIMER) == []


@pytest.mark.parametrize("name", FAULTS)
def test_the_checker_sees(name: str):
    change, fault = FAULTS[name]
    machine = copy.deepcopy(TIMER)
    change(machine["States"])
    assert any(fault in found for found in asl.faults(machine)), asl.faults(machine)


def test_the_checker_sees_a_machine_without_an_end():
    machine = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}
    assert "machine: no state ends it" in asl.faults(machine)


def test_a_cycle_of_the_timer_is_two_transitions():
    states = TIMER["States"]
    assert (states["Wait"]["Next"], states["Look"]["Next"]) == ("Look", "Wait")


def test_tick_gets_what_to_look_at_and_who_asks():
    payload = TIMER["States"]["Look"]["Parameters"]["Payload"]
    assert payload == {"wake.$": "$", "execution.$": "$$.Execution.Id"}


def test_a_tick_that_failed_for_good_rings():
    assert TIMER["States"]["Look"]["Catch"] == [{"ErrorEquals": ["States.ALL"], "Next": "Lost"}]
    assert TIMER["States"]["Lost"]["Type"] == "Fail"
