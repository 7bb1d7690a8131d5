"""Links and codes as the table knows them: the hash of the token, never the token.

item    pk              sk       what
grant   GRANT#<hash>    GRANT    kind, record, holder, generation, expiry (also the table's TTL); the reporter's
                                 stands in the index `place` under PHONE#<hash of the phone>: see `phones.py`
code    CODE#<hash>     CODE     a code sent by SMS, by phone and code: the grant's id; expires
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from chalicelib.store.reading import one
from chalicelib.store.table import Change, Conflict, Delete, Key, Put, Row, compact, table


@dataclass(frozen=True, slots=True)
class Grant:
    """What a link opens. `kind`: own (the reporter's ticket), ticket (one record, for `holder`), staff (all of theirs),
    phone (what belongs to one; `holder`: its hashes), dead (nothing). `record`: the one that it opens; "" where it
    opens several.

    `expires`: seconds since 1970; 0 never (it dies with what it stands on).
    """

    id: str
    kind: str
    holder: str
    record: str = ""
    team: str = ""
    generation: int = 1
    expires: int = 0


def key(token_hash: str) -> Key:
    return f"GRANT#{token_hash}", "GRANT"


def get(token_hash: str) -> Grant | None:
    """A grant. One that isn't there may have been written a moment ago: it is asked for once more, consistently."""
    return one(table().get(*key(token_hash)) or table().get(*key(token_hash), consistent=True), _grant)


def as_put(grant: Grant, token_hash: str, phone_hash: str = "") -> Put:
    """A grant to be written; with the phone that finds it, where it is a reporter's."""
    body = {"k": grant.kind, "h": grant.holder, "t": grant.record, "m": grant.team, "g": grant.generation}
    row = {
        "pk": f"GRANT#{token_hash}",
        "sk": "GRANT",
        "id": grant.id,
        "body": compact({k: v for k, v in body.items() if v}),
    }
    row |= {"lk": f"PHONE#{phone_hash}"} if phone_hash else {}
    return Put(row | ({"ttl": grant.expires} if grant.expires else {}))


def put(grant: Grant, token_hash: str) -> None:
    table().write(as_put(grant, token_hash))


def stands(grant: Grant, token_hash: str) -> bool:
    """Whether just this grant is kept under the hash now: one that was made dead, or names another team, is not."""
    row = table().get(*key(token_hash), consistent=True)
    return row is not None and row == as_put(grant, token_hash).row


def revoke(token_hash: str) -> None:
    table().write(Delete(key(token_hash)))


def put_code(code_hash: str, grant_id: str, token_hash: str, expires: int) -> None:
    """A code for a grant; the same again until it expires."""
    body = compact({"g": grant_id, "h": token_hash})
    table().write(Put({"pk": f"CODE#{code_hash}", "sk": "CODE", "id": grant_id, "body": body, "ttl": expires}))


def code(code_hash: str) -> tuple[str, str, int] | None:
    """(grant id, token hash, expiry) of a code. Asked for once more, consistently, where it isn't there."""
    pk = f"CODE#{code_hash}"
    return one(table().get(pk, "CODE") or table().get(pk, "CODE", consistent=True), _code)


def use_code(code_hash: str) -> bool:
    """Take a code away; False when somebody was faster."""
    try:
        table().write(Change((f"CODE#{code_hash}", "CODE"), sets={"state": "used"}, when={"state": None}, exists=True))
    except Conflict:
        return False
    return True


def _grant(row: Row) -> Grant:
    b = json.loads(row["body"])
    return Grant(row["id"], b["k"], b["h"], b.get("t", ""), b.get("m", ""), b.get("g", 1), row.get("ttl", 0))


def _code(row: Row) -> tuple[str, str, int]:
    b = json.loads(row["body"])
    return b["g"], b["h"], row.get("ttl", 0)
