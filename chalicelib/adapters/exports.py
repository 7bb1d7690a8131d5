"""The queue of what finance has done outside its requests: batches, workbooks, long files. Longer work than a letter's.

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
    _send({"batch": batch})


def enqueue_job(entity: str, job: str) -> None:
    """Have a job gone on with; the same holds. Raises NotQueued."""
    _send({"job": [entity, job]})


def enqueue_standing(month: str) -> None:
    """Have the bonus sheet of a month made; the same holds. Raises NotQueued."""
    _send({"standing": month})


def _send(asked: dict[str, object]) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        client("sqs").send_message(QueueUrl=settings().exports_url, MessageBody=json.dumps(asked))
    except (BotoCoreError, ClientError, ConnectionError) as fault:
        raise NotQueued(type(fault).__name__) from fault
