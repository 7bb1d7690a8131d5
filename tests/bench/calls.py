"""Calls to AWS of a request, counted where botocore sends them, over a whole reference life.

The goal is for a function that has answered before; `cold` is the first time, when rosters, a project's own numbers and
the ladder (kept for a minute or more) are read too.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.bench.cloud import Cloud
from tests.bench.figures import figure
from tests.bench.life import START, Life, seed
from tests.bench.meter import Work

KINDS: tuple[tuple[str, str, Callable[[Work], bool]], ...] = (
    ("report", "<= 3", lambda w: w.name == "report"),
    ("page", "<= 2", lambda w: w.name.startswith("view")),
    ("move", "<= 3", lambda w: w.name != "report" and not w.name.startswith("view")),
)


def run() -> None:
    with Cloud.up(START) as cloud:
        seed(cloud)
        cold, warm = Life(cloud), Life(cloud)
        cold.live()
        cloud.set(START)
        warm.live()
    for kind, goal, chosen in KINDS:
        most = max((w for w in warm.persons if chosen(w)), key=lambda w: len(w.calls))
        first = max(len(w.calls) for w in cold.persons if chosen(w))
        over = [f"{w.name}: {' '.join(w.calls)}" for w in warm.persons if chosen(w) and len(w.calls) > int(goal[3:])]
        figure(f"SDK calls: {kind}, the most in a life", len(most.calls), "calls", goal, cold=first, over=over)
    ticks: list[Work] = [w for w in cloud.meter.steps if w.name == "tick"]
    figure("SDK calls: tick with nothing due", max(len(w.calls) for w in ticks), "calls", "<= 2", looks=len(ticks))
