"""Who runs an operator's command: as the cloud knows the credentials, or this machine the user."""

from __future__ import annotations

import getpass
import os

from chalicelib.adapters import aws


def who() -> str:
    """The identity's name as its ARN ends (`alice`); on the embedded stack the machine's user. One call."""
    if os.environ.get("AWS_ENDPOINT_URL"):
        return getpass.getuser()
    arn = str(aws.client("sts").get_caller_identity()["Arn"])
    return arn.rpartition(":")[2].partition("/")[2] or arn.rpartition(":")[2]
