"""Figures of 20,000 random lives against pandas, which knows nothing of the code that makes them: all of them equal."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chalicelib.domain.measures.facts import ClockResult, Fact
from chalicelib.domain.measures.figures import Figure, figures
from chalicelib.domain.measures.measure import MEASURES
from chalicelib.domain.measures.tally import Known, stock_of, tallies

LIVES = 20_000
ZONE = "Asia/Shanghai"
MONTHS = ("2026-01", "2026-02", "2026-03")
BEGIN = datetime(2025, 12, 20, tzinfo=UTC)
REPAIRS = ("repair", "emergency")
CLOCKS = {"dispatch": "dispatch_kept", "response": "response_kept", "arrive": "arrive_kept"}
CLOCKS |= {"resolve": "resolve_kept", "follow_up": "follow_up_kept"}
WITHIN = timedelta(days=90)
TEMPLATE = 3


def clocks(draw: random.Random, reported: datetime, kind: str) -> tuple[ClockResult, ...]:
    found = []
    for name in ("feedback",) if kind == "complaint" else CLOCKS:
        for _ in range(draw.choice((0, 1, 1, 1, 2))):
            started = reported + timedelta(seconds=draw.randint(0, 90_000))
            stopped = started + timedelta(seconds=draw.randint(1, 400_000)) if draw.random() < 0.9 else None
            verdict = draw.choice(("kept", "kept", "late", "void") if stopped else ("running", "late"))
            counted = timedelta(seconds=draw.randint(0, 50_000))
            target = timedelta(hours=4)
            found.append(ClockResult(name, started, stopped, target, counted, started + target, None, verdict))
    return tuple(found)


def life(draw: random.Random, number: int) -> list[Fact]:
    """One to four facts of a ticket, in any order of what may happen to it."""
    kind = draw.choice(("repair", "repair", "repair", "emergency", "complaint", "enquiry", "patrol"))
    reported = BEGIN + timedelta(seconds=draw.randint(0, 90 * 86_400))
    at, facts = reported, []
    category, component = draw.choice(("leak", "power", "lift")), draw.choice(("", "pipe", "roof"))
    verified, team = draw.random() < 0.8, draw.choice(("P1/engineering", "P1/building", ""))
    unit = f"U{draw.randint(1, 900)}"
    for n in range(draw.choice((1, 1, 2, 3, 4))):
        at += timedelta(seconds=draw.randint(60, 12 * 86_400))
        stars = draw.choice((0, 0, 1, 3, 4, 5))
        who = f"W{draw.randint(1, 9)}"
        facts.append(
            Fact(
                ticket=f"T{number:05d}",
                n=10 + 3 * n,
                at=at,
                counts=at,
                why=draw.choice(("closed", "closed", "corrected", "rated", "reopened", "answered")),
                policy="p",
                kind=kind,
                state=draw.choice(("closed", "closed", "closed", "cancelled", "waived", "merged", "assigned")),
                priority="normal",
                category=category,
                component=component,
                place={"project": "P1", "unit": unit},
                reported=reported,
                reporter="owner",
                verified=verified,
                channel="web",
                holder=who,
                team=team,
                by=who,
                role="technician",
                held=(who,),
                did={"completed": who} if draw.random() < 0.7 else {},
                clocks=clocks(draw, reported, kind),
                waits={},
                appointments=0,
                window=None,
                plan=None,
                rounds=draw.choice((0, 0, 0, 1, 2)),
                dissatisfied=0,
                declined=0,
                photos=1,
                scores=dict.fromkeys(("overall", "speed", "thoroughness", "manners"), stars) if stars else {},
                rated=at - timedelta(seconds=draw.randint(0, 20 * 86_400)) if stars else None,
                repeats="T" if draw.random() < 0.02 else "",
                cost=draw.choice((None, None, draw.randint(1, 10**6))),
                reply=f"mark{draw.randint(1, 500)}" if kind == "complaint" and draw.random() < 0.6 else "",
                stage=draw.choice(("", "first_year", "settled")),
            )
        )
    return facts


def month(at: Any) -> pd.Series:
    return pd.to_datetime(at, utc=True).dt.tz_convert(ZONE).dt.strftime("%Y-%m")


@pytest.fixture(scope="module")
def facts() -> list[Fact]:
    draw = random.Random(20260301)
    return [fact for number in range(LIVES) for fact in life(draw, number)]


@pytest.fixture(scope="module")
def frame(facts: list[Fact]) -> pd.DataFrame:
    rows = [
        {
            name: getattr(fact, name)
            for name in ("ticket", "n", "why", "kind", "state", "counts", "reported", "verified")
        }
        | {name: getattr(fact, name) for name in ("category", "team", "stage", "rounds", "rated", "reply")}
        | {
            "stars": fact.scores.get("overall", 0),
            "what": f"{fact.category}/{fact.component}",
            "component": f"{fact.category}/{fact.component}" if fact.component else "",
            "person": fact.did.get("completed") or fact.holder,
            "unit": fact.place["unit"],
            "again": bool(fact.repeats),
            "cost": fact.cost or 0,
        }
        for fact in facts
    ]
    made = pd.DataFrame(rows)
    made["m"], made["rated_m"] = month(made["counts"]), month(made["rated"]).fillna("9999")
    return made


@pytest.fixture(scope="module")
def runs(facts: list[Fact]) -> pd.DataFrame:
    rows = [
        {
            "ticket": fact.ticket,
            "n": fact.n,
            "order": order,
            "clock": run.name,
            "verdict": run.verdict,
            "stopped": run.stopped,
            "counted": int(run.counted.total_seconds()),
            "wall": int((run.stopped - fact.reported).total_seconds()) if run.stopped else -1,
        }
        for fact in facts
        for order, run in enumerate(fact.clocks)
    ]
    made = pd.DataFrame(rows)
    made["stopped_m"] = month(made["stopped"]).fillna("9999")
    return made


def earlier(facts: Sequence[Fact]) -> dict[tuple[str, str], list[datetime]]:
    found: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for fact in facts:
        if fact.kind in REPAIRS and fact.state == "closed":
            found[fact.place["unit"], f"{fact.category}/{fact.component}"].append(fact.reported)
    return found


def share(of: pd.Series) -> list[int]:
    return [int(of.sum()), len(of)]


def by_pandas(frame: pd.DataFrame, runs: pd.DataFrame, named: str, column: str, code: str) -> dict[str, list[int]]:
    """measure → [n, d] or [n, d, p50, p90]."""
    mine = frame[frame["m"] == named]
    last = mine.loc[mine.groupby("ticket")["n"].idxmax()]
    stock = mine[mine["reply"] != ""].groupby("reply")["ticket"].nunique()
    stock = set(stock[stock >= TEMPLATE].index)
    if column:
        last = last[last[column] == code]
        mine = mine[mine["ticket"].isin(last["ticket"])]
    made: dict[str, list[int]] = {}
    stars = last[(last["stars"] > 0) & (last["rated_m"] == named) & last["verified"]]
    made["satisfaction"] = share(stars["stars"] >= 4)
    ends = mine[mine["why"].isin(["closed", "corrected", "reopened"])]
    ends = ends.loc[ends.groupby("ticket")["n"].idxmax()]
    ends = ends[ends["why"] != "reopened"]
    repairs = ends[ends["kind"].isin(REPAIRS)]
    given = repairs[repairs["state"].isin(["closed", "cancelled", "waived"])]
    made["resolved"] = share(given["state"] == "closed")
    closed = ends[ends["state"] == "closed"]
    known = closed[closed["verified"]].merge(last[["ticket", "stars", "rated_m"]], on="ticket", suffixes=("_then", ""))
    made["rated"] = share((known["stars"] > 0) & (known["rated_m"] <= named))
    fixed = closed[closed["kind"].isin(REPAIRS)]
    made["first_time_fix"] = share(fixed["rounds"] == 0)
    made["rework"] = share(fixed["rounds"] > 0)
    made["cost"] = [int(fixed["cost"].sum()), len(fixed)]
    theirs = runs.merge(fixed[["ticket", "n"]], on=["ticket", "n"])
    late = set(theirs[theirs["verdict"] == "late"]["ticket"])
    made["beyond_standard"] = share(fixed["ticket"].isin(late))
    for clock, measure in CLOCKS.items():
        judged = theirs[(theirs["clock"] == clock) & theirs["verdict"].isin(["kept", "late"])]
        made[measure] = share(judged.groupby("ticket")["verdict"].apply(lambda these: not (these == "late").any()))
    for clock, names in {
        "response": ("response_time", "response_wall"),
        "resolve": ("resolution_time", "resolution_wall"),
    }.items():
        done = theirs[(theirs["clock"] == clock) & (theirs["wall"] >= 0) & (theirs["verdict"] != "void")]
        each = done.groupby("ticket").agg(counted=("counted", "sum"), wall=("wall", "max"))
        for name, values in zip(names, (each["counted"], each["wall"]), strict=True):
            if len(values):
                ranks = [int(np.percentile(values, p, method="inverted_cdf")) for p in (50, 90)]
                made[name] = [len(values), len(values), *ranks]
    before = frame[frame["kind"].isin(REPAIRS) & (frame["state"] == "closed")][["unit", "what", "reported"]]
    pairs = fixed.merge(before.drop_duplicates(), on=["unit", "what"], suffixes=("", "_before"))
    gap = pairs["reported"] - pairs["reported_before"]
    again = set(pairs[(gap > timedelta(0)) & (gap <= WITHIN)]["ticket"])
    made["repeats"] = share(fixed["again"] | fixed["ticket"].isin(again))
    told = last[(last["kind"] == "complaint") & (last["state"] != "merged")]
    first = runs[runs["clock"] == "feedback"].sort_values("order").groupby(["ticket", "n"], as_index=False).first()
    first = first[first["stopped_m"] == named].merge(told[["ticket", "n"]], on=["ticket", "n"])
    made["complaints"] = [len(first)]
    template = set(mine[mine["reply"].isin(stock)]["ticket"])
    judged = first[first["verdict"].isin(["kept", "late"])]
    made["answered_in_time"] = share((judged["verdict"] == "kept") & ~judged["ticket"].isin(template))
    return made


@pytest.mark.parametrize("named", MONTHS)
def test_every_figure_of_every_group_is_what_pandas_says(
    facts: list[Fact], frame: pd.DataFrame, runs: pd.DataFrame, named: str
) -> None:
    mine = [fact for fact, m in zip(facts, frame["m"], strict=True) if m == named]
    known = Known(earlier=earlier(facts), within=WITHIN, stock=stock_of(mine, TEMPLATE))
    ours = tallies(mine, named, ZONE, known)
    columns = {"": "", "category": "category", "component": "component", "team": "team", "person": "person"}
    columns |= {"stage": "stage"}
    compared = set()
    assert len(ours) > 20
    for group, tally in ours.items():
        level, _, code = group.partition("#")
        found = figures(tally, 1_000, 0)
        theirs = by_pandas(frame, runs, named, columns[level], code)
        for measure in MEASURES:
            if measure not in theirs:
                continue
            expected = theirs[measure]
            one = found.get(measure)
            if measure == "complaints":
                assert (one.n if one else 0) == expected[0], (group, measure)
            elif expected[1] == 0:
                assert one is None, (group, measure)
            else:
                assert one == Figure(measure, *expected), (group, measure)
                compared.add(measure)
    assert len(compared) == 18, sorted(compared)
