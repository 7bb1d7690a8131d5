"""AWS clients for what is not the table: made when first used, with time limits and bounded retries."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 2, 5, 3


class NoRegion(Exception):
    """No region is set, and none is guessed."""


def region() -> str:
    """The function's region; for an operator, that of the environment, else of the profile. Raises NoRegion."""
    named = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if named:
        return named
    import botocore.session

    found = botocore.session.get_session().get_config_variable("region")
    if not found:
        raise NoRegion("no region: set AWS_REGION, or AWS_PROFILE to a profile that has one")
    return str(found)


@cache
def client(service: str) -> Any:
    """The client of a service. Botocore alone: boto3's resources are not used, and its import costs."""
    import botocore.session
    from botocore.config import Config

    limits = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        signature_version="s3v4" if service == "s3" else None,
    )
    return botocore.session.get_session().create_client(
        service, region_name=region(), endpoint_url=os.environ.get("AWS_ENDPOINT_URL") or None, config=limits
    )
