"""Step Functions executions that wait for a record's next moment.

Their names are <ticket>-<generation>, of other kinds <KIND>-<id>-<generation>. The input is {kind, id, generation,
until}; what reaches `tick` is that and who asks. Executions of before say {ticket, generation, until}, for ever.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Literal

from chalicelib.adapters.aws import client
from chalicelib.adapters.settings import settings
from chalicelib.adapters.time import to_wall
from chalicelib.domain.record.reference import UNNAMED, parts

THROTTLED = frozenset({"ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded"})


def wall(moment: datetime) -> str:
    """A moment as the state machine waits for it. Never before it: whole seconds, rounded up."""
    at = to_wall(moment).astimezone(UTC)
    whole = at.replace(microsecond=0)
    if at > whole:
        whole = datetime.fromtimestamp(int(whole.timestamp()) + 1, UTC)
    return whole.strftime("%Y-%m-%dT%H:%M:%SZ")


def start(record: str, generation: int, until: datetime) -> Literal["running", "ended"]:
    """Start the execution, or find it running from before. "ended": that name is used up; take the next generation."""
    states = client("stepfunctions")
    prefix, record_id = parts(record)
    name = _name(record, generation)
    document = {"kind": prefix, "id": record_id, "generation": generation, "until": wall(until)}
    try:
        states.start_execution(stateMachineArn=settings().timer_arn, name=name, input=json.dumps(document))
    except states.exceptions.ExecutionAlreadyExists:
        waits = _running(record, generation)
        return "running" if waits and waits["until"] <= document["until"] else "ended"
    return "running"


def runs(record: str, generation: int) -> bool:
    """Whether the execution is running now."""
    return _running(record, generation) is not None


def _running(record: str, generation: int) -> dict[str, Any] | None:
    """The input of the execution, while it runs.

    Who is not told, because too many ask, takes it to run: one too many started for each that asks would make more ask.
    The next sweep asks again.
    """
    from botocore.exceptions import ClientError

    states = client("stepfunctions")
    try:
        found = states.describe_execution(executionArn=_arn(record, generation))
    except states.exceptions.ExecutionDoesNotExist:
        return None
    except ClientError as fault:
        if fault.response.get("Error", {}).get("Code", "") in THROTTLED:
            return {"until": ""}
        raise
    return dict(json.loads(found["input"])) if found["status"] == "RUNNING" else None


def stop(record: str, generation: int) -> None:
    """End an execution that nobody waits for any more. Thrift only: an older generation ends by itself."""
    end(_arn(record, generation), "superseded")


def end(execution: str, cause: str = "nothing to wait for") -> None:
    """Stop an execution by its ARN, if it runs."""
    states = client("stepfunctions")
    try:
        states.stop_execution(executionArn=execution, cause=cause)
    except (states.exceptions.ExecutionDoesNotExist, states.exceptions.InvalidArn):
        return


def _name(record: str, generation: int) -> str:
    prefix, record_id = parts(record)
    return f"{record_id}-{generation}" if prefix == UNNAMED else f"{prefix}-{record_id}-{generation}"


def _arn(record: str, generation: int) -> str:
    return settings().timer_arn.replace(":stateMachine:", ":execution:") + f":{_name(record, generation)}"
