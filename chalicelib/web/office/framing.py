"""What every page of one record at the warranty office has: whose desk it is, where its forms go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.adapters.ids import ulid
from chalicelib.services.access.opening import Opened
from chalicelib.services.ticket import frontdesk
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.moves import Tried
from chalicelib.web.kit.pages import root


def frame(door: Door, opened: Opened, tried: Tried, at: datetime) -> dict[str, Any]:
    """The page's status and moment, its desk, its addresses and a fresh key for its forms."""
    return {
        "status": tried.status,
        "now": at,
        "token": door.token,
        "whose": frontdesk.whose(opened.grant),
        "base": door.base,
        "here": root() + door.base,
        "key": ulid(at),
    }
