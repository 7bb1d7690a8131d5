"""The emulator keeps the contract that its patches promise; without the patch of its name each of these fails."""

import base64
import contextlib
import json
import shutil
import signal
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from infra.local.emulator import SAVED, Emulator
from tests.local.conftest import Probe

NOTES = "probe-notes"

# Writes down what it saw; a record of ticket "poison" is returned as failed.
READER = """
    import json, os, urllib.request

    def note(pk, sk):
        request = urllib.request.Request(
            os.environ["AWS_ENDPOINT_URL"],
            json.dumps({"TableName": "probe-notes", "Item": {"pk": {"S": pk}, "sk": {"S": sk}}}).encode(),
            {"X-Amz-Target": "DynamoDB_20120810.PutItem", "Content-Type": "application/x-amz-json-1.0",
             "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260302/us-east-1/dynamodb/aws4_request"})
        urllib.request.urlopen(request).read()

    def handler(event, context):
        for n, record in enumerate(event["Records"]):
            name = record["dynamodb"]["NewImage"]["pk"]["S"]
            number = record["dynamodb"]["SequenceNumber"]
            if name.startswith("poison"):
                note(os.environ["AWS_LAMBDA_FUNCTION_NAME"], f"{name} try {context.aws_request_id}")
                FAIL
            note(os.environ["AWS_LAMBDA_FUNCTION_NAME"], name)
        return {"batchItemFailures": []}
"""
BY_ANSWER = READER.replace("FAIL", 'return {"batchItemFailures": [{"itemIdentifier": number}]}')
BY_ERROR = READER.replace("FAIL", 'raise ValueError("poisoned")')


@pytest.fixture(scope="module")
def notes(probe):
    probe.client("dynamodb").create_table(
        TableName=NOTES,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": a, "AttributeType": "S"} for a in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )

    def seen(function: str) -> list[str]:
        query = {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": function}}}
        return [item["sk"]["S"] for item in probe.client("dynamodb").query(TableName=NOTES, **query)["Items"]]

    return seen


def read_stream(probe, stream: str, function: str, dead: str, retries: int = 2) -> None:
    probe.client("lambda").create_event_source_mapping(
        FunctionName=function,
        EventSourceArn=stream,
        StartingPosition="TRIM_HORIZON",
        BatchSize=10,
        MaximumRetryAttempts=retries,
        BisectBatchOnFunctionError=True,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        DestinationConfig={"OnFailure": {"Destination": dead}},
        FilterCriteria={
            "Filters": [{"Pattern": '{"eventName":["INSERT"],"dynamodb":{"NewImage":{"act":{"N":["1"]}}}}'}]
        },
    )


def queue(probe, name: str) -> tuple[str, str]:
    url = probe.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    arn = probe.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return url, arn


@pytest.mark.parametrize(("name", "source"), [("by-answer", BY_ANSWER), ("by-error", BY_ERROR)])
def test_a_poisoned_record_is_retried_given_up_and_holds_up_nobody_for_ever(probe, notes, eventually, name, source):
    stream = probe.table(f"poison-{name}")
    for ticket in ("a", "b", "poison", "c", "d"):
        probe.put(f"poison-{name}", ticket, act=1)
    url, arn = queue(probe, f"dead-{name}")
    probe.function(f"reader-{name}", source)
    read_stream(probe, stream, f"reader-{name}", arn)

    eventually(lambda: {"a", "b", "c", "d"} <= set(notes(f"reader-{name}")))
    letters = eventually(lambda: probe.client("sqs").receive_message(QueueUrl=url).get("Messages"))
    letter = json.loads(letters[0]["Body"])
    assert letter["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert letter["DDBStreamBatchInfo"]["batchSize"] == 1
    tries = [note for note in notes(f"reader-{name}") if note.startswith("poison")]
    assert len(tries) >= 3, "the first time and two retries, besides what halving costs"


def test_only_inserts_that_the_filter_lets_through_arrive(probe, notes, eventually):
    stream = probe.table("filtered")
    probe.function("reader-filtered", BY_ANSWER)
    read_stream(probe, stream, "reader-filtered", queue(probe, "dead-filtered")[1])
    probe.put("filtered", "not-for-act", tell=1)
    probe.put("filtered", "nothing")
    probe.put("filtered", "for-act", act=1)
    eventually(lambda: "for-act" in notes("reader-filtered"))
    assert notes("reader-filtered") == ["for-act"]


# Says that it began, and ends when the notes have ("gate", "open").
HELD = (
    READER.partition("    def handler")[0]
    + """
    def handler(event, context):
        note("held", "began")
        for _ in range(600):
            request = urllib.request.Request(
                os.environ["AWS_ENDPOINT_URL"],
                json.dumps({"TableName": "probe-notes", "Key": {"pk": {"S": "gate"}, "sk": {"S": "open"}}}).encode(),
                {"X-Amz-Target": "DynamoDB_20120810.GetItem", "Content-Type": "application/x-amz-json-1.0",
                 "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260302/us-east-1/dynamodb/aws4_request"})
            if "Item" in json.load(urllib.request.urlopen(request)):
                break
            __import__("time").sleep(0.1)
        note("held", "ended")
        return {}
"""
)


def test_a_slow_reader_holds_up_no_other(probe, notes, eventually):
    stream = probe.table("two-readers")
    probe.function("held", HELD, timeout=90)
    probe.function("reader-fast", BY_ANSWER)
    read_stream(probe, stream, "held", queue(probe, "dead-slow")[1])
    read_stream(probe, stream, "reader-fast", queue(probe, "dead-fast")[1])
    probe.put("two-readers", "first", act=1)
    eventually(lambda: notes("held") == ["began"])
    probe.put("two-readers", "second", act=1)
    eventually(lambda: notes("reader-fast") == ["first", "second"])
    assert notes("held") == ["began"]
    probe.put(NOTES, "gate", "open")
    eventually(lambda: "ended" in notes("held"))


def test_what_is_under_way_is_told_until_all_has_arrived(probe, notes, eventually):
    eventually(lambda: probe.emulator.work() == 0)
    probe.function("behind", HELD.replace('"held"', '"behind"').replace('"gate"', '"gate behind"'), timeout=90)
    read_stream(probe, probe.table("one-behind"), "behind", queue(probe, "dead-behind")[1])
    for n in range(2):
        probe.put("one-behind", f"record {n}", act=1)
        eventually(lambda: "began" in notes("behind"))
    assert probe.emulator.work() >= 2  # one runs, the other waits
    probe.put(NOTES, "gate behind", "open")
    eventually(lambda: probe.emulator.work() == 0)
    assert "ended" in notes("behind")


def test_a_requirement_that_is_not_shipped_is_missing(probe):
    probe.function("imports", "def handler(event, context):\n    __import__(event['name'])\n    return 'there'\n")
    assert probe.invoke("imports", {"name": "sqlite3"}) == {"answer": "there"}
    for name in ("yaml", "botocore", "pynamodb", "ministack"):
        assert "No module named" in probe.invoke("imports", {"name": name})["error"]["errorMessage"]


def test_functions_see_the_time_anchor_and_nothing_of_the_callers_environment(probe, emulator_folder):
    probe.function("environment", "import os\ndef handler(event, context):\n    return dict(os.environ)\n")
    seen = probe.invoke("environment")["answer"]
    assert seen["TIME_ANCHOR"] == str(emulator_folder / "time.json")
    assert seen["AWS_ENDPOINT_URL"] == probe.emulator.endpoint
    assert seen["TZ"] == "UTC"
    assert not {"VIRTUAL_ENV", "PYTHONPATH", "PYTEST_CURRENT_TEST"} & set(seen)


def test_an_answer_in_a_binary_type_arrives_as_bytes(probe):
    arn = probe.function(
        "picture",
        """
        import base64
        def handler(event, context):
            body = base64.b64encode(bytes(range(256))).decode()
            return {"statusCode": 200, "isBase64Encoded": True, "headers": {"Content-Type": "image/png"}, "body": body}
        """,
    )
    probe.client("lambda").add_permission(
        FunctionName="picture", StatementId="api", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com"
    )
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    proxy = {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}
    spec = {
        "swagger": "2.0",
        "info": {"title": "probe", "version": "1"},
        "x-amazon-apigateway-binary-media-types": ["image/png"],
        "paths": {"/picture": {"get": {"responses": {}, "x-amazon-apigateway-integration": proxy}}},
    }
    deployment = {"RestApiId": {"Ref": "Api"}, "StageName": "api"}
    template = {
        "Resources": {
            "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": spec}},
            "Deployment": {"Type": "AWS::ApiGateway::Deployment", "Properties": deployment},
        },
        "Outputs": {"Api": {"Value": {"Ref": "Api"}}},
    }
    cloudformation = probe.client("cloudformation")
    cloudformation.create_stack(StackName="picture", TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(StackName="picture", WaiterConfig={"Delay": 1})
    api = cloudformation.describe_stacks(StackName="picture")["Stacks"][0]["Outputs"][0]["OutputValue"]
    address = f"{probe.emulator.endpoint}/restapis/{api}/api/_user_request_/picture"
    request = urllib.request.Request(address, headers={"Accept": "image/png"})
    with urllib.request.urlopen(request) as answer:
        content = answer.read()
    assert content == bytes(range(256)), base64.b64encode(content)[:80]


# Calls a service as botocore does, with the credentials of its role; says what it was told.
CALLER = """
    import datetime, hashlib, hmac, json, os, urllib.error, urllib.request

    def handler(event, context):
        body = event["body"].encode()
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        host = os.environ["AWS_ENDPOINT_URL"].split("//")[1]
        headers = {**event["headers"], "host": host, "x-amz-date": now,
                   "x-amz-security-token": os.environ["AWS_SESSION_TOKEN"]}
        names = ";".join(sorted(headers))
        lines = "".join(f"{k}:{v}\\n" for k, v in sorted(headers.items()))
        request = "\\n".join(["POST", "/", "", lines, names, hashlib.sha256(body).hexdigest()])
        scope = f"{now[:8]}/us-east-1/{event['service']}/aws4_request"
        text = "\\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(request.encode()).hexdigest()])
        key = ("AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"]).encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        headers["authorization"] = (f"AWS4-HMAC-SHA256 Credential={os.environ['AWS_ACCESS_KEY_ID']}/{scope}, "
                                    f"SignedHeaders={names}, Signature={signature}")
        try:
            urllib.request.urlopen(urllib.request.Request(os.environ["AWS_ENDPOINT_URL"], body, headers)).read()
        except urllib.error.HTTPError as error:
            return error.read().decode()
        return "sent"
"""


def to_queue(operation: str, **request: object) -> dict[str, object]:
    headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": f"AmazonSQS.{operation}"}
    return {"service": "sqs", "headers": headers, "body": json.dumps(request)}


def test_a_function_may_do_what_its_role_says_and_no_more(probe):
    url, _ = queue(probe, "guarded")
    one = to_queue("SendMessage", QueueUrl=url, MessageBody="a")
    ten = to_queue("SendMessageBatch", QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "a"}])
    probe.function("may-send", CALLER, may=("sqs:SendMessage",))
    probe.function("may-read", CALLER, may=("sqs:ReceiveMessage",))
    assert probe.invoke("may-send", one) == {"answer": "sent"}
    assert probe.invoke("may-send", ten) == {"answer": "sent"}
    assert "AccessDenied" in probe.invoke("may-read", one)["answer"]
    assert "AccessDenied" in probe.invoke("may-read", ten)["answer"]


def test_a_function_may_send_mail_as_the_address_that_its_role_names(probe):
    headers = {"content-type": "application/x-www-form-urlencoded"}
    mail = {
        "Action": "SendEmail",
        "Source": "desk@example.invalid",
        "Destination.ToAddresses.member.1": "owner@example.invalid",
        "Message.Subject.Data": "x",
        "Message.Body.Text.Data": "x",
    }
    event = {"service": "ses", "headers": headers, "body": urllib.parse.urlencode(mail)}
    probe.client("ses").verify_email_identity(EmailAddress="desk@example.invalid")
    identity = "arn:aws:ses:us-east-1:000000000000:identity/"
    probe.function("mails-as-desk", CALLER, may=("ses:SendEmail",), on=identity + "desk@example.invalid")
    probe.function("mails-as-other", CALLER, may=("ses:SendEmail",), on=identity + "other@example.invalid")
    for name, address in (("from-desk", "desk@example.invalid"), ("from-other", "other@example.invalid")):
        condition = {"StringEquals": {"ses:FromAddress": address}}
        probe.function(name, CALLER, may=("ses:SendEmail",), on=identity + "*", when=condition)
    assert probe.invoke("from-desk", event) == {"answer": "sent"}
    assert "AccessDenied" in probe.invoke("from-other", event)["answer"]
    assert probe.invoke("mails-as-desk", event) == {"answer": "sent"}
    assert "AccessDenied" in probe.invoke("mails-as-other", event)["answer"]


def start(folder: Path, checkpoint_seconds: float = 0) -> Emulator:
    return Emulator.start(folder, time_anchor=folder / "time.json", checkpoint_seconds=checkpoint_seconds)


def test_mail_sms_and_items_are_there_after_a_stop_with_the_times_they_had(tmp_path):
    emulator = start(tmp_path)

    probe = Probe(emulator)
    probe.table("kept")
    probe.put("kept", "a")
    probe.client("ses").verify_email_identity(EmailAddress="desk@example.invalid")
    probe.client("ses").send_email(
        Source="desk@example.invalid",
        Destination={"ToAddresses": ["owner@example.invalid"]},
        Message={"Subject": {"Data": "工单"}, "Body": {"Text": {"Data": "您好"}}},
    )
    probe.client("sns").publish(PhoneNumber="+8613900000001", Message="【保修】您好")
    before = [emulator.get("/_ministack/ses/messages"), emulator.get("/_ministack/sns/sms-messages")]
    emulator.stop()
    assert not [word for word in ("owner@", "+86139", "您好") if word in emulator.log.read_text()]

    emulator = start(tmp_path)
    after = [emulator.get("/_ministack/ses/messages"), emulator.get("/_ministack/sns/sms-messages")]
    items = Probe(emulator).client("dynamodb").scan(TableName="kept")["Items"]
    emulator.stop()
    assert after == before
    assert before[1]["sms_messages"]["+8613900000001"][0]["Timestamp"] == pytest.approx(time.time(), abs=60)
    assert [item["pk"]["S"] for item in items] == ["a"]


def test_a_stream_is_read_on_after_a_restart(tmp_path, eventually):
    emulator = start(tmp_path)
    probe = Probe(emulator)
    stream = probe.table("again")
    probe.table(NOTES)
    probe.function("reader-again", BY_ANSWER)
    read_stream(probe, stream, "reader-again", queue(probe, "dead-again")[1])

    def seen() -> set[str]:
        return {item["sk"]["S"] for item in Probe(emulator).client("dynamodb").scan(TableName=NOTES)["Items"]}

    for ticket in ("a", "b", "c"):
        probe.put("again", ticket, act=1)
    eventually(lambda: seen() == {"a", "b", "c"})
    emulator.stop()

    emulator = start(tmp_path)
    Probe(emulator).put("again", "d", act=1)
    eventually(lambda: "d" in seen())
    emulator.stop()


def test_a_hard_kill_loses_no_more_than_since_the_last_checkpoint(tmp_path, eventually):
    emulator = start(tmp_path, checkpoint_seconds=0.1)
    state = tmp_path / "state" / "dynamodb.json"

    Probe(emulator).table("kept")
    Probe(emulator).put("kept", "the-item")
    eventually(lambda: state.exists() and "the-item" in state.read_text())
    eventually((tmp_path / SAVED).exists)
    emulator.process.send_signal(signal.SIGKILL)
    emulator.process.wait()
    emulator.stop()

    emulator = start(tmp_path)
    items = Probe(emulator).client("dynamodb").scan(TableName="kept")["Items"]
    emulator.stop()
    assert [item["pk"]["S"] for item in items] == ["the-item"]


def test_a_checkpoint_that_can_not_be_written_takes_the_mark_away(tmp_path, eventually):
    emulator = start(tmp_path, checkpoint_seconds=0.1)
    Probe(emulator).table("kept")
    eventually((tmp_path / SAVED).exists)
    state = tmp_path / "state"
    state.rename(tmp_path / "aside")
    while not state.is_file():  # a checkpoint in between makes the folder anew
        shutil.rmtree(state, ignore_errors=True)
        with contextlib.suppress(IsADirectoryError):
            state.write_text("a file where the folder was")
    eventually(lambda: not (tmp_path / SAVED).exists())
    state.unlink()
    (tmp_path / "aside").rename(state)
    eventually((tmp_path / SAVED).exists)
    emulator.stop()


def test_the_emulator_stops_and_saves_when_whoever_started_it_is_gone(tmp_path):
    emulator = start(tmp_path)

    Probe(emulator).table("kept")
    assert emulator.process.stdin
    emulator.process.stdin.close()
    assert emulator.process.wait(20) == 0
    assert "kept" in (tmp_path / "state" / "dynamodb.json").read_text()
    emulator.stop()
