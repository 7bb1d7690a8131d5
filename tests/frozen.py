"""The policy that tests run on: what ships, with its numbers frozen. Only `test_policy.py` pins the numbers that ship.

So a test of a rule says what happens after "two hours" for good, whatever the company promises next year. A clock that
is not named here comes as it ships.
"""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from pathlib import Path

from chalicelib.adapters import policies

SHIPPED = policies.FOLDER
ALWAYS = '{ emergency = "always", urgent = "always", normal = "always" }'
SERVICE = '{ emergency = "always", urgent = "service", normal = "service" }'
HEAD = {
    "warn": "[0.5, 0.8]",
    "warn_from": '"2h"',
    "remind_every": '"24h"',
    "wait_longest": '"30d"',
    "wait_answer": '"24h"',
}
# emergency, urgent, normal; how it counts; the levels and when they are told
CLOCKS: dict[str, tuple[tuple[str, str, str], str, str]] = {
    "response": (("10m", "30m", "30m"), ALWAYS, '[[2, "0m"]]'),
    "dispatch": (("15m", "15m", "15m"), ALWAYS, '[[2, "0m"]]'),
    "acknowledge": (("10m", "30m", "30m"), SERVICE, '[[2, "0m"]]'),
    "arrive": (("1h", "2h", "4h"), SERVICE, '[[2, "0m"], [3, "4h"]]'),
    "resolve": (("24h", "48h", "72h"), SERVICE, '[[2, "0m"], [3, "24h"]]'),
    "decide": (
        ("4h", "15h", "15h"),
        '{ emergency = "always", urgent = "office", normal = "office" }',
        '[[2, "0m"]]',
    ),
    "rectify": (("1d", "7d", "30d"), ALWAYS, '[[2, "0m"]]'),
    "recheck": (("1d", "3d", "7d"), ALWAYS, '[[2, "0m"]]'),
    "sign_off": (("7d", "7d", "7d"), ALWAYS, '[[2, "0m"]]'),
    "follow_up": (("24h", "24h", "24h"), ALWAYS, '[[2, "0m"]]'),
    "relay": (("1h", "4h", "24h"), ALWAYS, '[[2, "0m"], [3, "24h"]]'),
    "result": (
        ("24h", "1350m", "1350m"),
        '{ emergency = "always", urgent = "office", normal = "office" }',
        '[[2, "0m"], [3, "24h"]]',
    ),
    "satisfaction": (("7d", "7d", "7d"), ALWAYS, '[[1, "0m"]]'),
    "feedback": (("4h", "24h", "24h"), ALWAYS, '[[2, "0m"], [3, "24h"]]'),
}
CARE = {"tries": "3", "apart": '"2h"', "low": "2"}
CATEGORIES = {"gas_smell": "4h", "lift_trapped": "2h"}  # of resolve, for emergencies
PLACE_HOURS = {  # a week of each calendar
    "service": [f'{day} = ["08:00-20:00"]' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")],
    "office": [f'{day} = ["09:00-12:00", "13:30-18:00"]' for day in ("mon", "tue", "wed", "thu", "fri")],
}


def frozen(text: str) -> str:
    """clocks.toml with the numbers of this file."""
    for name, value in HEAD.items():
        text = _set(text, "", name, value)
    for name, value in CARE.items():
        text = _set(text, "care", name, value)
    for name, days in PLACE_HOURS.items():
        text = _set(text, f"calendars.{name}", "weekly", f"{{ {', '.join(days)} }}")
    for name, ((emergency, urgent, normal), counts, levels) in CLOCKS.items():
        target = f'{{ emergency = "{emergency}", urgent = "{urgent}", normal = "{normal}" }}'
        for key, value in (("target", target), ("counts", counts), ("levels", levels)):
            text = _set(text, f"clock.{name}", key, value)
    for name, value in CATEGORIES.items():
        text = _set(text, "clock.resolve.category", name, f'"{value}"')
    text = _set(text, "clock.arrive.category", "lift_trapped", '"30m"')
    return text


def _set(text: str, table: str, key: str, value: str) -> str:
    """A key of a table of a TOML text, which must have it, set to another value."""
    start = re.search(rf"^\[{re.escape(table)}\].*$", text, re.M) if table else re.search(r"\A", text)
    assert start is not None, table
    end = re.compile(r"^\[", re.M).search(text, start.end())
    stretch = text[start.end() : end.start() if end else len(text)]
    changed, found = re.subn(rf"^{key} = .*$", lambda _: f"{key} = {value}", stretch, count=1, flags=re.M)
    assert found, f"{table}.{key}"
    return text[: start.end()] + changed + text[start.end() + len(stretch) :]


def use() -> None:
    """From here on, this process reads the frozen policy."""
    folder = Path(tempfile.mkdtemp(prefix="frozen-policy-"))
    for file in SHIPPED.glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        (folder / file.name).write_text(frozen(text) if file.name == "clocks.toml" else text, encoding="utf-8")
    policies.FOLDER = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
