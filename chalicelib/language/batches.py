"""What finance is told of a batch: that it is ready, that nobody has taken it over, that it is not made."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.money.batch import Batch
from chalicelib.language.liability import yuan
from chalicelib.language.text import Text

TEXTS: Mapping[str, Text] = {
    "batch_ready": Text(
        (
            "Batch {number} is ready: {count} entries, {amount}. Please take it over at the finance desk.",
            "Batch {number} is ready. Please take it over.",
        ),
        "Batch {number} is ready",
        "Batch {number} of period {period} is ready: {count} entries, {amount}. Its files stay as they are.",
        ("Please take it over at the finance desk.",),
    ),
    "batch_waits": Text(
        (
            "Batch {number}: nobody has taken it over yet. Please see to it at the finance desk.",
            "Batch {number} waits to be taken over.",
        ),
        "Batch {number} waits to be taken over",
        "Nobody has taken batch {number} of period {period} over yet: {count} entries, {amount}.",
        ("Please take it over at the finance desk, or take it back by a counter-batch.",),
    ),
    "batch_stuck": Text(
        (
            "A batch of period {period} is not made yet. The system goes on with it; the operator was told.",
            "A batch of period {period} is not made yet.",
        ),
        "A batch is not made yet",
        "A batch of period {period} was opened and is not made yet. The system goes on with it.",
        ("Whoever runs the system was told. Please don't enter anything by hand.",),
    ),
}


def facts(one: Batch, lang: str) -> dict[str, str]:
    """What the texts may name."""
    known = {"number": one.number, "period": one.period, "count": str(one.count), "amount": yuan(one.fen, lang)}
    return {name: text for name, text in known.items() if text}
