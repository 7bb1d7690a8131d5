"""AWS clients for what is not the table: made when first used, with time limits and bounded retries."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 2, 5, 3


@cache
def client(service: str) -> Any:
    """The client of a service. Botocore alone: boto3's resources are not used, and its import costs."""
    import botocore.session
    from botocore.config import Config

    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    limits = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        signature_version="s3v4" if service == "s3" else None,
    )
    return botocore.session.get_session().create_client(
        service, region_name=region, endpoint_url=os.environ.get("AWS_ENDPOINT_URL") or None, config=limits
    )
