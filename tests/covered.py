"""`python -m tests.covered out/coverage.json 75`: how much of the code the tests ran; 1 where it is less than that."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

SHOWN = 5  # of the files of which the least was run


def main(report: str, floor: str) -> int:
    """Say it, with the files that are covered least."""
    measured: dict[str, Any] = json.loads(Path(report).read_text(encoding="utf-8"))
    percent = float(measured["summary"]["percent_covered"])
    files = {name: float(found["summary"]["percent_covered"]) for name, found in measured["files"].items()}
    print(f"{percent:.1f} % of the lines were run, of {len(files)} files; the floor is {floor} %")
    for name in sorted(files, key=lambda name: files[name])[:SHOWN]:
        print(f"  {files[name]:5.1f} %  {name}")
    return int(percent < float(floor))


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
