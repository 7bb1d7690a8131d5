"""What contractors owe: amounts, deductions, the ledger of them, what finance pulls."""

from chalicelib.domain.money.capitals import capitals

__all__ = ["capitals"]
