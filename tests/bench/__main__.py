"""`python -m tests.bench [NAME …] [--peer]`: every bench in a process of its own, one JSON object a line.

A missed goal says "met": false and leaves the exit code at 0; a bench that broke says so and makes it 1.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys

from tests.bench.figures import ROOT

# Each module has run(); in this order, so that what measures time has the machine to itself.
BENCHES = (
    "imports",
    "requests",
    "calls",
    "clock",
    "life",
    "ladder",
    "price",
    "flat",
    "companies",
    "rooms",
    "management",
    "rollup",
    "package",
    "letter",
    "export",
    "sealing",
    "deployed",
    "noticed",
    "peer",
)
LONG = {"peer"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--peer", action="store_true", help="measure django-helpdesk beside it (minutes)")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.here:
        importlib.import_module(f"tests.bench.{args.names[0]}").run()
        return 0
    names = args.names or [n for n in BENCHES if n not in LONG or args.peer]
    broke = 0
    for name in names:
        done = subprocess.run([sys.executable, "-m", "tests.bench", "--here", name], cwd=ROOT)
        if done.returncode:
            broke = 1
            print(json.dumps({"name": name, "error": f"the bench broke, exit code {done.returncode}"}), flush=True)
    return broke


if __name__ == "__main__":
    sys.exit(main())
