"""Photos and signatures in S3: strangers' uploads in the inbox, what is checked and stripped in the clean bucket.

inbox     inbox/<ticket>/<upload>    by presigned POST only; gone after a day
          scans/<letter>/<upload>    the same; of a sealed letter, or its waybill
          scans/<record>/<upload>    of any other file that proves something (`services/proofs.py`)
clean     photos/<ticket>/<upload>   by the photo function, once; tagged `loose`, and gone after days, without a ticket
          sent/<ticket>/<upload>     as it was sent; loose, until its ticket keeps the original
          photos/<upload>            of the time before uploads belonged to a ticket; only shown and erased
          signatures/<ticket>/…      of the time before strokes were kept; only shown and erased
          reports/figures/<scope>/…  reports of months
          reports/<entity>/…         reports of finance, loose; in/…: the files that it brought, kept
          erased/<ticket>            that a ticket was erased; here, because no restore of the table takes it back
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from typing import Any, BinaryIO

from chalicelib.adapters.aws import client, region
from chalicelib.adapters.settings import settings

UPLOAD_SECONDS = 15 * 60
SHOW_SECONDS = 10 * 60
INBOX, PHOTOS, SIGNATURES, ERASED = "inbox/", "photos/", "signatures/", "erased/"
SCANS, AS_SENT = "scans/", "sent/"
LOOSE = "loose=1"
ABSENT = frozenset({"404", "403", "NoSuchKey", "NotFound", "AccessDenied"})  # 403: who may not list is not told
TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})


class Absent(LookupError):
    """There is no such object."""


def presigned_post(upload: str, content_type: str, most_bytes: int, *, room: str = INBOX) -> dict[str, Any]:
    """{"url", "fields"} for one upload to a room of the inbox: this key and type, at most so many bytes, 15 minutes."""
    conditions = [
        {"Content-Type": content_type},
        ["content-length-range", 1, most_bytes],
        {"success_action_status": "201"},
    ]
    fields = {"Content-Type": content_type, "success_action_status": "201"}
    answer: dict[str, Any] = signer().generate_presigned_post(
        settings().inbox, room + upload, Fields=fields, Conditions=conditions, ExpiresIn=UPLOAD_SECONDS
    )
    return answer


def presigned_get(key: str) -> str:
    """An address of a clean object, good for ten minutes."""
    place = {"Bucket": settings().clean, "Key": key, "ResponseCacheControl": "private, max-age=600"}
    url: str = signer().generate_presigned_url("get_object", Params=place, ExpiresIn=SHOW_SECONDS)
    return url


def put(key: str, content: bytes, content_type: str) -> None:
    """Store a clean object; the same again changes nothing but its version."""
    client("s3").put_object(
        Bucket=settings().clean,
        Key=key,
        Body=content,
        ContentType=content_type,
        ContentDisposition="inline",
        CacheControl="private, max-age=600",
    )


def put_once(key: str, content: bytes, content_type: str, *, loose: bool) -> bool:
    """Store a clean object where there is none yet; False where one is. `loose`: to be deleted unless it is kept."""
    more = {"ContentDisposition": "inline", "CacheControl": "private, max-age=600"}
    return write_once(settings().clean, key, content, content_type, **more, **({"Tagging": LOOSE} if loose else {}))


def write_once(bucket: str, key: str, content: bytes | BinaryIO, content_type: str, **more: str) -> bool:
    """Store an object where there is none yet; False where one is, or is just being written. `more`: as S3 calls it."""
    try:
        client("s3").put_object(Bucket=bucket, Key=key, Body=content, ContentType=content_type, IfNoneMatch="*", **more)
    except client("s3").exceptions.ClientError as fault:
        if fault.response["Error"]["Code"] in TAKEN:
            return False
        raise
    return True


def presigned_file(bucket: str, key: str, disposition: str, cache: str) -> str:
    """An address of an object, good for ten minutes, answered as a file with a name of its own."""
    place = {
        "Bucket": bucket,
        "Key": key,
        "ResponseContentDisposition": disposition,
        "ResponseCacheControl": cache,
    }
    url: str = signer().generate_presigned_url("get_object", Params=place, ExpiresIn=SHOW_SECONDS)
    return url


def keep(key: str) -> None:
    """A clean object is no longer loose. It is not there: nothing happens."""
    try:
        client("s3").delete_object_tagging(Bucket=settings().clean, Key=key)
    except client("s3").exceptions.ClientError as fault:
        if fault.response["Error"]["Code"] not in ABSENT:
            raise


def exists(key: str, bucket: str = "") -> bool:
    """Whether the clean bucket has it, or another one."""
    try:
        client("s3").head_object(Bucket=bucket or settings().clean, Key=key)
    except client("s3").exceptions.ClientError as fault:
        if fault.response["Error"]["Code"] in ABSENT:
            return False
        raise
    return True


def read_inbox(key: str, most_bytes: int) -> bytes:
    """An upload, one byte more than allowed at most. Raises Absent."""
    return read(settings().inbox, key, most_bytes)


def read_clean(key: str, most_bytes: int) -> bytes:
    """A clean picture, one byte more than allowed at most. Raises Absent."""
    return read(settings().clean, key, most_bytes)


def read(bucket: str, key: str, most_bytes: int) -> bytes:
    """An object of a bucket, one byte more than allowed at most. Raises Absent."""
    try:
        answer = client("s3").get_object(Bucket=bucket, Key=key)
    except client("s3").exceptions.ClientError as fault:
        if fault.response["Error"]["Code"] == "NoSuchKey":
            raise Absent(key) from fault
        raise
    with answer["Body"] as body:
        content: bytes = body.read(most_bytes + 1)
    return content


def put_inbox(key: str, content: bytes) -> None:
    """Send a photo as a browser would: below the room of photos, for the photo function."""
    client("s3").put_object(Bucket=settings().inbox, Key=INBOX + key, Body=content)


def delete_inbox(key: str) -> None:
    """Take an upload away; none is there: nothing happens."""
    client("s3").delete_object(Bucket=settings().inbox, Key=key)


def forget(key: str) -> int:
    """Delete every version of a clean object, of all below a key that ends in a slash; how many. May run again."""
    return forget_all(settings().clean, key)


def forget_all(bucket: str, key: str, *, bypass: bool = False) -> int:
    """The same in any bucket. `bypass`: what may not be deleted yet by others too."""
    s3, place = client("s3"), {"Bucket": bucket}
    right = {"BypassGovernanceRetention": True} if bypass else {}
    gone = 0
    for page in s3.get_paginator("list_object_versions").paginate(**place, Prefix=key):
        for version in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            if version["Key"] == key or key.endswith("/"):
                s3.delete_object(**place, Key=version["Key"], VersionId=version["VersionId"], **right)
                gone += 1
    return gone


def note_erased(ticket_id: str) -> None:
    """Note that a ticket was erased. May be repeated."""
    put(ERASED + ticket_id, b"", "text/plain")


def erased() -> Iterator[str]:
    """The tickets that were ever erased."""
    for page in client("s3").get_paginator("list_objects_v2").paginate(Bucket=settings().clean, Prefix=ERASED):
        yield from (found["Key"].removeprefix(ERASED) for found in page.get("Contents", ()))


@cache
def signer() -> Any:
    """The client that signs what browsers use: its addresses are those of OBJECTS_ORIGIN, which pages may reach."""
    import botocore.session
    from botocore.config import Config

    local = settings().objects_origin if os.environ.get("AWS_ENDPOINT_URL") else None
    style = {"addressing_style": "path" if local else "virtual", "us_east_1_regional_endpoint": "regional"}
    return botocore.session.get_session().create_client(
        "s3", region_name=region(), endpoint_url=local or None, config=Config(signature_version="s3v4", s3=style)
    )
