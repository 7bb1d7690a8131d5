"""The two halves of the tests, side by side."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.stack import ROOT

HALVES = [sys.executable, "-m", "tests.halves"]
STOPS = """
import os, pathlib, sys, time
try:
    print("up", os.getpid(), flush=True)
    time.sleep(600)
except KeyboardInterrupt:
    pathlib.Path(sys.argv[1]).touch()
"""


@pytest.mark.parametrize(("one", "other", "code"), [("true", "true", 0), ("false", "true", 1), ("true", "false", 1)])
def test_both_are_run_to_their_end_and_either_s_fault_is_a_fault(one: str, other: str, code: int) -> None:
    commands = ["units", f"sh -c 'echo first; {one}'", "journeys", f"sh -c 'echo second; {other}'"]
    done = subprocess.run([*HALVES, *commands], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    assert {"units    | first", "journeys | second"} <= set(done.stdout.splitlines())


def test_what_failed_is_said_once_more_at_the_end() -> None:
    commands = ["units", "sh -c 'echo FAILED tests/test_a.py::test_b; false'", "journeys", "sh -c 'sleep 1; echo over'"]
    done = subprocess.run([*HALVES, *commands], cwd=ROOT, capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert lines[-1] == "units    | FAILED tests/test_a.py::test_b"
    assert lines.count(lines[-1]) == 2
    assert lines.index("journeys | over") < len(lines) - 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_lets_both_stop_what_they_started(tmp_path: Path, number: int) -> None:
    script = tmp_path / "stops.py"
    script.write_text(STOPS, encoding="utf-8")
    commands = [part for name in ("a", "b") for part in (name, f"{sys.executable} {script} {tmp_path / name}")]
    going = subprocess.Popen([*HALVES, *commands], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert going.stdout
    pids = [int(going.stdout.readline().split()[-1]) for _ in "ab"]
    going.send_signal(number)
    going.communicate(timeout=60)
    assert going.returncode == 128 + number
    assert (tmp_path / "a").exists()
    assert (tmp_path / "b").exists()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
