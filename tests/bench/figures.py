"""One figure a line, as JSON: name, value, unit, goal, and whether the goal is met."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"


def figure(name: str, value: float, unit: str, goal: str = "", **more: Any) -> bool:
    """Print a figure. `goal` is "<= 1.4", ">= 95" or "" where it is told for information."""
    value = round(value, 4)
    line: dict[str, Any] = {"name": name, "value": value, "unit": unit, "goal": goal or None}
    met = True
    if goal:
        sign, _, limit = goal.partition(" ")
        met = value <= float(limit) if sign == "<=" else value >= float(limit)
        line["met"] = met
    print(json.dumps(line | more, ensure_ascii=False), flush=True)
    return met


def note(text: str) -> None:
    """Something to know beside the figures, on stderr."""
    print(text, file=sys.stderr, flush=True)


def keep(name: str, document: Any) -> Path:
    """Write a breakdown into `.local/`, for whoever optimises."""
    LOCAL.mkdir(exist_ok=True)
    path = LOCAL / name
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
