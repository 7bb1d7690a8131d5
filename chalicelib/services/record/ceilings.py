"""How much is written to an address that anybody may have typed: a day's ceiling for each, however it is spelt.

    known      the phone or e-mail that is registered for the place, or that a desk took down: all there is to say
    unknown    any other: DAILY messages a day over all tickets; of what comes then the first waits until tomorrow and
               speaks for all of it: one message that says how many there were

Whoever reports types where the messages go: without a ceiling a stranger's phone or box could be flooded by reports.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.record import email, phone
from chalicelib.services.access import access
from chalicelib.store import throttles
from chalicelib.store.messages import Message

DAILY = 12
DAY_SECONDS = 86400


def allows(way: str, address: str, at: datetime) -> bool:
    """Count one more message to an unknown address; False where it had a day's worth."""
    return throttles.allowed("told", _counted(way, address), at, DAY_SECONDS, DAILY)


def take_back(way: str, address: str, at: datetime) -> None:
    """The message did not leave."""
    throttles.take_back("told", _counted(way, address), at, DAY_SECONDS)


def hold(way: str, address: str, message: Message, at: datetime) -> bool:
    """Note a message that was too many; whether it is the one that speaks for all of its day. May run again."""
    member = access.hidden("held", f"{message.record}/{message.sk}")
    return throttles.gather("held", _counted(way, address), at, DAY_SECONDS, member)


def held(way: str, address: str, at: datetime) -> int:
    """How many were too many on the day of a moment."""
    return throttles.gathered("held", _counted(way, address), at, DAY_SECONDS)


def frees(at: datetime) -> datetime:
    """When the next day's worth begins."""
    return throttles.next_slot(at, DAY_SECONDS)


def _counted(way: str, address: str) -> str:
    return access.hidden("told", phone.compared(address) if way == "phone" else email.counted(address))
