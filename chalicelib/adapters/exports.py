"""The queue of batches that are to be sealed and made: longer work than a letter's, in a queue of its own.

NotQueued   the queue did not take it: whoever asks again later will do
"""

from __future__ import annotations

import json

from chalicelib.adapters.aws import client
from chalicelib.adapters.settings import settings


class NotQueued(Exception):
    """The queue does not answer."""


def enqueue(batch: str) -> None:
    """Have a batch gone on with. Asking again is harmless: whatever is done already is left. Raises NotQueued."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        client("sqs").send_message(QueueUrl=settings().exports_url, MessageBody=json.dumps({"batch": batch}))
    except (BotoCoreError, ClientError, ConnectionError) as fault:
        raise NotQueued(type(fault).__name__) from fault
