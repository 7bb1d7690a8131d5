"""What the packaged template promises: roles, filters, partitions, alarms, retention, and nothing else's names."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters import archive
from chalicelib.domain.record import retries
from chalicelib.functions import letter

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = {
    "APIHandler": "app.app",
    "Act": "chalicelib.functions.act.act",
    "Tell": "chalicelib.functions.tell.tell",
    "Send": "chalicelib.functions.send.send",
    "Tick": "chalicelib.functions.tick.tick",
    "Sweep": "chalicelib.functions.sweep.sweep",
    "Reconcile": "chalicelib.functions.reconcile.reconcile",
    "Photo": "chalicelib.functions.photo.photo",
    "Letter": "chalicelib.functions.letter.letter",
    "Export": "chalicelib.functions.export.export",
    "Archive": "chalicelib.functions.archive.archive",
    "Measure": "chalicelib.functions.measure.measure",
}
# What AWS offers no resource for, or (SMS) what has none.
EVERYWHERE = {
    "dynamodb:ListStreams",
    "sns:Publish",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
}
KEEPS_QUIET = {"MaximumRetryAttempts": 8, "BisectBatchOnFunctionError": True, "StartingPosition": "TRIM_HORIZON"}


def of_type(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: r for name, r in resources.items() if r["Type"] == kind}


def statements(role: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for policy in role["Properties"].get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            yield statement["Fn::If"][1] if "Fn::If" in statement else statement


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def texts(value: Any) -> Iterator[str]:
    """Every text in a template, keys left out."""
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def test_every_function_is_there_and_called_by_its_own_module(resources):
    found = of_type(resources, "AWS::Serverless::Function")
    assert {name: f["Properties"]["Handler"] for name, f in found.items()} == FUNCTIONS
    for handler in FUNCTIONS.values():
        module, _, function = handler.rpartition(".")
        tree = ast.parse((ROOT / (module.replace(".", "/") + ".py")).read_text())
        names = {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}
        names |= {t.id for n in tree.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)}
        assert function in names, handler


def test_each_function_has_a_role_of_its_own(resources):
    roles = [f["Properties"]["Role"]["Fn::GetAtt"][0] for f in of_type(resources, "AWS::Serverless::Function").values()]
    assert len(set(roles)) == len(FUNCTIONS)
    assert all(resources[role]["Type"] == "AWS::IAM::Role" for role in roles)


def test_nothing_may_be_done_everywhere_but_what_aws_has_no_resource_for(resources):
    for name, role in of_type(resources, "AWS::IAM::Role").items():
        for statement in statements(role):
            actions = set(listed(statement["Action"]))
            assert not any("*" in action for action in actions), (name, actions)
            if statement["Effect"] == "Allow" and "*" in listed(statement["Resource"]):
                assert actions <= EVERYWHERE, (name, actions)


def test_sns_publishes_to_phones_and_to_no_topic(resources):
    denied = [s for s in statements(resources["SendRole"]) if s["Effect"] == "Deny"]
    assert denied == [
        {
            "Sid": "PhonesOnly",
            "Effect": "Deny",
            "Action": ["sns:Publish"],
            "Resource": {"Fn::Sub": "arn:${AWS::Partition}:sns:*:*:*"},
        }
    ]


def test_mail_goes_out_as_the_one_sender_whatever_identity_was_verified(resources):
    for role, action in (("SendRole", "ses:SendEmail"), ("LetterRole", "ses:SendRawEmail")):
        mail = [s for s in statements(resources[role]) if s["Action"] == [action]]
        assert [s["Condition"] for s in mail] == [{"StringEquals": {"ses:FromAddress": {"Ref": "MailFrom"}}}]


def test_a_function_deletes_nothing_from_the_table_but_its_own_place_in_a_walk(resources):
    for name, role in of_type(resources, "AWS::IAM::Role").items():
        for statement in statements(role):
            actions = set(listed(statement["Action"]))
            assert "dynamodb:Scan" not in actions
            if "dynamodb:DeleteItem" in actions:
                assert name == "ReconcileRole"
                assert statement["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["WALK#*"]}}


WRITERS = {  # of each room of the bucket that keeps for good
    archive.SET: {"LetterRole"},
    archive.SEALED: {"ApiHandlerRole", "LetterRole"},
    archive.EXPORTS: {"ExportRole"},
    archive.PROOFS: {"ApiHandlerRole"},
    archive.EVIDENCE: {"LetterRole"},
    archive.STATEMENTS: {"LetterRole"},
}


def test_each_room_of_the_bucket_that_keeps_for_good_is_written_by_who_fills_it_and_by_nobody_else(resources):
    rooms = {value for name, value in vars(archive).items() if name.isupper() and isinstance(value, str)}
    assert rooms == WRITERS.keys()
    written = {room: set() for room in rooms}
    for name, role in of_type(resources, "AWS::IAM::Role").items():
        for statement in statements(role):
            if "s3:PutObject" not in listed(statement["Action"]):
                continue
            for resource in listed(statement["Resource"]):
                bucket, _, room = str(resource.get("Fn::Sub", "")).partition("/")
                if bucket == "${Letters.Arn}":
                    written[room.removesuffix("/*")].add(name)
    assert written == WRITERS


def test_what_reads_the_stream_wakes_for_its_own_marker_only(resources):
    for name, marker in (("Act", "act"), ("Tell", "tell")):
        source = resources[name]["Properties"]["Events"]["Work"]["Properties"]
        pattern = json.loads(source["FilterCriteria"]["Filters"][0]["Pattern"])
        assert pattern == {"eventName": ["INSERT"], "dynamodb": {"NewImage": {marker: {"N": ["1"]}}}}
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert KEEPS_QUIET.items() <= source.items()
        dead = source["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
        assert dead == f"{name}Dead"


def test_a_message_is_tried_as_often_as_the_rules_say_and_not_twice_at_once(resources):
    queue = resources["Messages"]["Properties"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] == retries.TRIES
    assert queue["FifoQueue"] is True
    assert queue["VisibilityTimeout"] >= 6 * resources["Send"]["Properties"]["Timeout"]


def test_a_pack_is_given_up_with_the_last_try_of_its_queue(resources):
    assert resources["Press"]["Properties"]["RedrivePolicy"]["maxReceiveCount"] == letter.LAST_TRY


def test_an_upload_that_is_gone_is_told_from_one_that_may_not_be_read(resources):
    listed_buckets = [s["Resource"] for s in statements(resources["PhotoRole"]) if "s3:ListBucket" in s["Action"]]
    assert listed_buckets == [
        {"Fn::Sub": "arn:${AWS::Partition}:s3:::" + resources["Inbox"]["Properties"]["BucketName"]["Fn::Sub"]},
        {"Fn::GetAtt": ["Originals", "Arn"]},
    ]


def test_the_inbox_and_its_function_do_not_wait_for_each_other(resources):
    about_photo = json.dumps([resources["Photo"], resources["PhotoRole"], resources["InboxMayCallPhoto"]])
    assert '"Inbox"' not in about_photo
    assert "${Inbox" not in about_photo


def test_no_partition_is_named(template):
    for text in texts(template):
        assert not re.search(r"\barn:aws(-cn)?:", text), text
        without_principals = re.sub(r"\b[a-z0-9]+\.amazonaws\.com\b", "", text)
        assert "amazonaws.com" not in without_principals, text


def test_the_access_log_names_the_route_and_never_the_path(resources):
    log = resources["RestAPI"]["Properties"]["AccessLogSetting"]["Format"]
    variables = set(re.findall(r"\$context\.([A-Za-z.]+)", log))
    assert "resourcePath" in variables
    assert not variables & {"path", "identity.sourceIp", "identity.userAgent", "requestOverride.path"}
    assert json.loads(
        log.replace("$context.status", "200")
        .replace("$context.response", "0/")
        .replace("0/Latency", "0")
        .replace("0/Length", "0")
    )


def test_the_stage_waits_for_the_role_that_its_access_log_needs(resources):
    waits = resources["RestAPI"]["Properties"]["Variables"]["AccessLogBy"]
    assert waits == {"Fn::If": ["MakesApiLogRole", {"Ref": "ApiLogAccount"}, "present"]}
    assert resources["ApiLogAccount"]["Condition"] == "MakesApiLogRole"


def test_the_front_is_regional_compresses_and_writes_no_traces_of_bodies(resources):
    front = resources["RestAPI"]["Properties"]
    assert front["EndpointConfiguration"] == "REGIONAL"
    assert front["MinimumCompressionSize"] > 0
    assert front["MethodSettings"][0]["DataTraceEnabled"] is False


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_keeps_its_log_for_a_while_and_rings_when_it_fails(resources, name):
    groups = of_type(resources, "AWS::Logs::LogGroup").values()
    own = [
        g["Properties"] for g in groups if g["Properties"]["LogGroupName"] == {"Fn::Sub": f"/aws/lambda/${{{name}}}"}
    ]
    assert [properties["RetentionInDays"] for properties in own] == [90]
    for metric in ("Errors", "Throttles"):
        alarm = resources[f"{name}{metric}"]["Properties"]
        assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": name}}]


def test_every_alarm_is_told_to_somebody(resources):
    for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values():
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "Alarms"}]


def test_every_dead_letter_rings(resources):
    dead = {name for name in of_type(resources, "AWS::SQS::Queue") if name.endswith("Dead")}
    watched = {
        dimension["Value"]["Fn::GetAtt"][0]
        for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values()
        for dimension in alarm["Properties"].get("Dimensions", [])
        if dimension["Name"] == "QueueName"
    }
    assert dead == watched == {"ActDead", "TellDead", "PhotoDead", "PressDead", "ExportsDead", "MessagesDead"}


def test_every_metric_that_an_alarm_watches_is_counted_somewhere(resources):
    watched = {
        alarm["Properties"]["MetricName"]
        for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values()
        if alarm["Properties"]["Namespace"] == "baoxiu"
    }
    source = "\n".join(path.read_text() for path in (ROOT / "chalicelib").rglob("*.py"))
    assert watched == {name for name in watched if f'ring("{name}"' in source}


def test_settings_that_the_code_reads_are_given_and_no_others(resources, template):
    given = set(template["Globals"]["Function"]["Environment"]["Variables"])
    for function in of_type(resources, "AWS::Serverless::Function").values():
        given |= set(function["Properties"].get("Environment", {}).get("Variables", {}))
    source = "\n".join(path.read_text() for path in [*(ROOT / "chalicelib").rglob("*.py"), ROOT / "app.py"])
    assert given == {name for name in given if re.search(rf"""['"]{name}['"]""", source)}


def test_what_is_only_for_aws_stands_behind_the_stage(resources):
    for name in ("Firewall", "FirewallOnApi"):
        assert resources[name]["Condition"] == "IsAws"
    assert resources["Table"]["Properties"]["DeletionProtectionEnabled"] == {"Fn::If": ["IsAws", True, False]}


def test_what_is_kept_survives_its_stack(resources):
    for name in ("Table", "Clean", "Letters", "Originals", "Facts"):
        assert resources[name]["DeletionPolicy"] == resources[name]["UpdateReplacePolicy"] == "Retain"
    table = resources["Table"]["Properties"]
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    for name in ("Clean", "Letters", "Originals", "Facts"):
        assert resources[name]["Properties"]["VersioningConfiguration"]["Status"] == "Enabled"


def test_buckets_are_private_and_by_tls_only(resources):
    for name in ("Inbox", "Clean", "Letters", "Originals", "Facts"):
        assert set(resources[name]["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
        statement = resources[f"{name}Policy"]["Properties"]["PolicyDocument"]["Statement"][0]
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("Letters", {"ApiHandler", "Export", "Letter"}),
        ("Originals", {"ApiHandler", "Act", "Letter", "Photo", "Reconcile"}),
    ],
)
def test_what_is_evidence_is_written_once_and_can_not_be_deleted_before_its_time(resources, name, may):
    """Originals are deleted by the nightly erasing of what was asked for, and by nothing else."""
    bucket = resources[name]["Properties"]
    assert bucket["ObjectLockEnabled"] is True
    retention = bucket["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert retention == {"Mode": "GOVERNANCE", "Years": {"Ref": f"{name}KeptYears"}}
    once = resources[f"{name}Policy"]["Properties"]["PolicyDocument"]["Statement"][1]
    assert (once["Effect"], once["Action"]) == ("Deny", "s3:PutObject")
    assert once["Condition"]["Null"] == {"s3:if-none-match": "true"}
    touching = set()
    for role_name, role in of_type(resources, "AWS::IAM::Role").items():
        for statement in statements(role):
            if f"{name}.Arn" in json.dumps(statement["Resource"]):
                touching.add(role_name.removesuffix("Role"))
                erases = {"s3:BypassGovernanceRetention", "s3:DeleteObjectVersion"}
                allowed = erases if role_name == "ReconcileRole" else {"s3:GetObject", "s3:PutObject"}
                assert set(listed(statement["Action"])) <= allowed, role_name
    assert touching == may


def test_a_letter_has_the_time_that_its_seal_and_its_mail_may_take(resources):
    from chalicelib.adapters import delivery, seal

    timeout = resources["Letter"]["Properties"]["Timeout"]
    assert resources["Letter"]["Properties"]["Events"]["Press"]["Properties"]["BatchSize"] == 1
    assert timeout >= 2 * (seal.SECONDS + delivery.READ_SECONDS)
    assert resources["Press"]["Properties"]["VisibilityTimeout"] >= 6 * timeout


def test_each_layer_is_carried_by_the_one_function_that_needs_it(resources):
    functions = of_type(resources, "AWS::Serverless::Function")
    layered = {name: f["Properties"]["Layers"] for name, f in functions.items() if f["Properties"].get("Layers")}
    assert layered == {"Letter": [{"Ref": "Typesetter"}], "Archive": [{"Ref": "ColumnarWriter"}]}
    for name, file in (("Typesetter", "layer.zip"), ("ColumnarWriter", "layer-archive.zip")):
        layer = resources[name]["Properties"]
        assert layer["ContentUri"] == file
        assert "${AWS::StackName}" in layer["LayerName"]["Fn::Sub"], "two stacks in an account share no layer"


def test_what_analysts_read_is_written_by_the_archive_alone_which_writes_nothing_else_but_its_notes(resources):
    touching = {}
    for name, role in of_type(resources, "AWS::IAM::Role").items():
        for statement in statements(role):
            if "Facts.Arn" in json.dumps(statement["Resource"]):
                touching[name] = (statement["Action"], statement["Resource"])
    assert touching == {"ArchiveRole": (["s3:PutObject"], {"Fn::Sub": "${Facts.Arn}/facts/*"})}
    [writes] = [s for s in statements(resources["ArchiveRole"]) if "dynamodb:PutItem" in s["Action"]]
    assert writes["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["ARCHIVED*"]}}


def test_whoever_may_release_a_letter_may_ask_for_its_pdf(resources):
    for name in ("APIHandler", "Act", "Sweep", "Reconcile"):
        assert resources[name]["Properties"]["Environment"]["Variables"]["PRESS_URL"] == {"Ref": "Press"}
        role = resources[resources[name]["Properties"]["Role"]["Fn::GetAtt"][0]]
        assert [s for s in statements(role) if s["Resource"] == {"Fn::GetAtt": ["Press", "Arn"]}]


def test_whoever_may_open_a_batch_may_have_it_gone_on_with(resources):
    for name in ("APIHandler", "Act", "Sweep", "Reconcile", "Export"):
        assert resources[name]["Properties"]["Environment"]["Variables"]["EXPORTS_URL"] == {"Ref": "Exports"}
        role = resources[resources[name]["Properties"]["Role"]["Fn::GetAtt"][0]]
        assert [s for s in statements(role) if s["Resource"] == {"Fn::GetAtt": ["Exports", "Arn"]}]
    assert resources["Exports"]["Properties"]["VisibilityTimeout"] >= 6 * resources["Export"]["Properties"]["Timeout"]


def rules_of(bucket: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What is forgotten by itself, by id of the rule; only those in force."""
    rules = bucket["Properties"]["LifecycleConfiguration"]["Rules"]
    return {rule.pop("Id"): rule for rule in map(dict, rules) if rule.pop("Status") == "Enabled"}


def test_an_upload_that_no_ticket_owns_is_gone_in_days_and_no_other_picture_ever(resources):
    """The tag is the one that `objects.put_once` gives and `objects.keep` takes away."""
    from chalicelib.adapters.objects import LOOSE

    name, _, value = LOOSE.partition("=")
    rules = rules_of(resources["Clean"])
    assert rules["loose"] == {"TagFilters": [{"Key": name, "Value": value}], "ExpirationInDays": 3}
    assert not [name for name, rule in rules.items() if "ExpirationInDays" in rule and "TagFilters" not in rule]
    assert rules_of(resources["Inbox"])["forget"]["ExpirationInDays"] == 1


def test_without_a_word_the_messages_are_those_of_the_mainland(template):
    """Carriers there take no links; what would reach nobody is refused before anything is made."""
    defaults = {name: given.get("Default") for name, given in template["Parameters"].items()}
    assert (defaults["Sms"], defaults["SmsForm"], defaults["SmsSignature"]) == ("http", "code", "保修")
    assert (defaults["SmsHttpUrl"], defaults["SmtpHost"], defaults["SmsAbroad"]) == ("", "", "")
    for rule, setting, value, needed in (
        ("SmsByGateway", "Sms", "http", "SmsHttpUrl"),
        ("MailBySmtp", "Mail", "smtp", "SmtpHost"),
        ("SealByService", "Seal", "http", "SealHttpUrl"),
    ):
        found = template["Rules"][rule]
        assert found["RuleCondition"] == {"Fn::Equals": [{"Ref": setting}, value]}
        [asserted] = found["Assertions"]
        assert asserted["Assert"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": needed}, ""]}]}
        assert needed in asserted["AssertDescription"]


def test_the_tables_indexes_are_those_the_store_knows(resources):
    from chalicelib.store.table import INDEXES

    indexes = resources["Table"]["Properties"]["GlobalSecondaryIndexes"]
    assert {i["IndexName"]: tuple(k["AttributeName"] for k in i["KeySchema"]) for i in indexes} == dict(INDEXES)
