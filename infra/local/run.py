"""`make run`: bring the desk up, load the demo, print where everything is, stay until Ctrl-C."""

import argparse
import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from infra.local.emulator import EmulatorFailed
from infra.local.stack import ROOT, Stack, StackFailed

SEED = ROOT / "infra" / "seed" / "demo.xlsx"


def main() -> int:
    """Run until Ctrl-C or SIGTERM; 1 if the system did not come up or broke."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--speed", type=float, default=1, help="simulated seconds in a second")
    parser.add_argument("--folder", type=Path, default=ROOT / ".local", help="where the data lies")
    args = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        stack = Stack.start(args.folder, port=args.port, speed=args.speed, checkpoint_seconds=20)
    except StackFailed as error:
        print(f"baoxiu: {error}", file=sys.stderr)
        return 1
    with stack:
        try:
            load(stack)
            stack.sweep()  # timers of an earlier run died with its emulator
            addresses = write_addresses(stack)
        except (StackFailed, EmulatorFailed) as error:
            print(f"baoxiu: {error}", file=sys.stderr)
            return 1
        _print(addresses)
        while not ended.wait(1):
            if not stack.emulator.running():
                print(f"baoxiu: the emulator is gone; see {args.folder}/emulator.log", file=sys.stderr)
                return 1
        print("\nstopping; the data stays in", args.folder)
    return 0


def load(stack: Stack) -> None:
    """Load the demo group by the same command that loads a real one; repeated, it changes nothing."""
    if _exists("chalicelib.load") and SEED.exists():
        _command(stack, "chalicelib.load", str(SEED))


def write_addresses(stack: Stack) -> dict[str, Any]:
    """Collect every address, and write them to run.json."""
    links: dict[str, Any] = json.loads(_command(stack, "chalicelib.links")) if _exists("chalicelib.links") else {}
    addresses = {
        "front": stack.url,
        "form": stack.url + "/",
        "mailbox": stack.url + "/_mailbox",
        "desk": links.get("desk"),
        "queue": links.get("queue", links.get("desk")),
        "work": links.get("work", {}),
        "endpoint": stack.endpoint,
        "table": stack.outputs["Table"],
    }
    path = stack.folder / "run.json"
    path.write_text(json.dumps(addresses, ensure_ascii=False, indent=1) + "\n")
    path.chmod(0o600)
    return addresses


def _command(stack: Stack, module: str, *args: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *args],
        cwd=ROOT,
        env={**os.environ, **stack.environment},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise StackFailed(f"{module} failed: {said[-1] if said else 'no output'}")
    return done.stdout


def _exists(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _print(addresses: dict[str, Any]) -> None:
    rows = [("报事报修 form", addresses["form"]), ("短信邮件 mailbox", addresses["mailbox"])]
    rows += [("客服台 desk", addresses["desk"])] if addresses["desk"] else []
    rows += [(role, url) for role, url in addresses["work"].items()]
    for name, url in rows:
        print(f"{name:<22}{url}")
    print("Ctrl-C stops; the data stays.", flush=True)


if __name__ == "__main__":
    sys.exit(main())
