"""What gate B asks for, as it is noted one by one: quantities, scope, invoice and what the third party was paid."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from chalicelib.domain.contractor.engaging import INVOICE
from chalicelib.domain.money.amount import MOST
from chalicelib.domain.money.deduction import Deduction
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid
from chalicelib.domain.record.making import Made, words

MAX_TEXT = 80
INVOICES = ("special", "ordinary")  # 专用发票, 普通发票


def measure(one: Deduction, command: Command, at: datetime, policy: Policy) -> Made:
    """Quantities 工程量 by item of the price list, in thousandths, as somebody measured them."""
    items = command.data.get("items") or ()
    known = {item for item, _ in one.items}
    for item, quantity in items:
        if item not in known or not isinstance(quantity, int) or isinstance(quantity, bool) or quantity <= 0:
            raise Invalid("items", "no_amount")
    if not items or len({item for item, _ in items}) != len(items):
        raise Invalid("items", "required")
    return [("measured", {"items": sorted([item, quantity] for item, quantity in items)})]


def check_scope(one: Deduction, command: Command, at: datetime, policy: Policy) -> Made:
    """That the work is what the notice named; `beyond`: fen of what is not, which needs words."""
    beyond = command.data.get("beyond") or 0
    if not isinstance(beyond, int) or isinstance(beyond, bool) or not 0 <= beyond < max(one.price, 1):
        raise Invalid("beyond", "no_amount")
    words(command, required=beyond > 0)
    return [("scope_checked", {"beyond": beyond} if beyond else {})]


def check_invoice(one: Deduction, command: Command, at: datetime, policy: Policy) -> Made:
    """The original was looked at: its number, fen in all and of this work, buyer, type. `buyer`, `used`: looked up.

    `used`: fen of the invoice that stand in other deductions; `buyer`: the entity's tax number.
    """
    number = str(command.data.get("number", "")).strip()
    if len(number) != INVOICE or not number.isascii() or not number.isdigit():
        raise Invalid("number", "invoice_form", digits=INVOICE)
    total, allocated = _fen(command, "total"), _fen(command, "allocated")
    used = command.data.get("used")
    if not isinstance(used, int) or "buyer" not in command.data:
        raise IllegalMove("not_looked_up")
    if allocated + used > total:
        raise Invalid("allocated", "above_invoice", left=max(0, total - used))
    if str(command.data.get("buyer_tax", "")).strip() != command.data["buyer"]:
        raise Invalid("buyer_tax", "another_buyer", buyer=command.data["buyer"])
    if command.data.get("type") not in INVOICES:
        raise Invalid("type", "required")
    if not command.data.get("original"):
        raise Invalid("original", "original_needed")
    keys = ("type", "original", "file")
    facts = {"number": number, "total": total, "allocated": allocated, "buyer": command.data["buyer"]}
    return [("invoice_checked", facts | {k: command.data[k] for k in keys if k in command.data})]


def _fen(command: Command, name: str) -> int:
    fen = command.data.get(name)
    if not isinstance(fen, int) or isinstance(fen, bool) or not 0 < fen <= MOST:
        raise Invalid(name, "no_amount")
    return fen


def pay_third(one: Deduction, command: Command, at: datetime, policy: Policy) -> Made:
    """With the day, the voucher and its proof: the whole of the invoice that stands here."""
    if not command.data.get("proof"):
        raise Invalid("proof", "proof_needed")
    if one.invoice is None:
        raise IllegalMove("no_invoice")
    fen = _fen(command, "fen")
    if fen < one.invoice.allocated:
        raise Invalid("fen", "not_all_paid", least=one.invoice.allocated)
    facts = {"on": _day(command, "on", at), "voucher": text(command, "voucher")}
    kept = {name: command.data[name] for name in ("proof", "file") if name in command.data}
    return [("third_paid", {"fen": fen, **facts, **kept})]


def _day(command: Command, name: str, at: datetime) -> str:
    try:
        found = date.fromisoformat(str(command.data.get(name, "")))
    except ValueError:
        raise Invalid(name, "no_time") from None
    if found > at.date() + timedelta(days=1):
        raise Invalid(name, "out_of_range")
    return found.isoformat()


def text(command: Command, name: str, needed: bool = True) -> str:
    """What was typed in one field, checked. Raises Invalid."""
    typed = str(command.data.get(name, "")).strip()
    if needed and not typed:
        raise Invalid(name, "required")
    if len(typed) > MAX_TEXT:
        raise Invalid(name, "too_long", limit=MAX_TEXT)
    return typed
