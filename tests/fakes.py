"""What the system calls outside its table, in memory: executions, the queue, the providers of mail and SMS.

Each takes the calls of its botocore client as AWS answers them, so that the adapters are tried with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

DEDUPLICATED = timedelta(minutes=5)
TIME_OUT = timedelta(minutes=6)  # of what was received and neither deleted nor given back
TRIES = 5  # of the timer's Look state
BETWEEN_TRIES = timedelta(seconds=5)


@dataclass
class Execution:
    """A run of the timer's state machine, waiting for `until`."""

    name: str
    document: str
    until: datetime
    status: str = "RUNNING"
    tries: int = 0

    @property
    def input(self) -> dict[str, Any]:
        return dict(json.loads(self.document))


class States:
    """Step Functions: a name is used once; the same name with the same input is the same execution while it runs."""

    class exceptions:
        class ExecutionAlreadyExists(Exception):
            pass

        class ExecutionDoesNotExist(Exception):
            pass

        class InvalidArn(Exception):
            pass

    def __init__(self) -> None:
        self.executions: dict[str, Execution] = {}
        self.calls: list[str] = []

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> dict[str, str]:
        self.calls.append("start")
        known = self.executions.get(name)
        if known and (known.status != "RUNNING" or known.document != input):
            raise self.exceptions.ExecutionAlreadyExists(name)
        if not known:
            until = datetime.fromisoformat(json.loads(input)["until"])
            self.executions[name] = Execution(name, input, until)
        return {"executionArn": name}

    def describe_execution(self, *, executionArn: str) -> dict[str, str]:
        self.calls.append("describe")
        execution = self._named(executionArn)
        return {"status": execution.status, "input": execution.document}

    def stop_execution(self, *, executionArn: str, cause: str = "") -> dict[str, str]:
        self.calls.append("stop")
        execution = self._named(executionArn)
        if execution.status == "RUNNING":
            execution.status = "ABORTED"
        return {}

    def _named(self, arn: str) -> Execution:
        name = arn.rpartition(":")[2]
        if name not in self.executions:
            raise self.exceptions.ExecutionDoesNotExist(name)
        return self.executions[name]

    def running(self, ticket: str = "") -> list[Execution]:
        """Those that run, of a ticket or all, the earliest first."""
        found = (e for e in self.executions.values() if e.status == "RUNNING" and e.name.startswith(ticket))
        return sorted(found, key=lambda e: (e.until, e.name))

    def fail_all(self) -> None:
        """Every running execution is gone, as after a restart of whatever ran them."""
        for execution in self.executions.values():
            if execution.status == "RUNNING":
                execution.status = "FAILED"

    def fire(
        self, execution: Execution, tick: Callable[[dict[str, Any], object], dict[str, Any]], at: datetime
    ) -> None:
        """One pass through Look; an error is tried again a little later, and at last fails the execution."""
        asked = {"wake": execution.input, "execution": execution.name}
        try:
            answer = tick(asked, None)
        except BaseException:
            execution.tries += 1
            execution.until = at + BETWEEN_TRIES
            execution.status = "FAILED" if execution.tries > TRIES else execution.status
            raise
        if execution.status != "RUNNING":
            return
        execution.tries = 0
        execution.until = datetime.fromisoformat(answer["until"])


@dataclass
class Queue:
    """A FIFO queue: what comes again within five minutes under the same mark is taken and dropped.

    What is received is hidden for the queue's time-out, or as long as its receiver asks for, and its group with it.
    """

    now: Callable[[], datetime]
    waiting: list[dict[str, str]] = field(default_factory=list)
    marks: dict[str, datetime] = field(default_factory=dict)
    hidden: dict[str, datetime] = field(default_factory=dict)  # until when, by group
    tries: dict[int, int] = field(default_factory=dict)  # by entry
    is_down: bool = False
    pressed: list[str] = field(default_factory=list)  # numbers of letters, and other records, on the queue of the press
    exported: list[str] = field(default_factory=list)  # batches on a third one
    jobs: list[tuple[str, str]] = field(default_factory=list)  # (entity, job) there too
    sheets: list[str] = field(default_factory=list)  # months whose bonus sheet is asked for, there too

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:
        if self.is_down:
            raise ConnectionError("the queue does not answer")
        for entry in Entries:
            mark = entry["MessageDeduplicationId"]
            if mark in self.marks and self.now() - self.marks[mark] < DEDUPLICATED:
                continue
            self.marks[mark] = self.now()
            self.waiting.append(entry)
        return {"Successful": Entries, "Failed": []}

    def send_message(self, *, QueueUrl: str, **entry: str) -> dict[str, str]:
        if "MessageGroupId" not in entry:
            if self.is_down:
                raise ConnectionError("the queue does not answer")
            asked = json.loads(entry["MessageBody"])
            if "job" in asked:
                self.jobs.append(tuple(asked["job"]))
            elif "standing" in asked:
                self.sheets.append(str(asked["standing"]))
            elif "batch" in asked:
                self.exported.append(str(asked["batch"]))
            else:
                self.pressed.append(str(next(iter(asked.values()))))
            return {}
        self.send_message_batch(QueueUrl=QueueUrl, Entries=[entry])
        return {}

    def change_message_visibility(self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> dict[str, Any]:
        self.hidden[ReceiptHandle] = self.now() + timedelta(seconds=VisibilityTimeout)
        return {}

    def deliver(self, consumer: Callable[[dict[str, Any], object], dict[str, Any]]) -> int:
        """Give what can be received now to its consumer, one at a time; how many left the queue."""
        done = 0
        for entry in list(self.waiting):
            group = entry["MessageGroupId"]
            if self.hidden.get(group, self.now()) > self.now():
                continue
            self.hidden[group] = self.now() + TIME_OUT
            self.tries[id(entry)] = self.tries.get(id(entry), 0) + 1
            event = as_sqs([entry])
            event["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(self.tries[id(entry)])
            if not consumer(event, None)["batchItemFailures"]:
                self.waiting.remove(entry)
                del self.hidden[group]
                done += 1
        return done


def as_sqs(entries: Iterable[dict[str, str]]) -> dict[str, Any]:
    """Entries of the queue as its consumer gets them."""
    return {
        "Records": [
            {
                "messageId": e["MessageDeduplicationId"],
                "receiptHandle": e["MessageGroupId"],
                "body": e["MessageBody"],
                "attributes": {"ApproximateReceiveCount": "1"},
            }
            for e in entries
        ]
    }


@dataclass
class Provider:
    """SES and SNS: keeps what was sent."""

    sent: list[dict[str, Any]] = field(default_factory=list)

    def send_email(self, **call: Any) -> dict[str, str]:
        self.sent.append(call)
        return {"MessageId": str(len(self.sent))}

    send_raw_email = send_email

    def publish(self, **call: Any) -> dict[str, str]:
        self.sent.append(call)
        return {"MessageId": str(len(self.sent))}


class Pictures:
    """S3, as far as the readers of the stream and the press call it: which objects were kept, and what lies where."""

    class exceptions:
        class ClientError(Exception):
            def __init__(self, code: str = "") -> None:
                super().__init__(code)
                self.response = {"Error": {"Code": code}}

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.stored: dict[str, bytes] = {}

    def put_object(self, *, Key: str, Body: Any, IfNoneMatch: str = "", **_: Any) -> dict[str, str]:
        if IfNoneMatch and Key in self.stored:
            raise self.exceptions.ClientError("PreconditionFailed")
        self.stored[Key] = Body if isinstance(Body, bytes) else Body.read()
        return {}

    def get_object(self, *, Key: str, **_: Any) -> dict[str, Any]:
        if Key not in self.stored:
            raise self.exceptions.ClientError("NoSuchKey")
        return {"Body": BytesIO(self.stored[Key])}

    def head_object(self, *, Key: str, **_: Any) -> dict[str, Any]:
        if Key not in self.stored:
            raise self.exceptions.ClientError("404")
        return {}

    def get_paginator(self, name: str) -> Pictures:
        """Of `list_object_versions`: each object has one."""
        assert name == "list_object_versions"
        return self

    def paginate(self, *, Prefix: str, **_: Any) -> list[dict[str, Any]]:
        return [{"Versions": [{"Key": key, "VersionId": "1"} for key in self.stored if key.startswith(Prefix)]}]

    def delete_object(self, *, Key: str, **_: Any) -> dict[str, str]:
        self.stored.pop(Key, None)
        return {}

    def delete_object_tagging(self, *, Bucket: str, Key: str) -> dict[str, str]:
        self.kept.append(Key)
        return {}


def as_record(row: dict[str, Any], number: int) -> dict[str, Any]:
    """A new row as the table's stream shows it."""
    typed = {k: {"N": str(v)} if isinstance(v, int) else {"S": v} for k, v in row.items()}
    keys = {k: typed[k] for k in ("pk", "sk")}
    image = {"Keys": keys, "NewImage": typed, "SequenceNumber": str(number), "StreamViewType": "NEW_IMAGE"}
    return {"eventID": str(number), "eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": image}
