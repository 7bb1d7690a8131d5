"""Objects in S3: what a browser may send is fixed by the signature, and pages see the clean bucket only."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import botocore.session
import pytest
from moto import mock_aws

from chalicelib.adapters import aws, objects
from chalicelib.adapters.ids import ulid
from chalicelib.adapters.settings import settings
from tests.world import MONDAY

UPLOAD = ulid(MONDAY, bytes(10))


@pytest.fixture
def buckets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An inbox and a clean bucket."""
    for name, value in {"INBOX_BUCKET": "the-inbox", "CLEAN_BUCKET": "the-clean", "AWS_REGION": "cn-north-1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for kept in (settings, aws.client, objects.signer):
        kept.cache_clear()
    with mock_aws():
        s3 = botocore.session.get_session().create_client("s3", region_name="cn-north-1")
        for bucket in ("the-inbox", "the-clean"):
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
        yield s3
    for kept in (settings, aws.client, objects.signer):
        kept.cache_clear()


def test_an_upload_is_signed_for_one_key_one_type_and_a_size(buckets: Any) -> None:
    asked = objects.presigned_post(UPLOAD, "image/png", 5 * 2**20)
    assert asked["url"] == "https://the-inbox.s3.cn-north-1.amazonaws.com.cn/"
    assert asked["fields"]["key"] == f"inbox/{UPLOAD}"
    conditions = json.loads(base64.b64decode(asked["fields"]["policy"]))["conditions"]
    assert ["content-length-range", 1, 5 * 2**20] in conditions
    assert {"Content-Type": "image/png"} in conditions
    assert {"key": f"inbox/{UPLOAD}"} in conditions
    assert {"bucket": "the-inbox"} in conditions


def test_a_clean_object_is_shown_for_ten_minutes_from_the_clean_bucket(buckets: Any) -> None:
    url = urlsplit(objects.presigned_get("photos/x"))
    assert (url.scheme, url.netloc, url.path) == ("https", "the-clean.s3.cn-north-1.amazonaws.com.cn", "/photos/x")
    assert parse_qs(url.query)["X-Amz-Expires"] == ["600"]


def test_addresses_are_those_that_pages_may_reach(buckets: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("OBJECTS_ORIGIN", "http://127.0.0.1:4566")
    settings.cache_clear()
    objects.signer.cache_clear()
    assert objects.presigned_post(UPLOAD, "image/png", 9)["url"] == "http://127.0.0.1:4566/the-inbox"
    assert objects.presigned_get("photos/x").startswith("http://127.0.0.1:4566/the-clean/photos/x?")


def test_what_was_put_is_there_with_its_type(buckets: Any) -> None:
    assert not objects.exists("photos/x")
    objects.put("photos/x", b"...", "image/png")
    assert objects.exists("photos/x")
    assert buckets.head_object(Bucket="the-clean", Key="photos/x")["ContentType"] == "image/png"


def test_an_upload_that_is_absent_is_said_so(buckets: Any) -> None:
    with pytest.raises(objects.Absent):
        objects.read_inbox("inbox/x", 9)
    objects.delete_inbox("inbox/x")


def test_no_more_of_an_upload_is_read_than_must_be(buckets: Any) -> None:
    buckets.put_object(Bucket="the-inbox", Key="inbox/x", Body=bytes(1000))
    assert len(objects.read_inbox("inbox/x", 9)) == 10


def test_what_is_forgotten_is_gone_in_every_version_and_its_neighbours_stay(buckets: Any) -> None:
    buckets.put_bucket_versioning(Bucket="the-clean", VersioningConfiguration={"Status": "Enabled"})
    for key in ("photos/x", "photos/x", "photos/xy", "signatures/T/1", "signatures/T/2", "signatures/TT/1"):
        objects.put(key, b"...", "image/png")
    buckets.delete_object(Bucket="the-clean", Key="photos/x")
    assert objects.forget("photos/x") == 3
    assert objects.forget("signatures/T/") == 2
    assert objects.forget("photos/x") == 0
    left = buckets.list_object_versions(Bucket="the-clean")
    assert {v["Key"] for v in left["Versions"]} == {"photos/xy", "signatures/TT/1"}
    assert "DeleteMarkers" not in left


def test_the_bucket_knows_what_was_erased(buckets: Any) -> None:
    assert list(objects.erased()) == []
    for ticket in ("T1", "T2", "T1"):
        objects.note_erased(ticket)
    assert list(objects.erased()) == ["T1", "T2"]
