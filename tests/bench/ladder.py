"""The life of a contractor who never answers: what it writes, from the report to the third party's invoice.

notice by e-mail · cure missed · reminder by post, a call · last deadline over · gate A · third party engaged,
appointed, its notice · repaired · signed by the owner · invoiced. Through the services and the handlers, on the
emulator's DynamoDB; what pages read is not in it.

The notice's time is from the finding to the message that it is there, all that follows from either done; what the
office takes to release it in between is not in it, nor is the queue's own delay, which `noticed` has.
"""

from __future__ import annotations

import io
import time
from collections import defaultdict
from datetime import timedelta
from typing import Any

from tests.bench.cloud import Cloud
from tests.bench.figures import figure, keep


def run() -> None:
    from infra.seed.stories import FIRST

    with Cloud.up(FIRST) as cloud:
        cloud.meter.plays["s3"] = _Objects()
        case, took = _live(cloud)
    steps = cloud.meter.steps
    written, read = sum(one.written for one in steps), sum(one.read for one in steps)
    by: dict[str, float] = defaultdict(float)
    for one in steps:
        by[one.name] += one.written
    keep("bench-ladder.json", {"written": written, "read": read, "by": dict(by)})
    assert case.state.value == "closed", case.state
    assert [letter.kind.value for letter in case.letters] == ["notice", "reminder", "third_party_notice"]
    figure(
        "silent contractor's life: write units",
        written,
        "WRU",
        "<= 343",
        letters=len(case.letters),
        messages=len(cloud.mail),
    )
    figure("silent contractor's life: read units, from item sizes", read, "RRU")
    seconds = took["find"] + took["release_notice"]
    figure("contractor's notice, from finding to message, of one life", seconds, "s", "<= 3")
    figure("silent contractor's life: state transitions", cloud.timers.transitions, "transitions")


def _live(cloud: Cloud) -> tuple[Any, dict[str, float]]:
    """The case at its end, and the seconds that each move took with what followed from it."""
    from chalicelib.services.ticket.report import Report
    from infra.seed import stories
    from infra.seed.demo import demo
    from infra.seed.stage import OWNER, SIGNED, Stage
    from tests.demo import load
    from tests.typeset import use_faces

    took: dict[str, float] = defaultdict(float)

    class Metered(Stage):
        """Each change is a step; what follows from it is done at once."""

        def until(self, at: Any) -> None:
            cloud.until(at)

        def upload(self, key: str, body: bytes, kind: str = "") -> None:
            """No picture goes through the bench."""

        def take(self, sent: Report) -> str:
            with cloud.meter.step("report"):
                return super().take(sent)

        def _make(self, reference: str, move: str, *rest: Any) -> None:
            start = time.perf_counter()
            with cloud.meter.step(move):
                super()._make(reference, move, *rest)
            cloud.settle()
            took[move] += time.perf_counter() - start

        def until_so(self, name: str, load: Any, holds: Any) -> Any:
            cloud.settle()
            found = load()
            assert holds(found), f"{name}: {found.state.value}"
            return found

    use_faces()
    load(demo())
    stage, life = Metered(), stories.GATED
    stage.until(stories.FIRST)
    stage.report(life)
    stage.inspect(life, stories.CAUSES[life.name], stories.LEAKED, stories.FOUND, until=stories.PROMISED)
    stage.on_case(life, "release_notice", stories.ENGAGER)
    stage.until(stories.REMINDED)
    stories.remind(stage, life, "1234567800012")
    stage.until(stories.GATE)
    stage.on_case(life, "pass_gate", stories.ENGAGER)
    stage.on_case(life, "engage", stories.ENGAGER, company="T-FS", items=[["FS-01", 6500]])
    start, end = stories.WORK, stories.WORK + timedelta(hours=3)
    stage.on_case(life, "appoint", stories.THIRD, start=start.isoformat(), end=end.isoformat())
    stage.on_case(life, "release_third_party_notice", stories.ENGAGER)
    stage.until(start + timedelta(minutes=10))
    stage.repair(life, "拆除后重做防水，闭水试验无渗漏。")
    stage.do(life, "sign_off", OWNER, signature=SIGNED)
    stage.on_case(life, "invoice", stories.THIRD, invoice="2" * 20)
    return stage.case(life), took


class _Objects:
    """S3, as far as a letter needs it."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}

    def __call__(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if operation == "PutObject":
            self.stored[params["Key"]] = params["Body"]
        return {"Body": io.BytesIO(self.stored.get(params.get("Key", ""), b""))} if operation == "GetObject" else {}
