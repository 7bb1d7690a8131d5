"""Step Functions executions that wait for a ticket's next moment.

Execution names are <ticket>-<generation>; the input is {ticket, generation, until} and what reaches `tick` of it is
{ticket, generation}, for ever, and beside it who asks.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Literal

from chalicelib.adapters.aws import client
from chalicelib.adapters.settings import settings
from chalicelib.adapters.time import to_wall

THROTTLED = frozenset({"ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded"})


def wall(moment: datetime) -> str:
    """A moment as the state machine waits for it. Never before it: whole seconds, rounded up."""
    at = to_wall(moment).astimezone(UTC)
    whole = at.replace(microsecond=0)
    if at > whole:
        whole = datetime.fromtimestamp(int(whole.timestamp()) + 1, UTC)
    return whole.strftime("%Y-%m-%dT%H:%M:%SZ")


def start(ticket: str, generation: int, until: datetime) -> Literal["running", "ended"]:
    """Start the execution, or find it running from before. "ended": that name is used up; take the next generation."""
    states = client("stepfunctions")
    name = f"{ticket}-{generation}"
    document = {"ticket": ticket, "generation": generation, "until": wall(until)}
    try:
        states.start_execution(stateMachineArn=settings().timer_arn, name=name, input=json.dumps(document))
    except states.exceptions.ExecutionAlreadyExists:
        waits = _running(ticket, generation)
        return "running" if waits and waits["until"] <= document["until"] else "ended"
    return "running"


def runs(ticket: str, generation: int) -> bool:
    """Whether the execution is running now."""
    return _running(ticket, generation) is not None


def _running(ticket: str, generation: int) -> dict[str, Any] | None:
    """The input of the execution, while it runs.

    Who is not told, because too many ask, takes it to run: one too many started for each that asks would make more ask.
    The next sweep asks again.
    """
    from botocore.exceptions import ClientError

    states = client("stepfunctions")
    try:
        found = states.describe_execution(executionArn=_arn(ticket, generation))
    except states.exceptions.ExecutionDoesNotExist:
        return None
    except ClientError as fault:
        if fault.response.get("Error", {}).get("Code", "") in THROTTLED:
            return {"until": ""}
        raise
    return dict(json.loads(found["input"])) if found["status"] == "RUNNING" else None


def stop(ticket: str, generation: int) -> None:
    """End an execution that nobody waits for any more. Thrift only: an older generation ends by itself."""
    end(_arn(ticket, generation), "superseded")


def end(execution: str, cause: str = "nothing to wait for") -> None:
    """Stop an execution by its ARN, if it runs."""
    states = client("stepfunctions")
    try:
        states.stop_execution(executionArn=execution, cause=cause)
    except (states.exceptions.ExecutionDoesNotExist, states.exceptions.InvalidArn):
        return


def _arn(ticket: str, generation: int) -> str:
    return settings().timer_arn.replace(":stateMachine:", ":execution:") + f":{ticket}-{generation}"
