"""The running system: emulator, deployed stack, simulated clock and front server as one thing.

stack = Stack.start(Path(".local"))         # or in a test: Stack.start(tmp_path, port=0)
requests to stack.url …
stack.advance(by=timedelta(hours=1))        # the clock jumps, what fell due is done when it returns
stack.mailbox("13800000000")
stack.stop()                                # saves all
"""

import fcntl
import json
import os
import re
import secrets
import shutil
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from infra.build.package import PackageFailed, package
from infra.local import deploy
from infra.local.anchor import DEMO_START, Anchor
from infra.local.emulator import CREDENTIALS, REGION, SAVED, Emulator, EmulatorFailed, LocalFailed
from infra.local.front import Front
from infra.local.mailbox import Message, messages

ROOT = Path(__file__).resolve().parents[2]
NAME = "baoxiu"
API_STAGE = "api"
DUE_PARTITIONS = tuple(f"DUE#{shard}" for shard in range(4))
HEARTBEAT_SECONDS = 2
STOPPED = "stopped"  # there after a graceful stop only
LEAST_FREE = 64 << 20

_STEPS = {PackageFailed: "packaging", EmulatorFailed: "the start", deploy.DeployFailed: "deploying"}


class StackFailed(LocalFailed):
    """The system did not come up, or broke; the text says why in one line."""


@dataclass
class Stack:
    """A running system; make it by `Stack.start`."""

    folder: Path
    emulator: Emulator
    anchor: Anchor
    front: Front
    outputs: dict[str, str]
    _lock: IO[str]
    cut_off: str = ""  # when the run before ended by no stop, and what may be missing of it
    _checkpoints: bool = False
    _ended: threading.Event = field(default_factory=threading.Event)
    _advancing: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def start(
        cls,
        folder: Path,
        *,
        port: int = 0,
        speed: float = 1,
        start: datetime = DEMO_START,
        out: Path = ROOT / "out",
        parameters: dict[str, str] | None = None,
        checkpoint_seconds: float = 0,
    ) -> Self:
        """Package, start the emulator, deploy, serve. What an earlier start left in `folder` is there again.

        `port` 0 takes a free one; `parameters` override those of the template. Raises StackFailed.
        """
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        lock = _lock(folder)
        cut_off = _cut_off(folder)
        try:
            front = Front(port)
        except OSError as error:
            lock.close()
            raise StackFailed(f"port {port} is taken: stop what uses it, or choose another with PORT=") from error
        emulator = None
        try:
            package(out)
            anchor = Anchor.open(folder / "time.json", speed=speed, start=start, stopped=_last_beat(folder))
            emulator = Emulator.start(folder, time_anchor=anchor.path, checkpoint_seconds=checkpoint_seconds)
            settings = {**_parameters(folder, front.url, emulator.endpoint), **(parameters or {})}
            outputs = deploy.deploy(emulator.endpoint, out, NAME, settings)
            deploy.verify_sender(emulator.endpoint, settings["MailFrom"])
        except (PackageFailed, EmulatorFailed, deploy.DeployFailed) as error:
            front.server_close()
            if emulator:
                emulator.stop()
            lock.close()
            raise StackFailed(f"{_STEPS[type(error)]} failed: {error}") from error
        (folder / STOPPED).unlink(missing_ok=True)
        (folder / SAVED).touch()
        stack = cls(folder, emulator, anchor, front, outputs, lock, cut_off, checkpoint_seconds > 0)
        front.desk = stack
        for work in (front.serve_forever, stack._beat):
            threading.Thread(target=work, daemon=True).start()
        return stack

    @property
    def url(self) -> str:
        """The front address, without a slash at the end."""
        return self.front.url

    @property
    def endpoint(self) -> str:
        """Where the AWS APIs answer."""
        return self.emulator.endpoint

    @property
    def emulator_port(self) -> int:
        """The emulator's port."""
        return self.emulator.port

    @property
    def api_path(self) -> str:
        """Path of the deployed API on the emulator."""
        return f"/restapis/{self.outputs['RestAPIId']}/{API_STAGE}/_user_request_"

    @property
    def environment(self) -> dict[str, str]:
        """What a command of the product (load, links) needs to work on this stack: put it over os.environ."""
        return {
            **CREDENTIALS,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "TIME_ANCHOR": str(self.anchor.path),
            "STAGE": "local",
            **self.variables("Tell"),
            **self.variables("Reconcile"),
            **self.variables("APIHandler"),
        }

    def variables(self, function: str) -> dict[str, str]:
        """The deployed settings of a function, by logical id."""
        name = self.outputs.get(function) or self.outputs[f"{function}Name"]
        configuration = self.client("lambda").get_function_configuration(FunctionName=name)
        return dict(configuration.get("Environment", {}).get("Variables", {}))

    def client(self, service: str) -> Any:
        """A boto3 client of the emulator."""
        return deploy.client(service, self.endpoint)

    def invoke(self, function: str, event: dict[str, Any] | None = None) -> Any:
        """Call a function by logical id and wait for its answer. Raises StackFailed if it failed."""
        answer = self.client("lambda").invoke(FunctionName=self.outputs[function], Payload=json.dumps(event or {}))
        body = json.loads(answer["Payload"].read() or b"null")
        if answer.get("FunctionError"):
            raise StackFailed(f"{function} failed: {' '.join(str(body.get('errorMessage', body)).split())}")
        return body

    def now(self) -> datetime:
        """Simulated now."""
        return self.anchor.now()

    def speed(self) -> float:
        """Simulated seconds in a second."""
        return self.anchor.point.speed

    def next_deadline(self) -> datetime | None:
        """The earliest moment after now at which anything has work to do."""
        try:
            moments = [at for partition in DUE_PARTITIONS if (at := self._first_due(partition))]
        except BotoCoreError as error:
            raise EmulatorFailed(f"the emulator does not answer ({error})") from error
        return min(moments, default=None)

    def advance(self, *, to: datetime | None = None, by: timedelta | None = None) -> datetime:
        """Move the clock forward and do what fell due on the way. Returns simulated now."""
        with self._advancing:
            self.anchor.advance(to=to, by=by)
            try:
                self.sweep()
                self._fire()
            except (BotoCoreError, ClientError) as error:
                raise EmulatorFailed(f"the emulator does not answer ({error})") from error
        return self.now()

    def refusal(self) -> str:
        """Why nothing new is taken at the moment, in one line; "" while all is well."""
        free = shutil.disk_usage(self.folder).free
        if free < LEAST_FREE:
            return f"the disk is full: {free >> 20} MB free under {self.folder}, {LEAST_FREE >> 20} MB are needed"
        if self._checkpoints and not (self.folder / SAVED).exists():
            return f"nothing can be saved under {self.folder}; see {self.emulator.log}"
        return ""

    def sweep(self) -> None:
        """Do what is overdue, as the schedule does every few minutes."""
        for _ in range(100):
            answer = self.invoke("Sweep")
            if not isinstance(answer, dict) or not answer.get("more"):
                return

    def recover(self) -> None:
        """Make up for what died with an earlier emulator: executions, and what was on its streams."""
        self.sweep()
        for _ in range(100):
            if not self.invoke("Reconcile")["more"]:
                return

    def _fire(self) -> None:
        """Run the timers of what fell due just now: they wait by the machine's clock, the sweep leaves that to them."""
        table = {"TableName": self.outputs["Table"]}
        database = self.client("dynamodb")
        for partition in DUE_PARTITIONS:
            due = database.query(
                **table,
                IndexName="due",
                KeyConditionExpression="dk = :dk AND due <= :now",
                ExpressionAttributeValues={
                    ":dk": {"S": partition},
                    ":now": {"S": self.now().isoformat(timespec="seconds")[:19] + "Z"},
                },
            )["Items"]
            for key in ({"pk": item["pk"], "sk": item["sk"]} for item in due if item["sk"]["S"] == "HEAD"):
                head = database.get_item(**table, Key=key).get("Item", {})
                if "gen" in head:
                    generation = int(head["gen"].get("N") or head["gen"]["S"])
                    self.invoke("Tick", {"ticket": head["id"]["S"], "generation": generation})

    def mailbox(self, to: str = "") -> list[Message]:
        """Every message sent, newest first."""
        return messages(self.emulator, self.anchor, to)

    def stop(self) -> None:
        """Stop all; the state is saved."""
        if not self._ended.is_set():
            self._ended.set()
            self.front.shutdown()
            self.front.server_close()
            if self.emulator.stop():
                with suppress(OSError):  # on a full disk: then it was no clean end either
                    (self.folder / STOPPED).touch()
            _beat(self.folder)
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _first_due(self, partition: str) -> datetime | None:
        """The first moment of a record; a message that is due is on its way, and no deadline."""
        pages = (
            self.client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self.outputs["Table"],
                IndexName="due",
                KeyConditionExpression="dk = :dk AND due > :now",
                FilterExpression="sk = :head",
                ExpressionAttributeValues={
                    ":dk": {"S": partition},
                    ":head": {"S": "HEAD"},
                    ":now": {"S": self.now().isoformat(timespec="seconds")[:19]},
                },
                PaginationConfig={"PageSize": 20},
            )
        )
        found: list[dict[str, Any]] = next((page["Items"] for page in pages if page["Items"]), [])
        begin = re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?", found[0]["due"]["S"]) if found else None
        return datetime.fromisoformat(begin[0]).replace(tzinfo=UTC) if begin else None

    def _beat(self) -> None:
        """Note now and then that the system runs: simulated time stands still while it doesn't."""
        while not self._ended.wait(HEARTBEAT_SECONDS):
            _beat(self.folder)


def _lock(folder: Path) -> IO[str]:
    """Two emulators on one state would each overwrite what the other saved. Given back when closed."""
    lock = (folder / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise StackFailed(f"it runs already on the data in {folder}: stop that first") from error
    return lock


def _beat(folder: Path) -> None:
    (folder / "alive").touch()


def _last_beat(folder: Path) -> datetime | None:
    alive = folder / "alive"
    return datetime.fromtimestamp(alive.stat().st_mtime, UTC) if alive.exists() else None


def _cut_off(folder: Path) -> str:
    """What to say of a run that was killed, or of a machine that went down: since when its data may be missing."""
    alive, state = folder / "alive", folder / "state" / "dynamodb.json"
    if not alive.exists() or (folder / STOPPED).exists():
        return ""
    if not state.exists():
        return "the last run was cut off before its first checkpoint: nothing of it is left"
    seconds = max(0, alive.stat().st_mtime - state.stat().st_mtime)
    at = datetime.fromtimestamp(state.stat().st_mtime).astimezone().isoformat(" ", "seconds")
    return f"the last run was cut off: what came after its last checkpoint, {at}, is missing (up to {seconds:.0f} s)"


def _parameters(folder: Path, url: str, endpoint: str) -> dict[str, str]:
    """The template's parameters; the key of all links is made once and kept with the data."""
    key = folder / "grant.key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_hex(32))
    return {
        "Stage": "local",
        "PublicUrl": url,
        "GrantKey": key.read_text(),
        "MailFrom": "baoxiu@example.invalid",
        "ObjectsOrigin": endpoint,
        "Sms": "sns",
        "SmsForm": "link",
    }
