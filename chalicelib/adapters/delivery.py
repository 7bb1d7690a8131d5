"""What can go wrong between us and whoever carries a message.

NotDelivered    the provider did not take it; `final`: trying again will not help. Its text never names the recipient
"""

from __future__ import annotations

READ_SECONDS = 8


class NotDelivered(Exception):
    """`cause`: the provider's own short code. `emergency`: what it is about bears no waiting."""

    def __init__(self, cause: str, *, final: bool, emergency: bool = False) -> None:
        super().__init__(cause)
        self.cause = cause
        self.final = final
        self.emergency = emergency
