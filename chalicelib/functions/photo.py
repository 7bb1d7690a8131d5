"""Makes a clean picture of each upload in the inbox: checked by its bytes, stripped of position and all else."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus

from chalicelib.adapters import objects
from chalicelib.adapters.ids import is_ulid
from chalicelib.adapters.log import logger
from chalicelib.adapters.metrics import ring
from chalicelib.domain.pictures import MOST_BYTES, NotAPicture, clean


def photo(event: dict[str, Any], context: object) -> None:
    """S3's handler. May run twice: an upload that is gone has been seen to. A failure is delivered again."""
    for record in event.get("Records", ()):
        _clean(unquote_plus(record["s3"]["object"]["key"]))


def _clean(key: str) -> None:
    upload_id = key.removeprefix(objects.INBOX)
    try:
        content = objects.read_inbox(key, MOST_BYTES)
    except objects.Absent:
        logger.info("photo gone", extra={"upload": upload_id if is_ulid(upload_id) else ""})
        return
    try:
        if not is_ulid(upload_id):
            raise NotAPicture("no upload id")
        picture = clean(content)
    except NotAPicture as fault:
        objects.delete_inbox(key)
        ring("PhotosRefused")
        logger.warning("photo refused", extra={"upload": upload_id if is_ulid(upload_id) else "", "why": str(fault)})
        return
    objects.put(objects.PHOTOS + upload_id, picture.content, picture.type)
    objects.delete_inbox(key)
    size = {"bytes": len(picture.content), "width": picture.width, "height": picture.height}
    logger.info("photo cleaned", extra={"upload": upload_id, "type": picture.type, **size})
