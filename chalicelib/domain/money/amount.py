"""The amount of a deduction, with every step: what the repair cost, what owners were paid, fee and penalty by clause.

nature        what it is                                                       stands on
repair_cost   what the third party was paid for this defect, by the share      a price list and quantities, or quotes
loss          what owners were paid for what the fault damaged, by the share   agreements, each paid with proof
fee           管理费 of the repair cost by the clause's rate, capped            a clause
penalty       违约金, fixed and of the repair cost by a rate, capped            a clause

Money is in fen, shares in percent, rates in basis points, quantities in thousandths. A line is rounded once, half up,
from exact products; nothing is rounded before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chalicelib.domain.contractor.contract import Clause
from chalicelib.domain.record.errors import Invalid

MOST = 10**13  # fen of a line
WHOLE = 100  # percent
POINTS = 10_000  # basis points of a whole
THOUSANDTHS = 1000


class Nature(StrEnum):
    REPAIR = "repair_cost"
    LOSS = "loss"
    FEE = "fee"
    PENALTY = "penalty"


@dataclass(frozen=True, slots=True)
class Item:
    """Work of a price list: fen a unit, and how much of it, in thousandths; what is beyond the defect is not put in."""

    name: str
    unit: str
    fen: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Paid:
    """What an owner was paid: the record of it, fen."""

    record: str
    fen: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a deduction. `steps`: its arithmetic, as an event carries it and the sheet shows it."""

    nature: Nature
    fen: int
    steps: tuple[Mapping[str, Any], ...] = ()

    def stored(self) -> dict[str, Any]:
        return {"nature": self.nature.value, "fen": self.fen, "steps": [dict(step) for step in self.steps]}


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """The lines, none of nothing; `warnings`: words of the catalogue, such as a penalty that a court may cut."""

    lines: tuple[Line, ...]
    warnings: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(line.fen for line in self.lines)


def half_up(product: int, of: int) -> int:
    """A part of something, rounded half up: both more than or equal to nothing."""
    return (2 * product + of) // (2 * of)


def amount(
    share: int,
    clause: Clause,
    *,
    items: Sequence[Item] = (),
    price: int | None = None,
    losses: Sequence[Paid] = (),
    beyond: int = 0,
    penalty_warn: int = 130,
) -> Arithmetic:
    """What a contractor owes by its share (1–100 %). The repair cost is that of `items`, or `price` by quotes.

    `beyond`: fen of work that is beyond the defect, the developer's cost. `penalty_warn`: percent of cost and loss
    together above which a penalty is warned of. Raises Invalid.
    """
    if not 0 < share <= WHOLE:
        raise Invalid("share", "out_of_range")
    if (price is None) == (not items):
        raise Invalid("price", "price_or_items")
    repair = _repair(price, items, beyond, share)
    lines = [repair, *_loss(losses, share), *_fee(repair.fen, clause)]
    cost = sum(line.fen for line in lines if line.nature in (Nature.REPAIR, Nature.LOSS))
    fine = list(_penalty(repair.fen, clause))
    warned = fine and fine[0].fen * WHOLE > cost * penalty_warn
    lines += fine
    if any(not 0 <= line.fen <= MOST for line in lines):
        raise Invalid("amount", "no_amount")
    return Arithmetic(tuple(line for line in lines if line.fen), ("penalty_high",) if warned else ())


def _repair(price: int | None, items: Sequence[Item], beyond: int, share: int) -> Line:
    """By quotes, or by a price list; without what is beyond the defect, by the share, rounded once."""
    if any(item.fen <= 0 or item.quantity <= 0 for item in items):
        raise Invalid("items", "no_amount")
    exact = sum(item.fen * item.quantity for item in items) if price is None else price * THOUSANDTHS
    left = exact - beyond * THOUSANDTHS
    if beyond < 0 or left <= 0:
        raise Invalid("beyond" if beyond else "price", "no_amount")
    steps: list[Mapping[str, Any]] = [
        {"item": i.name, "unit": i.unit, "fen": i.fen, "quantity": i.quantity} for i in items
    ] or [{"price": price}]
    steps += [{"beyond": beyond}] if beyond else []
    return Line(Nature.REPAIR, half_up(left * share, WHOLE * THOUSANDTHS), (*steps, {"share": share}))


def _loss(losses: Sequence[Paid], share: int) -> list[Line]:
    if not losses:
        return []
    steps = [{"compensation": one.record, "fen": one.fen} for one in losses]
    fen = half_up(sum(one.fen for one in losses) * share, WHOLE)
    return [Line(Nature.LOSS, fen, (*steps, {"share": share}))]


def _fee(cost: int, clause: Clause) -> list[Line]:
    if not clause.fee_rate:
        return []
    fen = half_up(cost * clause.fee_rate, POINTS)
    capped = min(fen, clause.fee_cap) if clause.fee_cap else fen
    step = {"of": cost, "rate": clause.fee_rate} | ({"cap": clause.fee_cap} if capped < fen else {})
    return [Line(Nature.FEE, capped, (step,))]


def _penalty(cost: int, clause: Clause) -> list[Line]:
    if not (clause.penalty or clause.penalty_rate):
        return []
    fen = half_up(clause.penalty * POINTS + cost * clause.penalty_rate, POINTS)
    capped = min(fen, clause.cap) if clause.cap else fen
    step: dict[str, Any] = {"fixed": clause.penalty} if clause.penalty else {}
    step |= {"of": cost, "rate": clause.penalty_rate} if clause.penalty_rate else {}
    return [Line(Nature.PENALTY, capped, (step | ({"cap": clause.cap} if capped < fen else {}),))]
