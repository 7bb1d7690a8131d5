"""A fact as it is stored: short names, nothing that is empty or usual, times as seconds since the report.

One to a few hundred bytes: with its key it stays below 1 KB for a usual life, and so costs two write units.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.measures.facts import DID, PLACES, SCORES, ClockResult, Fact, Verdict
from chalicelib.domain.ticket.ticket import Window

SCHEMA = 1
USUAL: Mapping[str, Any] = {"o": "owner", "ch": "web", "l": 1}
VERDICTS: Mapping[Verdict, str] = {"kept": "k", "late": "l", "running": "r", "void": "v"}


def packed(fact: Fact) -> dict[str, Any]:
    """A fact as it is stored, without its ticket, version and the time it counts at, which are its key."""

    def since(at: datetime | None) -> int | None:
        return None if at is None else int((at - fact.reported).total_seconds())

    row: dict[str, Any] = {
        "z": SCHEMA,
        "y": fact.why,
        "v": fact.policy,
        "k": fact.kind,
        "s": fact.state,
        "p": fact.priority,
        "c": fact.category,
        "m": fact.component,
        "g": [fact.place.get(level, "") for level in PLACES],
        "r": int(fact.reported.timestamp()),
        "o": fact.reporter,
        "u": int(not fact.verified),
        "ch": fact.channel,
        "h": fact.holder,
        "t": fact.team,
        "b": f"{fact.role}:{fact.by}",
        "hd": list(fact.held) if fact.held != (fact.holder,) else [],
        "d": [fact.did.get(kind, "") for kind in DID] if fact.did else [],
        "x": [
            [
                c.name,
                VERDICTS[c.verdict],
                since(c.started),
                since(c.stopped),
                int(c.target.total_seconds()),
                int(c.counted.total_seconds()),
                since(c.first_due),
                since(c.due),
            ]
            for c in fact.clocks
        ],
        "w": {reason: [often, int(long.total_seconds())] for reason, (often, long) in sorted(fact.waits.items())},
        "a": fact.appointments,
        "aw": [since(fact.window.start), since(fact.window.end)] if fact.window else [],
        "pl": since(fact.plan),
        "n": fact.rounds,
        "dn": fact.dissatisfied,
        "dc": fact.declined,
        "ph": fact.photos,
        "at": since(fact.at) if fact.at != fact.counts else None,
        "sc": [fact.scores.get(name, 0) for name in SCORES] if fact.scores else [],
        "ra": since(fact.rated),
        "l": fact.level,
        "cl": [list(step) for step in fact.climbed],
        "lo": fact.lowered,
        "i": fact.into,
        "rp": fact.repeats,
        "ve": fact.verdict,
        "co": fact.cost,
        "q": fact.quick,
        "de": fact.device,
        "kt": fact.contract,
        "sg": fact.stage,
        "re": fact.reply,
    }
    return {k: v for k, v in row.items() if v not in (None, "", 0, [], {}) and v != USUAL.get(k)}


def unpacked(ticket: str, n: int, counts: datetime, row: Mapping[str, Any]) -> Fact:
    """The fact that a stored row states."""
    reported = datetime.fromtimestamp(row["r"], UTC)

    def moved(seconds: int | None) -> datetime | None:
        return None if seconds is None else reported + timedelta(seconds=seconds)

    def known(seconds: int) -> datetime:
        return reported + timedelta(seconds=seconds)

    read: Mapping[str, Verdict] = {letter: verdict for verdict, letter in VERDICTS.items()}
    role, _, by = str(row["b"]).partition(":")
    window = row.get("aw")
    return Fact(
        ticket=ticket,
        n=n,
        at=moved(row.get("at")) or counts,
        counts=counts,
        why=row["y"],
        policy=row.get("v", ""),
        kind=row["k"],
        state=row["s"],
        priority=row["p"],
        category=row.get("c", ""),
        component=row.get("m", ""),
        place={level: code for level, code in zip(PLACES, row.get("g", ()), strict=False) if code},
        reported=reported,
        reporter=row.get("o", USUAL["o"]),
        verified=not row.get("u", 0),
        channel=row.get("ch", USUAL["ch"]),
        holder=row.get("h", ""),
        team=row.get("t", ""),
        by=by,
        role=role,
        held=tuple(row.get("hd", ())) or ((row["h"],) if row.get("h") else ()),
        did={kind: who for kind, who in zip(DID, row.get("d", ()), strict=False) if who},
        clocks=tuple(
            ClockResult(
                name,
                known(started),
                moved(stopped),
                timedelta(seconds=target),
                timedelta(seconds=counted),
                known(first_due),
                moved(due),
                read[letter],
            )
            for name, letter, started, stopped, target, counted, first_due, due in row.get("x", ())
        ),
        waits={reason: (often, timedelta(seconds=long)) for reason, (often, long) in row.get("w", {}).items()},
        appointments=row.get("a", 0),
        window=Window(known(window[0]), known(window[1])) if window else None,
        plan=moved(row.get("pl")),
        rounds=row.get("n", 0),
        dissatisfied=row.get("dn", 0),
        declined=row.get("dc", 0),
        photos=row.get("ph", 0),
        scores=dict(zip(SCORES, row["sc"], strict=True)) if row.get("sc") else {},
        rated=moved(row.get("ra")),
        level=row.get("l", USUAL["l"]),
        climbed=tuple((level, cause) for level, cause in row.get("cl", ())),
        lowered=row.get("lo", 0),
        into=row.get("i", ""),
        repeats=row.get("rp", ""),
        verdict=row.get("ve"),
        cost=row.get("co"),
        quick=row.get("q", 0),
        device=row.get("de", ""),
        contract=row.get("kt", ""),
        stage=row.get("sg", ""),
        reply=row.get("re", ""),
    )
