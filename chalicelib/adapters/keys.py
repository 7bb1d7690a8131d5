"""Where the keys of a stack are kept: one secret of the Parameter Store, read and written by whoever deploys.

/baoxiu/<stack>/grant-keys     a SecureString: the key in force, then those before it, with commas between

No function reads it: the template hands the keys to the functions that derive links.
"""

from __future__ import annotations

from chalicelib.adapters.aws import client

STORE = "ssm"  # by name: it is called from where one deploys, and so does not ship


class Kept(Exception):
    """The stack has its key already."""


class Missing(LookupError):
    """The stack has no key."""


def _name(stack: str) -> str:
    return f"/baoxiu/{stack}/grant-keys"


def keep_first(stack: str, key: str) -> None:
    """Keep a stack's first key. Raises Kept: of two who do this at once, one does it."""
    store = client(STORE)
    try:
        store.put_parameter(Name=_name(stack), Value=key, Type="SecureString", Overwrite=False)
    except store.exceptions.ParameterAlreadyExists as fault:
        raise Kept(stack) from fault


def kept(stack: str) -> list[str]:
    """The keys, the one in force first. Raises Missing."""
    store = client(STORE)
    try:
        found = store.get_parameter(Name=_name(stack), WithDecryption=True)
    except store.exceptions.ParameterNotFound as fault:
        raise Missing(stack) from fault
    return str(found["Parameter"]["Value"]).split(",")


def keep_all(stack: str, keys: list[str]) -> None:
    """Keep these instead of those that are kept; the store has the ones before as its older version."""
    client(STORE).put_parameter(Name=_name(stack), Value=",".join(keys), Type="SecureString", Overwrite=True)
