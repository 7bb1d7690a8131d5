"""How an amount of a nature is treated for tax, from a day on: a table with its source, to be confirmed by counsel.

price_reduction   lowers the price: with VAT; a red invoice (红字发票) where it was invoiced already
receipt           damages and penalties: no supply, no VAT; against a receipt
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.domain.record.errors import PolicyError

PRICE_REDUCTION, RECEIPT = "price_reduction", "receipt"
TREATMENTS = frozenset({PRICE_REDUCTION, RECEIPT})
GENERAL, SIMPLE = "general", "simple"


@dataclass(frozen=True, slots=True)
class TaxRule:
    """From `since` on. `source`: the act that says so."""

    nature: str
    since: date
    treatment: str
    source: str


@dataclass(frozen=True, slots=True)
class Rate:
    """Of a method from `since` on, in basis points."""

    method: str
    since: date
    rate: int
    source: str


@dataclass(frozen=True, slots=True)
class TaxTable:
    rules: Sequence[TaxRule]
    rates: Sequence[Rate]

    def treatment(self, nature: str, on: date) -> str:
        """Of a nature on a day: of the rules that hold, the latest. Raises PolicyError."""
        found = [rule for rule in self.rules if rule.nature == nature and rule.since <= on]
        if not found:
            raise PolicyError(f"tax.toml: nothing says how {nature} is treated on {on}")
        return max(found, key=lambda rule: rule.since).treatment

    def rate(self, method: str, on: date) -> int:
        """Basis points of a method on a day. Raises PolicyError."""
        found = [rate for rate in self.rates if rate.method == method and rate.since <= on]
        if not found:
            raise PolicyError(f"tax.toml: no rate of {method} on {on}")
        return max(found, key=lambda rate: rate.since).rate

    def method_of(self, rate: int) -> str:
        """The method that a rate belongs to; that of most contracts where no method has it."""
        return next((known.method for known in self.rates if known.rate == rate), GENERAL)


def read_table(parsed: Mapping[str, Any]) -> TaxTable:
    """The table of tax.toml. Raises PolicyError."""
    try:
        rules = [TaxRule(r["nature"], r["since"], r["treatment"], r["source"]) for r in parsed["rule"]]
        rates = [Rate(r["method"], r["since"], r["rate"], r["source"]) for r in parsed["rate"]]
    except (KeyError, TypeError) as fault:
        raise PolicyError(f"tax.toml: {fault} is missing") from fault
    for rule in rules:
        if rule.treatment not in TREATMENTS:
            raise PolicyError(f"tax.toml: no treatment is called {rule.treatment}")
    return TaxTable(rules, rates)
