"""Placeholder: photo."""

import json
import os
import time

import botocore.session


def client(service):
    return botocore.session.get_session().create_client(service)


def note(pk, sk, **more):
    item = {"pk": {"S": pk}, "sk": {"S": sk}, "body": {"S": json.dumps(more, default=str)}}
    client("dynamodb").put_item(TableName=os.environ["TABLE_NAME"], Item=item)


def photo(event, context):
    for record in event["Records"]:
        key = record["s3"]["object"]["key"]
        body = client("s3").get_object(Bucket=os.environ["INBOX_BUCKET"], Key=key)["Body"].read()
        client("s3").put_object(Bucket=os.environ["CLEAN_BUCKET"], Key=key, Body=body)
        note(f"SEEN#{key}", "PHOTO", size=len(body))
