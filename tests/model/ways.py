"""The ways that a ticket may go: what usually comes next, and the facts that somebody who makes a move may give."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.ticket.ticket import Ticket
from tests.domain.samples import SIGNED

# what usually comes next in a state, and who does it: the holder where nobody is named
USUAL: dict[str, tuple[tuple[str, str], ...]] = {
    "reported": (("contact", "d1"), ("assign", "d1"), ("relay", "d1"), ("answer", "d1")),
    "assigned": (("acknowledge", ""), ("decline", ""), ("assign", "d1")),
    "acknowledged": (("offer_windows", ""), ("choose_window", "reporter"), ("arrive", ""), ("pause", "")),
    "scheduled": (("arrive", ""), ("pause", ""), ("set_priority", "d1"), ("set_window", "d1")),
    "on_site": (("complete", ""), ("pause", ""), ("propose_plan", ""), ("agree_plan", "reporter"), ("complete", "")),
    "waiting": (("resume", ""), ("wait_longer", ""), ("set_priority", "d1"), ("agree_plan", "reporter")),
    "completed": (("sign_off", "reporter"), ("refuse", "reporter"), ("follow_up", "d1"), ("check", "s1")),
    "signed_off": (("follow_up", "d1"), ("rate", "reporter")),
    "relayed": (("answer", "d1"), ("write_result", "d1")),
    "answered": (("write_result", "d1"),),
    "result_written": (("confirm", "reporter"),),
}


def facts(name: str, ticket: Ticket, at: datetime, drawn: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """(data, what is said) of a move, one of its ways by a number that was drawn at random."""
    hours = timedelta(hours=1 + drawn % 40)

    def pick(*choices: Any) -> Any:
        return choices[drawn % len(choices)]

    window = [(at + hours).isoformat(), (at + hours + timedelta(hours=2)).isoformat()]
    place = {**ticket.place, "project": "P2", "subsidiary": "S2", "unit": "V1"}
    scores = dict.fromkeys(("overall", "speed", "thoroughness", "manners"), pick(4, 4, 5, 2))
    known: dict[str, dict[str, Any]] = {
        "assign": {"team": "P1/building", "person": pick("b1", "b2", "e1")},
        "acknowledge": pick({}, {"windows": [window]}),
        "offer_windows": {"windows": [window]},
        "propose_window": {"window": window},
        "set_window": {"window": window},
        "pause": {
            "reason": pick("parts", "weather", "owner_asked"),
            "until": (at + 24 * pick(1, 3, 9) * hours).isoformat(),
        },
        "wait_longer": {"until": (at + 48 * hours).isoformat()},
        "set_priority": {"priority": pick("emergency", "urgent", "normal")},
        "set_category": {"category": pick("water_leak", "gas_smell", "lift", "other")},
        "change_place": {"place": pick(place, {**ticket.place, "unit": "U4"})},
        "propose_plan": {"until": (at + 3 * hours).isoformat()},
        "follow_up": pick({"fixed": True}, {"fixed": True}, {"outcome": "not_reached"}, {"fixed": False}),
        "confirm": {"satisfied": pick(True, False)},
        "rate": {"scores": scores},
        "relay": {"to": pick("engineering", "property_engineering")},
        "merge": {"into": "x"},
    }
    said = {"words": "好的", "photos": ["p"], "signature": SIGNED}
    return known.get(name, {}), said
