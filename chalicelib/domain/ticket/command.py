"""What somebody wants of a ticket: a command, the key that makes it one however often it is sent, and what it answers.

An answer names what it answers, so that nobody consents to what they have not seen: `of` is the version of the event
(ANSWERS); an offered window is named by its own start and end.
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.record.command import MARKED, Command, made_already
from chalicelib.domain.record.errors import IllegalMove
from chalicelib.domain.ticket.ticket import Ticket

__all__ = ["ANSWERS", "HANDS", "MARKED", "answered", "answers", "made_already"]

HANDS = frozenset({"assigned", "routed_to_desk", "declined", "taken_away"})  # after these somebody else has it
# The events that a move answers, the last of them.
ANSWERS: Mapping[str, frozenset[str]] = {
    "agree_plan": frozenset({"plan_proposed"}),
    "refuse_plan": frozenset({"plan_proposed"}),
    "set_window": frozenset({"window_proposed"}),
    "sign_off": frozenset({"completed"}),
    "refuse": frozenset({"completed"}),
    "check": frozenset({"completed"}),
    "follow_up": frozenset({"completed"}),
    "confirm": frozenset({"result_written"}),
    "accept_quote": frozenset({"quoted"}),
    "decline_quote": frozenset({"quoted"}),
    "dispute_finding": frozenset({"found"}),
    "assign": HANDS,
}


def answered(ticket: Ticket, name: str) -> int:
    """The version of the event that the move answers as things stand; 0 where there is none."""
    kinds = ANSWERS.get(name, frozenset())
    return next((e.version for e in reversed(ticket.events) if e.kind in kinds), 0)


def answers(ticket: Ticket, command: Command) -> None:
    """Raises IllegalMove unless the command names what it answers, and that is still what stands there."""
    named = command.data.get("of")
    if named != answered(ticket, command.name):
        raise IllegalMove("look_again" if named is None else "changed_meanwhile")
