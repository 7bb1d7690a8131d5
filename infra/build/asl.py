"""`python -m infra.build.asl FILE`: check a state machine, for the emulator refuses nothing and AWS only at deployment.

Structure by cfn-lint's schema of the Amazon States Language; what a schema can't say by the rules below:

    targets      StartAt, Next, Default name states; every state is reached; some state ends
    transitions  exactly one of Next and End, but for Choice, Succeed and Fail
    waits        exactly one of the four ways to say how long
    paths        every *Path and every field that ends in .$ is a path or an intrinsic function; no field twice
    retries      BackoffRate ≥ 1; States.ALL stands alone and last, in Retry and Catch
"""

import importlib.metadata
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema

Json = dict[str, Any]

# What stands for the substitutions of the template.
EXAMPLE = {"Partition": "aws", "TickArn": "arn:aws:lambda:ap-southeast-1:123456789012:function:tick"}
SCHEMA = "cfnlint/data/schemas/other/step_functions/statemachine.json"
WAITS = ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")


def faults(machine: Json) -> list[str]:
    """Everything that is wrong, one line each; empty if the machine is sound."""
    return [*_by_schema(machine), *_by_graph(machine), *_by_state(machine)]


def filled(text: str) -> Json:
    """The definition with examples in place of its substitutions."""
    for name, value in EXAMPLE.items():
        text = text.replace("${" + name + "}", value)
    machine: Json = json.loads(text)
    return machine


def _by_schema(machine: Json) -> Iterator[str]:
    # Read beside the package: importing cfn-lint takes seconds.
    file = importlib.metadata.distribution("cfn-lint").locate_file(SCHEMA)
    schema = json.loads(Path(str(file)).read_text())
    for error in jsonschema.Draft202012Validator(schema).iter_errors(machine):
        yield f"{'/'.join(map(str, error.absolute_path)) or 'machine'}: {error.message[:200]}"


def _by_graph(machine: Json) -> Iterator[str]:
    states: Json = machine.get("States", {})
    for name, target in [
        ("StartAt", machine.get("StartAt")),
        *((n, t) for n, s in states.items() for t in _targets(s)),
    ]:
        if target not in states:
            yield f"{name}: there is no state {target!r}"
    seen, ahead = set(), [machine.get("StartAt")]
    while ahead:
        state = ahead.pop()
        if state in states and state not in seen:
            seen.add(state)
            ahead += _targets(states[state])
    yield from (f"{name}: never reached" for name in states if name not in seen)
    if not any(s.get("End") or s.get("Type") in ("Succeed", "Fail") for s in states.values()):
        yield "machine: no state ends it"


def _targets(state: Json) -> list[Any]:
    branches = [*state.get("Choices", []), *state.get("Catch", []), state]
    return [branch[key] for branch in branches for key in ("Next", "Default") if key in branch]


def _by_state(machine: Json) -> Iterator[str]:
    for name, state in machine.get("States", {}).items():
        kind = state.get("Type")
        if kind not in ("Choice", "Succeed", "Fail") and ("Next" in state) == ("End" in state):
            yield f"{name}: exactly one of Next and End"
        if kind == "Wait" and sum(way in state for way in WAITS) != 1:
            yield f"{name}: exactly one of {', '.join(WAITS)}"
        for rules in (state.get("Retry", []), state.get("Catch", [])):
            for place, rule in enumerate(rules):
                every = "States.ALL" in rule.get("ErrorEquals", [])
                if every and (len(rule["ErrorEquals"]) > 1 or place + 1 < len(rules)):
                    yield f"{name}: States.ALL stands alone and last"
                if rule.get("BackoffRate", 2) < 1:
                    yield f"{name}: BackoffRate is at least 1"
        yield from (f"{name}: {fault}" for fault in _by_path(state))


def _by_path(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _by_path(item)
    if not isinstance(value, dict):
        return
    for field, content in value.items():
        if field.endswith(".$") and field[:-2] in value:
            yield f"{field} and {field[:-2]} are one field"
        if (field.endswith(("Path", ".$")) or field == "Variable") and content is not None:
            if not str(content).startswith(("$", "States.")):
                yield f"{field} is no path: {content!r}"
        else:
            yield from _by_path(content)


if __name__ == "__main__":
    found = faults(filled(Path(sys.argv[1]).read_text()))
    sys.exit("\n".join(f"{sys.argv[1]}: {fault}" for fault in found) or None)
