"""An emulator of the tests' own, and small functions to try it with."""

import io
import json
import textwrap
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.local.deploy import client
from infra.local.emulator import Emulator

RUNTIME = "python3.11"


@dataclass
class Probe:
    """A running emulator, with short ways to put things into it."""

    emulator: Emulator

    def client(self, service: str) -> Any:
        return client(service, self.emulator.endpoint)

    def function(
        self,
        name: str,
        source: str,
        *,
        may: tuple[str, ...] = ("*",),
        on: str = "*",
        when: Any = None,
        timeout: int = 20,
    ) -> str:
        """Deploy `handler(event, context)` from source; its role allows `may` on `on`, on a condition. Its ARN."""
        allowed = {"Effect": "Allow", "Action": list(may), "Resource": on} | ({"Condition": when} if when else {})
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        iam = self.client("iam")
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_document(trust))["Role"]["Arn"]
        iam.put_role_policy(RoleName=name, PolicyName="probe", PolicyDocument=_document(allowed))
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("probe.py", textwrap.dedent(source))
        made = self.client("lambda").create_function(
            FunctionName=name,
            Runtime=RUNTIME,
            Role=role,
            Handler="probe.handler",
            Timeout=timeout,
            Code={"ZipFile": archive.getvalue()},
        )
        return str(made["FunctionArn"])

    def invoke(self, name: str, event: Any = None) -> dict[str, Any]:
        answer = self.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event or {}))
        body = json.loads(answer["Payload"].read() or b"null")
        return {"error": body} if answer.get("FunctionError") else {"answer": body}

    def table(self, name: str) -> str:
        """A table with keys pk and sk and a stream of new images; returns the stream's ARN."""
        made = self.client("dynamodb").create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": a, "AttributeType": "S"} for a in ("pk", "sk")],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
        return str(made["TableDescription"]["LatestStreamArn"])

    def put(self, table: str, pk: str, sk: str = "EVENT#1", **numbers: int) -> None:
        item = {"pk": {"S": pk}, "sk": {"S": sk}, **{k: {"N": str(v)} for k, v in numbers.items()}}
        self.client("dynamodb").put_item(TableName=table, Item=item)


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="session")
def emulator_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("emulator")


@pytest.fixture(scope="session")
def probe(emulator_folder: Path) -> Iterator[Probe]:
    emulator = Emulator.start(emulator_folder, time_anchor=emulator_folder / "time.json", checkpoint_seconds=0)
    yield Probe(emulator)
    emulator.stop()


@pytest.fixture
def eventually() -> Callable[..., Any]:
    """Wait until a call gives something true; fails after some seconds."""

    def wait(call: Callable[[], Any], seconds: float = 20) -> Any:
        until = time.monotonic() + seconds
        while not (found := call()):
            assert time.monotonic() < until, "it never happened"
            time.sleep(0.05)
        return found

    return wait
