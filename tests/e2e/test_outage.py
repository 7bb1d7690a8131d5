"""An outage loses no deadline: every timer gone, time past, and one sweep tells all."""

from __future__ import annotations

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from chalicelib.adapters.ids import ulid
from infra.local.run import load
from infra.local.stack import Stack
from tests.e2e.play import OWNERS, STAFF, plain, staff_phone

TICKETS = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 60
LEVEL_2 = {staff_phone(code) for code in STAFF if "-S" in code}


def executions(stack: Stack, status: str) -> int:
    states = stack.client("stepfunctions")
    arn = states.list_state_machines()["stateMachines"][0]["stateMachineArn"]
    pages = states.get_paginator("list_executions").paginate(stateMachineArn=arn, statusFilter=status)
    return sum(len(page["executions"]) for page in pages)


def eventually(call: Any, what: str, seconds: float = 120) -> Any:
    until = time.monotonic() + seconds
    while not (found := call()):
        assert time.monotonic() < until, f"{what}: never within {seconds} s"
        time.sleep(0.5)
    return found


def report(stack: Stack, unit: str, session: requests.Session) -> str:
    """Report on a unit; gives the token of its page."""
    fields = {"mark": ulid(stack.now()), "place": unit, "kind": "repair", "reporter": "owner", "words": "插座没电"}
    fields |= {"phone": plain(OWNERS[unit]["phone"]), "consent": "yes", "seen": "1"}
    address = f"203.0.{int(fields['phone'][-4:]) // 200}.{int(fields['phone'][-4:]) % 200 + 1}"
    answer = session.post(
        f"{stack.url}/report", data=fields, headers={"X-Forwarded-For": address}, allow_redirects=False, timeout=60
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].partition("?")[0].rpartition("/")[2]


def numbers_told(stack: Stack, to: set[str]) -> set[str]:
    """Numbers of the tickets that somebody was told of."""
    found = set()
    for message in stack.mailbox():
        if plain(message.to) in to:
            found |= {m[:9] for m in re.findall(r"\d{9}", message.text.replace("-", ""))}
    return found


def heads(stack: Stack) -> list[dict[str, Any]]:
    pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=stack.outputs["Table"])
    items = [i for page in pages for i in page["Items"] if i["sk"]["S"] == "HEAD"]
    return [i for i in items if i["pk"]["S"].startswith("TICKET#")]  # not of the cases that they opened


def events(stack: Stack) -> list[str]:
    pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=stack.outputs["Table"])
    return [i["pk"]["S"] + i["body"]["S"] for page in pages for i in page["Items"] if i["sk"]["S"].startswith("EVENT#")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "stack"


def test_all_deadlines_missed_while_every_timer_was_dead_are_told_within_one_sweep(folder: Path, out: Path) -> None:
    units = list(OWNERS)[:TICKETS]
    with Stack.start(folder, out=out) as stack:
        load(stack)
        with requests.Session() as session, ThreadPoolExecutor(4) as pool:
            assert len(set(pool.map(lambda unit: report(stack, unit, session), units))) == TICKETS
        eventually(lambda: executions(stack, "RUNNING") >= TICKETS, "an execution a ticket")
        assert len(heads(stack)) == TICKETS

    # the checkpoint is restored without one running execution
    with Stack.start(folder, out=out) as stack:
        assert executions(stack, "RUNNING") == 0
        assert len(heads(stack)) == TICKETS
        stack.anchor.advance(by=timedelta(minutes=45))
        assert not [e for e in events(stack) if '"breached"' in e]

        done = stack.invoke("Sweep")

        assert not done["more"]
        eventually(lambda: len({e[:33] for e in events(stack) if '"breached"' in e}) == TICKETS, "all breaches", 20)
        numbers = {h["line"]["S"] for h in heads(stack)}
        assert len(numbers) == TICKETS
        eventually(lambda: len(numbers_told(stack, LEVEL_2)) == TICKETS, "level 2 is told of every one")
        eventually(lambda: executions(stack, "RUNNING") >= TICKETS, "every timer runs again")

        # looking again finds nothing more to tell
        told = sorted(e for e in events(stack) if '"breached"' in e or '"escalated"' in e)
        stack.sweep()
        assert sorted(e for e in events(stack) if '"breached"' in e or '"escalated"' in e) == told
