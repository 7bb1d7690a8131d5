"""Four stars and one question, as a form sends them: by an owner, or by a desk for one who was called."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.measures.survey import SCORES
from chalicelib.domain.record.errors import NotAllowed
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.moves import Read

STILL = {"no": False, "yes": True}
ANSWERS = frozenset({"answer", "reached"})


def read(move: str, form: Form, moves: Mapping[str, str]) -> Read:
    """Facts and words of a move, one of `moves`. Raises Invalid, NotAllowed."""
    if move not in moves:
        raise NotAllowed("not_allowed", move=move)
    words = form.text("words")
    data = {}
    if move in ANSWERS:
        given = {name: n for name in SCORES if (n := form.number(name))}
        data = {"scores": given, "still": STILL.get(form.text("still", 10))}
    return data, {"words": words} if words else {}
