"""`python -m tests.halves NAME COMMAND NAME COMMAND`: commands side by side, each line of theirs after its name.

1 if any of them failed; each is left to its end, so that one run shows all that is red, and all of it is said once more
as the last thing: who reads the end of a long log reads what failed. Ctrl-C and SIGTERM end all of
them as Ctrl-C would, so that they stop what they started; a second one, or a minute, ends whoever is still there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from types import FrameType

PATIENCE = 60.0  # seconds for what was interrupted to stop what it started
RED = ("FAILED ", "ERROR ")  # how pytest's summary begins the line of a test
MOST = 20  # lines said once more
WIDTH = 200


def main(*asked: str) -> int:
    """Run them; what was said is on standard output."""
    commands = dict(zip(asked[::2], asked[1::2], strict=True))
    width = max(map(len, commands))
    began = time.monotonic()
    running: dict[str, subprocess.Popen[str]] = {}
    interrupts: list[int] = []

    def kill() -> None:
        for one in [*running.values()]:
            _signal(one, signal.SIGKILL)

    def interrupt(number: int, _: FrameType | None) -> None:
        interrupts.append(number)
        if len(interrupts) > 1:
            kill()
            return
        for one in [*running.values()]:
            _signal(one, signal.SIGINT)
        late = threading.Timer(PATIENCE, kill)
        late.daemon = True
        late.start()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    # Started after that: what is caught here is theirs to catch again, though it was ignored where we come from.
    running |= {name: _start(command) for name, command in commands.items()}
    ends: dict[str, str] = {}
    red: list[str] = []
    readers = [
        threading.Thread(target=_say, args=(name.ljust(width), running[name], began, ends, red)) for name in running
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    for name, end in ends.items():
        print(f"{name} | {end}", flush=True)
    for line in red[:MOST]:
        print(line, flush=True)
    if interrupts:
        return 128 + interrupts[0]
    return int(any(one.returncode for one in running.values()))


def _start(command: str) -> subprocess.Popen[str]:
    """In a session of its own: an interrupt of the terminal comes to us alone, and ends by us all that it started."""
    return subprocess.Popen(
        ["sh", "-c", f"exec {command}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )


def _signal(one: subprocess.Popen[str], number: int) -> None:
    """SIGINT to the command, which ends what it started; SIGKILL to all of its session's group."""
    with suppress(ProcessLookupError):
        if number == signal.SIGKILL:
            os.killpg(one.pid, number)
        elif one.poll() is None:
            os.kill(one.pid, number)


def _say(name: str, one: subprocess.Popen[str], began: float, ends: dict[str, str], red: list[str]) -> None:
    assert one.stdout
    for line in one.stdout:
        print(f"{name} | {line}", end="", flush=True)
        if line.startswith(RED):
            red.append(f"{name} | {line.rstrip()}"[:WIDTH])
    code = one.wait()
    ends[name] = f"{'failed' if code else 'passed'} after {time.monotonic() - began:.0f} s"


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
