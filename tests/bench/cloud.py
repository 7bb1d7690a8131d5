"""The deployed parts around the handlers, as far as a bench needs them, in this process.

table           the emulator's DynamoDB, made as the template says
stream          read from the emulator, filtered by the template's patterns, one record an invocation
state machine   infra/timer.asl.json, walked here, its transitions counted
queue, mail, sms, objects
                played here: a message is handed to `send` at once
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.bench.figures import LOCAL, ROOT
from tests.bench.meter import Meter, Work

TABLE = "baoxiu-bench"
TIMER = "arn:aws:states:us-east-1:000000000000:stateMachine:timer"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "TABLE_NAME": TABLE,
    "TIMER_ARN": TIMER,
    "MESSAGES_URL": "http://127.0.0.1/000000000000/messages.fifo",
    "INBOX_BUCKET": "bench-inbox",
    "CLEAN_BUCKET": "bench-clean",
    "ORIGINALS_BUCKET": "bench-originals",
    "LETTERS_BUCKET": "bench-letters",
    "PRESS_URL": "http://127.0.0.1/000000000000/press",
    "EXPORTS_URL": "http://127.0.0.1/000000000000/exports",
    "PUBLIC_URL": "https://bx.example",
    "GRANT_KEY": "0123456789abcdef0123456789abcdef",
    "STAGE": "local",
    "LOG_LEVEL": "ERROR",
    "POWERTOOLS_METRICS_DISABLED": "true",
}


class _Template(yaml.SafeLoader):
    """Reads a CloudFormation template, its short functions as plain values."""


_Template.add_multi_constructor(
    "!",
    lambda loader, tag, node: (
        loader.construct_mapping(node, deep=True)
        if isinstance(node, yaml.MappingNode)
        else loader.construct_sequence(node, deep=True)
        if isinstance(node, yaml.SequenceNode)
        else node.value
    ),
)


@cache
def template() -> dict[str, Any]:
    """infra/resources.yaml."""
    return dict(yaml.load((ROOT / "infra" / "resources.yaml").read_text(encoding="utf-8"), _Template))


def make_table(client: Any) -> str:
    """Make the table as the template has it; its stream's ARN."""
    said = template()["Resources"]["Table"]["Properties"]
    stream = {"StreamEnabled": True, **said["StreamSpecification"]}
    names = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    made = client.create_table(TableName=TABLE, StreamSpecification=stream, **{n: said[n] for n in names})
    return str(made["TableDescription"]["LatestStreamArn"])


@cache
def patterns(function: str) -> list[dict[str, Any]]:
    """The filters of a function's stream source."""
    events = template()["Resources"][function]["Properties"]["Events"].values()
    return [json.loads(f["Pattern"]) for e in events for f in e["Properties"]["FilterCriteria"]["Filters"]]


def matches(pattern: Any, value: Any) -> bool:
    """Whether a value fits an event filter of plain values."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(k in value and matches(p, value[k]) for k, p in pattern.items())
    return value in pattern


@dataclass
class Execution:
    """A run of the state machine: where it waits, and how many transitions it took."""

    name: str
    data: dict[str, Any]
    state: str
    transitions: int = 1  # the start
    status: str = "RUNNING"


class Timers:
    """Step Functions: walks the definition that ships."""

    def __init__(self) -> None:
        self.definition = json.loads((ROOT / "infra" / "timer.asl.json").read_text(encoding="utf-8"))
        self.executions: dict[str, Execution] = {}

    def __call__(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if operation == "StartExecution":
            self._start(params["name"], json.loads(params["input"]))
            return {"executionArn": params["name"], "startDate": datetime.now(UTC)}
        name = params["executionArn"].rpartition(":")[2]
        found = self.executions[name]
        if operation == "StopExecution":
            if found.status == "RUNNING":
                found.status = "ABORTED"
            return {"stopDate": datetime.now(UTC)}
        return {"status": found.status, "input": json.dumps(found.data)}

    def _start(self, name: str, data: dict[str, Any]) -> None:
        assert name not in self.executions, f"{name} is started twice"
        self.executions[name] = self._enter(Execution(name, data, ""), self.definition["StartAt"])

    def _enter(self, run: Execution, state: str) -> Execution:
        run.state, run.transitions = state, run.transitions + 1
        return run

    @property
    def transitions(self) -> int:
        return sum(run.transitions for run in self.executions.values())

    def next(self) -> tuple[datetime, Execution] | None:
        """The execution that stops waiting first."""
        waiting = [(run.data["until"], run.name) for run in self.executions.values() if run.status == "RUNNING"]
        if not waiting:
            return None
        until, name = min(waiting)
        return datetime.fromisoformat(until), self.executions[name]

    def wake(self, run: Execution, tick: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Walk on until it waits again or ends."""
        states = self.definition["States"]
        self._enter(run, states[run.state]["Next"])
        while states[run.state]["Type"] != "Wait":
            state = states[run.state]
            if state["Type"] == "Task":
                asked = {"wake": run.data, "execution": run.name}
                run.data = tick(asked)
                if run.status != "RUNNING":
                    return
                self._enter(run, state["Next"])
            else:
                run.status = "FAILED"
                return


class Invoked:
    """The context that Lambda hands a function."""

    function_name = "bench"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:bench"
    aws_request_id = "bench"

    def get_remaining_time_in_millis(self) -> int:
        return 30_000


@dataclass
class Cloud:
    """Handlers, table and what lies between; make it by `Cloud.up`."""

    meter: Meter
    timers: Timers
    dynamodb: Any
    streams: Any
    clock: Path
    at: datetime
    queue: list[dict[str, Any]] = field(default_factory=list)
    mail: list[dict[str, Any]] = field(default_factory=list)
    invoked: dict[str, list[float]] = field(default_factory=dict)
    _iterator: str = ""

    @classmethod
    @contextmanager
    def up(cls, at: datetime) -> Iterator[Cloud]:
        """An emulator with an empty table, and this process set up as a function's."""
        from infra.local.emulator import Emulator

        LOCAL.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=LOCAL, prefix="bench-") as name:
            folder = Path(name)
            clock = folder / "time.json"
            emulator = Emulator.start(folder, time_anchor=clock, checkpoint_seconds=0)
            try:
                _settle({**ENVIRONMENT, "AWS_ENDPOINT_URL": emulator.endpoint})
                import botocore.session

                make = botocore.session.Session().create_client
                dynamodb = make("dynamodb", region_name="us-east-1", endpoint_url=emulator.endpoint)
                streams = make("dynamodbstreams", region_name="us-east-1", endpoint_url=emulator.endpoint)
                stream = make_table(dynamodb)
                timers = Timers()
                cloud = cls(Meter(), timers, dynamodb, streams, clock, at)
                cloud.meter.plays.update(
                    stepfunctions=timers,
                    sqs=cloud._queue,
                    ses=cloud._mail,
                    sesv2=cloud._mail,
                    sns=cloud._mail,
                    s3=lambda operation, params: {},
                )
                shard = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
                cloud._iterator = streams.get_shard_iterator(
                    StreamArn=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
                )["ShardIterator"]
                cloud.set(at)
                from chalicelib.adapters import executions

                # The machine here waits in simulated time.
                setattr(executions, "to_wall", lambda moment: moment)  # noqa: B010
                with cloud.meter.on():
                    yield cloud
            finally:
                emulator.stop()

    def set(self, at: datetime) -> None:
        """Make it this moment."""
        self.at = at
        self.clock.write_text(
            json.dumps({"wall": datetime.now(UTC).isoformat(), "simulated": at.isoformat(), "speed": 1})
        )
        from chalicelib.adapters import time as source

        source.ANCHOR = str(self.clock)

    def until(self, at: datetime) -> None:
        """Let time pass: every timer that ends by then looks, and what follows from it is done."""
        while (found := self.timers.next()) and found[0] <= at:
            moment, run = found
            self.set(max(moment, self.at) + timedelta(milliseconds=200))
            self.timers.wake(run, lambda event: self.invoke("tick", event))
            self.settle()
        self.set(at)

    def settle(self) -> None:
        """Do what the stream and the queue bring, until nothing comes."""
        while True:
            records = self._records()
            for record in records:
                for name in ("act", "tell"):
                    if any(matches(p, record) for p in patterns(name.title())):
                        self.invoke(name, {"Records": [record]})
            queued, self.queue = self.queue, []
            for message in queued:
                asked = json.loads(message["body"])
                name = next(
                    (made for part, made in (("letter", "letter"), ("batch", "export")) if part in asked), "send"
                )
                self.invoke(name, {"Records": [message]})
            if not records and not queued:
                return

    def invoke(self, name: str, event: dict[str, Any]) -> Any:
        """Call a function's handler as Lambda would."""
        import importlib

        handler = getattr(importlib.import_module(f"chalicelib.functions.{name}"), name)
        with self.meter.step(name) as work:
            answer = self.timed(work, lambda: handler(event, Invoked()))
        assert not (answer or {}).get("batchItemFailures"), f"{name} failed: {answer}"
        self.invoked.setdefault(name, []).append(work.cpu_seconds)
        return answer

    def timed(self, work: Work, does: Callable[[], Any]) -> Any:
        start = time.process_time()
        try:
            return does()
        finally:
            work.cpu_seconds = time.process_time() - start

    def _records(self) -> list[dict[str, Any]]:
        with self.meter.off():
            answer = self.streams.get_records(ShardIterator=self._iterator)
        self._iterator = answer["NextShardIterator"]
        return list(answer["Records"])

    def _queue(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        entries = params.get("Entries") or [params]
        for entry in entries:
            attributes = {"ApproximateReceiveCount": "1", "MessageGroupId": entry.get("MessageGroupId", "")}
            self.queue.append(
                {
                    "messageId": entry.get("MessageDeduplicationId", "m"),
                    "body": entry["MessageBody"],
                    "attributes": attributes,
                    "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:messages.fifo",
                }
            )
        return {"Successful": [{"Id": e.get("Id", "0")} for e in entries], "MessageId": "m"}

    def _mail(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        self.mail.append({"operation": operation, "at": self.at.isoformat(), **params})
        return {"MessageId": f"m{len(self.mail)}"}


def _settle(environment: dict[str, str]) -> None:
    """Set this process up as a function's: before anything of chalicelib is imported."""
    import sys

    assert not any(name.startswith("chalicelib.store.dynamo") for name in sys.modules), "the table is chosen on import"
    os.environ.update(environment)
