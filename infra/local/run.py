"""`make run`: bring the desk up, load the demo, print where everything is, stay until Ctrl-C."""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import unicodedata
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from infra.local.anchor import DEMO_PAST, DEMO_START
from infra.local.emulator import EmulatorFailed, LocalFailed
from infra.local.stack import ROOT, Stack, StackFailed

FINANCE_ENTITY = "E-LW"  # of the demo, whose machine gets a key: the one that something is owed
PAGES = {  # what is written beside the link of a role, by where it begins
    "/d/": "客服台",
    "/b/": "保修办",
    "/k/": "单位工单",
    "/w/": "我的工单",
    "/f/": "财务",
    "/g/": "指标",
    "/a/": "审计",
}
SEED = ROOT / "infra" / "seed" / "demo.xlsx"


def main() -> int:
    """Run until Ctrl-C or SIGTERM; 1 if the system did not come up or broke."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--speed", type=float, default=1, help="simulated seconds in a second")
    parser.add_argument("--folder", type=Path, default=ROOT / ".local", help="where the data lies")
    parser.add_argument("--demo", choices=("", "year"), default="", help="year: a year of the demo group's tickets too")
    args = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    print("packaging, starting, deploying …", flush=True)
    try:
        with Stack.start(args.folder, port=args.port, speed=args.speed, start=DEMO_PAST, checkpoint_seconds=3) as stack:
            if stack.cut_off:
                print(f"baoxiu: {stack.cut_off}", flush=True)
            print(load(stack), flush=True)
            stack.recover()
            if stack.now() < DEMO_START:
                print("playing what the demo group has gone through …", flush=True)
                print(play(stack), end="", flush=True)
            if args.demo:
                print("loading a year of what the demo group has gone through …", flush=True)
                print(year(stack), end="", flush=True)
            addresses = write_addresses(stack)
            urllib.request.urlopen(addresses["form"], timeout=60).close()  # the first visitor finds a warm start
            _print(addresses)
            while not ended.wait(1):
                if not stack.emulator.running():
                    raise EmulatorFailed(f"the emulator is gone; see {stack.emulator.log}")
            print("\nstopping; the data stays in", args.folder, flush=True)
    except (LocalFailed, urllib.error.URLError) as error:
        if ended.is_set():  # Ctrl-C broke a step off
            return 0
        print(f"baoxiu: {error}", file=sys.stderr)
        return 1
    return 0


def load(stack: Stack) -> str:
    """Load the demo group by the same command that loads a real one; repeated, it changes nothing. What it said."""
    return " · ".join(_command(stack, "chalicelib.commands.load", str(SEED)).split("\n")).strip(" ·")


def play(stack: Stack) -> str:
    """Let the demo group live its past, up to the demo's morning. What broke off goes on at the next start."""
    try:
        said = _command(stack, "infra.seed.stories")
    except StackFailed as error:
        return f"baoxiu: {error}\n"
    stack.advance(to=DEMO_START)
    return said


def year(stack: Stack) -> str:
    """Load a year of facts, figures, and the tickets behind the worst of them; repeated, it changes nothing."""
    return _command(stack, "infra.seed.year")


def write_addresses(stack: Stack) -> dict[str, Any]:
    """Collect every address, and write them to run.json."""
    links: dict[str, Any] = json.loads(_command(stack, "chalicelib.commands.links"))
    path = stack.folder / "run.json"
    finance = links["work"].get("finance", "")
    addresses = {
        "front": stack.url,
        "form": stack.url + "/",
        "mailbox": stack.url + "/_mailbox",
        "desk": links["desk"],
        "work": links["work"],
        "finance": finance,
        "manager": links["manager"],
        "finance_key": _finance_key(stack, path),
        "endpoint": stack.endpoint,
        "table": stack.outputs["Table"],
    }
    path.write_text(json.dumps(addresses, ensure_ascii=False, indent=1) + "\n")
    path.chmod(0o600)
    return addresses


def _command(stack: Stack, module: str, *args: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *args],
        cwd=ROOT,
        env={**os.environ, **stack.environment},
        start_new_session=True,  # Ctrl-C ends us, not a load halfway
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise StackFailed(f"{module} failed: {said[-1] if said else 'no output'}")
    return done.stdout


def _finance_key(stack: Stack, path: Path) -> str:
    """The key of a machine of the demo's first entity: as it was printed when it was made, else a new one."""
    known = json.loads(path.read_text()).get("finance_key", "") if path.exists() else ""
    if known:
        return str(known)
    module = "chalicelib.commands.machines"
    there = "erp\t" in _command(stack, module, "list", FINANCE_ENTITY)  # it was made before, and its printing is gone
    return _command(stack, module, "rotate" if there else "make", FINANCE_ENTITY, "erp").strip()


def _print(addresses: dict[str, Any]) -> None:
    rows = [("报事报修 form", addresses["form"]), ("短信邮件 mailbox", addresses["mailbox"])]
    rows += [("客服台 front desk", addresses["desk"])]
    for role, url in addresses["work"].items():
        rows += [(f"{next(word for path, word in PAGES.items() if path in url)} {role}", url)]
    for name, url in rows:
        print(f"  {name}{' ' * (24 - _width(name))}{url}")
    print("Ctrl-C stops; the data stays.", flush=True)


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


if __name__ == "__main__":
    sys.exit(main())
