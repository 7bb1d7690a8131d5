"""A year of months of the small world, as the nightly walk would have kept them, and managers to read them."""

from __future__ import annotations

from datetime import date

from chalicelib.domain.measures.figures import Figure
from chalicelib.domain.measures.portrait import Portrait, Words, Worst
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.services.measures import managing
from chalicelib.services.ticket.ended import beside
from chalicelib.store import grants, measures, portraits
from chalicelib.store.measures import Month
from tests.services.measures.test_improving import TEAMS, managed
from tests.services.measures.test_rolling import lived
from tests.world import World

MONTH = "2026-03"  # the newest; a year lies before it
SCOPES = {"group": 9, "subsidiary#S1": 6, "subsidiary#S2": 3, "project#P1": 6, "project#P2": 3}
RATES = {  # measure → percent a year ago, and the step of a month in tenths of one
    "satisfaction": (88, -8),
    "rated": (61, 4),
    "answered_in_time": (92, 4),
    "arrive_kept": (90, -11),
    "follow_up_kept": (84, 9),
    "first_time_fix": (86, -5),
    "beyond_standard": (24, 12),
}
HOURS = (0, 1, 0, 2, 1, 6, 9, 3)


def year(world: World) -> Ticket:
    """The months of every scope; a real ticket, the worst of the last one."""
    managed(world)
    managing.forget()
    ticket = lived(world, 1)
    for n in range(13):
        month = beside(MONTH, n - 12)
        for scope, size in SCOPES.items():
            made = {}
            for name, (start, step) in RATES.items():
                d = size * 14 + n + (0 if scope != "project#P2" else -30)
                made[name] = Figure(name, max(0, min(d, d * (start * 10 + step * n + (n % 3) * 9) // 1000)), d)
            half = 5 * 3600 + n * 840
            made["resolution_time"] = Figure("resolution_time", size * 14, size * 14, half, half * 4)
            final = "" if month == MONTH else f"{beside(month, 1)}-03T04:00:00+00:00"
            ranks = {"satisfaction": (2, 5), "arrive_kept": (1, 5)} if scope.startswith("project") else {}
            first = {"satisfaction": Figure("satisfaction", 70, 80)} if n == 11 and scope == "project#P1" else {}
            measures.keep(
                Month(scope, month, made, ranks, final, first and {**made, **first}, ("T1",) if first else ())
            )
    for scope in SCOPES:
        one = Portrait(
            breaks={
                "arrive": {p: [[late * k % 11, 12] for late in HOURS] for p, k in (("B1", 1), ("B2", 2), ("B3", 4))},
                "response": {place: [[late * k % 7, 20] for late in HOURS] for place, k in (("B1", 1), ("B2", 3))},
            },
            worst=[Worst(120, ticket.id, "water_leak", "U1", ("arrive", "resolve"), 93_600, 1, 1, 2)],
            contractors={"C1": [14, 6], "C2": [5, 1]},
            words=[Words(ticket.id, ticket.version, 1)],
        )  # fmt: skip
        names = {
            "B1": "1 栋",
            "B2": "2 栋",
            "B3": "3 栋",
            "U1": "一期 1栋 1单元 101",
            "C1": "宏远防水",
            "C2": "安居门窗",
        }
        portraits.keep(scope, MONTH, one, names)
    return ticket


def link(who: str) -> str:
    """The address of a manager's own pages."""
    grant = access.staff_grant(who, TEAMS[who], 1)
    grants.put(grant, access.hash_of(access.token(grant)))
    return f"/g/{access.token(grant)}"


def later(world: World, day: str) -> None:
    """Another day, at nine in the morning there."""
    world.advance(days=(date.fromisoformat(day) - world.at.date()).days)
