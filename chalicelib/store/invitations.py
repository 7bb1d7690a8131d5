"""Messages that stand on no ticket: a code for a phone that asked for one, a person's own link.

item         pk              sk                what
invitation   INVITED#<who>   INVITED#<when>    `who`: hash of the phone, or a person's id; body: phone (until it is
                                               sent) and language, or the generation of the person's link; `tell` = 1
                                               wakes the stream's reader; `state`: queued → sent | skipped | failed

Each is kept for a day.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.store.table import Change, Conflict, Put, compact, iso, table

PREFIX = "INVITED#"
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Invitation:
    """`phone`: of who asked, personal; "" for a person who works here."""

    who: str
    when: datetime
    phone: str = ""
    lang: str = ""
    state: str = "queued"

    @property
    def sk(self) -> str:
        return PREFIX + iso(self.when)


def add(invitation: Invitation) -> bool:
    """Write it, to be sent; False when the same was asked for in this second already."""
    body = compact({"p": invitation.phone, "l": invitation.lang})
    row = {"pk": PREFIX + invitation.who, "sk": invitation.sk, "state": "queued", "body": body, "tell": 1}
    try:
        table().write(Put(row | {"ttl": int((invitation.when + KEPT).timestamp())}, new=True))
    except Conflict:
        return False
    return True


def get(who: str, sk: str) -> Invitation | None:
    row = table().get(PREFIX + who, sk, consistent=True)
    if not row:
        return None
    body = json.loads(row["body"])
    when = datetime.fromisoformat(sk.removeprefix(PREFIX))
    return Invitation(who, when, body.get("p", ""), body.get("l", ""), row["state"])


def done(invitation: Invitation, state: str) -> None:
    """Note how it ended; the phone is forgotten with it."""
    key = (PREFIX + invitation.who, invitation.sk)
    table().write(Change(key, sets={"state": state, "body": "{}"}, exists=True))
