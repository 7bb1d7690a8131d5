"""Placeholder: send."""

import json
import os
import time

import botocore.session


def client(service):
    return botocore.session.get_session().create_client(service)


def note(pk, sk, **more):
    item = {"pk": {"S": pk}, "sk": {"S": sk}, "body": {"S": json.dumps(more, default=str)}}
    client("dynamodb").put_item(TableName=os.environ["TABLE_NAME"], Item=item)


def send(event, context):
    for record in event["Records"]:
        ticket = json.loads(record["body"])["ticket"]
        note(f"SEEN#{ticket}", "SEND", env={k: v for k, v in os.environ.items() if k in ("MAIL", "SMS", "SMS_FORM")})
        client("sns").publish(PhoneNumber="+8613800000000", Message=f"【宝修】工单 {ticket} http://127.0.0.1:8000/g/x")
        client("ses").send_email(
            Source=os.environ["MAIL_FROM"],
            Destination={"ToAddresses": ["owner@example.invalid"]},
            Message={
                "Subject": {"Data": f"工单 {ticket}"},
                "Body": {"Text": {"Data": "您好\nhttp://127.0.0.1:8000/g/y"}},
            },
        )
    return {"batchItemFailures": []}
