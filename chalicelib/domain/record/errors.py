"""What the domain refuses.

Refused             the request can't be met; `reason` is a stable word that pages translate
├── IllegalMove     the record's state does not allow the move (somebody else may have moved first)
├── NotAllowed      this actor may not make it
└── Invalid         a value is missing or wrong; `field` names it
PolicyError         a policy file is at fault; says file, key and why
"""

from __future__ import annotations


class Refused(Exception):
    """Base of what a person is told as one clear sentence."""

    def __init__(self, reason: str, **details: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details


class IllegalMove(Refused):
    """The state does not allow the move."""


class NotAllowed(Refused):
    """The actor's role or standing does not allow the move."""


class Invalid(Refused):
    """A value is missing, too long or of the wrong form."""

    def __init__(self, field: str, reason: str, **details: object) -> None:
        super().__init__(reason, **details)
        self.field = field


class PolicyError(Exception):
    """A policy file is inconsistent; the text names file, key and fault."""
