"""Signing in where a link alone is not enough: the link, and a code sent to the address that the list names.

    ask     a code goes to the phone or e-mail of the link's holder; the answer is the same however often it is asked
    enter   the code gives a session, which stands beside the link for half a day: neither opens anything alone
    signed  whether a session belongs to the link's holder and has not run out

A code is good once, for half an hour, and only with the link that it was asked through. Tries are limited.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.record.text import plain
from chalicelib.services.access import access, codes
from chalicelib.services.access.codes import WrongCode
from chalicelib.store import grants, invitations
from chalicelib.store.grants import Grant
from chalicelib.store.invitations import Invitation

PREFIX = "session/"
LASTS = timedelta(hours=12)
CODE_VALID = timedelta(minutes=30)
ASKS = (("person", 900, 3), ("person", 86400, 20))
TRIES = (("person", 900, 5), ("person", 86400, 30))


def ask(link: Grant, at: datetime) -> None:
    """Have a code sent to the link's holder. Raises TooOften."""
    codes.count("sign-in", ASKS, {"person": link.holder}, at)
    invitations.add(Invitation(f"{PREFIX}{link.holder}", at.replace(microsecond=0)))


def keep(who: str, sk: str, at: datetime) -> str:
    """The code of what was asked for, which opens from now on. The same however often it is delivered."""
    code = codes.code_of(who, sk)
    expires = int((at + CODE_VALID).timestamp())
    grants.put_code(_hash(who.removeprefix(PREFIX), code), who, "", expires)
    return code


def enter(link: Grant, typed: str, at: datetime) -> str:
    """The session that a code gives: its token. The code is used up. Raises TooOften, WrongCode."""
    codes.count("sign-in-code", TRIES, {"person": link.holder}, at)
    code = "".join(c for c in plain(typed) if c in "0123456789")
    for code_hash in access.ever_hidden("session-code", f"{link.holder}/{code}"):
        known = grants.code(code_hash)
        if known and known[0] == f"{PREFIX}{link.holder}" and known[2] > at.timestamp():
            break
    else:
        raise WrongCode
    if not grants.use_code(code_hash):
        raise WrongCode
    session = Grant(
        f"{PREFIX}{link.holder}/{code_hash}",
        "session",
        link.holder,
        team=link.team,
        generation=int(at.timestamp()),
        expires=int((at + LASTS).timestamp()),
    )
    token = access.token(session)
    grants.put(session, access.hash_of(token))
    return token


def signed(link: Grant, token: str, at: datetime) -> bool:
    """Whether the link's holder is signed in by this session. One call."""
    try:
        session = access.open_link(token)
    except access.NoAccess:
        return False
    theirs = session.kind == "session" and session.holder == link.holder and session.team == link.team
    return theirs and session.expires > at.timestamp()


def leave(token: str, at: datetime) -> None:
    """End a session. May run again; nothing is deleted, which pages may not."""
    try:
        session = access.open_link(token)
    except access.NoAccess:
        return
    if session.kind == "session":
        access.deaden(session, at)


def _hash(person: str, code: str) -> str:
    return access.hidden("session-code", f"{person}/{code}")
