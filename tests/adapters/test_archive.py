"""The letters' bucket: written once, with a checksum, under a key made of the content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from moto import mock_aws

from chalicelib.adapters import archive, aws, objects
from chalicelib.adapters.settings import settings

PDF = b"%PDF-1.7 letter"
DIGEST = hashlib.sha256(PDF).hexdigest()
KEY = archive.key_of(archive.SET, "HY-2026-0001", DIGEST, "pdf")


@pytest.fixture
def s3() -> Iterator[Any]:
    kept = (settings, aws.client, objects.signer)
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("LETTERS_BUCKET", "the-letters")
        patch.setenv("AWS_REGION", "us-east-1")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        for cached in kept:
            cached.cache_clear()
        client = botocore.session.get_session().create_client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="the-letters", ObjectLockEnabledForBucket=True)
        rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Years": 15}}
        client.put_object_lock_configuration(
            Bucket="the-letters", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
        )
        yield client
    for cached in kept:
        cached.cache_clear()


def test_a_file_is_stored_as_it_is_and_locked(s3: Any) -> None:
    assert archive.keep(KEY, PDF) is True
    stored = s3.get_object(Bucket="the-letters", Key=KEY)
    assert (stored["Body"].read(), stored["ContentType"]) == (PDF, "application/pdf")
    assert stored["ObjectLockMode"] == "GOVERNANCE"


def test_nothing_is_replaced(s3: Any) -> None:
    archive.keep(KEY, PDF)
    assert archive.keep(KEY, b"another") is False
    assert s3.get_object(Bucket="the-letters", Key=KEY)["Body"].read() == PDF
    versions = s3.list_object_versions(Bucket="the-letters")["Versions"]
    assert len(versions) == 1


def test_the_key_names_entity_year_number_and_content() -> None:
    assert f"letters/HY/2026/HY-2026-0001/{DIGEST}.pdf" == KEY
    assert archive.key_of(archive.SEALED, "A-B-2027-0012", "ff", "jpg") == "sealed/A-B/2027/A-B-2027-0012/ff.jpg"
    with pytest.raises(ValueError, match="nonsense"):
        archive.key_of(archive.SET, "nonsense", DIGEST, "pdf")


def test_a_link_shows_the_file_for_ten_minutes_under_its_name(s3: Any) -> None:
    archive.keep(KEY, PDF)
    link = archive.presigned_get(KEY, "HY-2026-0001.pdf")
    assert "X-Amz-Expires=600" in link
    assert "HY-2026-0001.pdf" in link
    assert "the-letters" in link
