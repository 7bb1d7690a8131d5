"""The bucket of work photos as they were sent: each written once, and no version deleted before its time.

originals/<ticket>/<upload>    position, camera and all; shown to nobody but the warranty office

Only erasing deletes here, which takes a right of its own (`s3:BypassGovernanceRetention`).
"""

from __future__ import annotations

from chalicelib.adapters import objects
from chalicelib.adapters.aws import client
from chalicelib.adapters.settings import settings

ROOM = "originals/"
SHOW_SECONDS = 10 * 60


def key_of(ticket: str, upload: str) -> str:
    """Where the original of a ticket's upload lies."""
    return f"{ROOM}{ticket}/{upload}"


def keep(key: str, content: bytes, content_type: str) -> bool:
    """Store an original; False where one lies there already. The service checks what arrived by its SHA-256."""
    try:
        client("s3").put_object(
            Bucket=settings().originals,
            Key=key,
            Body=content,
            ContentType=content_type,
            ChecksumAlgorithm="SHA256",
            IfNoneMatch="*",
        )
    except client("s3").exceptions.ClientError as fault:
        if fault.response["Error"]["Code"] in ("PreconditionFailed", "ConditionalRequestConflict"):
            return False
        raise
    return True


def read(key: str, most_bytes: int) -> bytes:
    """An original, one byte more than allowed at most. Raises Absent."""
    return objects.read(settings().originals, key, most_bytes)


def presigned_get(key: str) -> str:
    """An address of an original, good for ten minutes: a file to keep, not a picture in a page."""
    place = {
        "Bucket": settings().originals,
        "Key": key,
        "ResponseContentDisposition": f'attachment; filename="{key.rpartition("/")[2]}"',
        "ResponseCacheControl": "private, no-store",
    }
    url: str = objects.signer().generate_presigned_url("get_object", Params=place, ExpiresIn=SHOW_SECONDS)
    return url


def forget(ticket: str) -> int:
    """Delete the originals of a ticket in every version, kept or not; how many. May run again."""
    return objects.forget_all(settings().originals, f"{ROOM}{ticket}/", bypass=True)
