"""What CloudFormation gets once SAM has transformed the template: what it adds by itself is guarded like the rest."""

import copy
import json
from typing import Any

import pytest

REGIONS = ("ap-southeast-1", "cn-north-1")


@pytest.fixture(scope="module", params=REGIONS)
def transformed(template: dict[str, Any], request: pytest.FixtureRequest) -> dict[str, Any]:
    import boto3
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    packaged = copy.deepcopy(template)
    for resource in packaged["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://artifacts/deployment.zip"
        elif resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = "s3://artifacts/layer.zip"
    with pytest.MonkeyPatch.context() as set_up:
        set_up.setenv("AWS_DEFAULT_REGION", request.param)
        session = boto3.session.Session(region_name=request.param)
        translated = Translator({}, Parser(), boto_session=session).translate(packaged, {})
    resources: dict[str, Any] = translated["Resources"]
    return resources


def of_type(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: r["Properties"] for name, r in resources.items() if r["Type"] == kind}


def test_there_is_one_public_stage_and_no_deployment_makes_another(transformed: dict[str, Any]) -> None:
    stages = of_type(transformed, "AWS::ApiGateway::Stage")
    assert [stage["StageName"] for stage in stages.values()] == ["api"]
    for deployment in of_type(transformed, "AWS::ApiGateway::Deployment").values():
        assert "StageName" not in deployment


def test_every_stage_has_its_log_its_throttle_and_the_firewall(transformed: dict[str, Any]) -> None:
    guarded = json.dumps(
        [wall["ResourceArn"] for wall in of_type(transformed, "AWS::WAFv2::WebACLAssociation").values()]
    )
    for name, stage in of_type(transformed, "AWS::ApiGateway::Stage").items():
        assert stage["AccessLogSetting"]["DestinationArn"] == {"Fn::GetAtt": ["AccessLog", "Arn"]}
        every = [m for m in stage["MethodSettings"] if (m["HttpMethod"], m["ResourcePath"]) == ("*", "/*")]
        assert len(every) == 1
        assert every[0]["ThrottlingRateLimit"] > 0
        assert every[0]["ThrottlingBurstLimit"] > 0
        assert f'{{"Ref": "{name}"}}' in guarded


def test_nobody_but_the_services_of_this_stack_may_call_a_function(transformed: dict[str, Any]) -> None:
    for name, permission in of_type(transformed, "AWS::Lambda::Permission").items():
        assert permission["Principal"] != "*", name
        source = json.dumps(permission["SourceArn"])
        assert "RestAPI" in source or "AWS::AccountId" in source or "Fn::GetAtt" in source, (name, source)


def test_what_sam_adds_may_do_nothing_everywhere(transformed: dict[str, Any], resources: dict[str, Any]) -> None:
    added = {n: r for n, r in transformed.items() if r["Type"].startswith("AWS::IAM::") and n not in resources}
    assert added == {}
    for name, function in of_type(transformed, "AWS::Lambda::Function").items():
        role = function["Role"]["Fn::GetAtt"][0]
        assert role in resources, name


def test_no_function_answers_at_an_address_of_its_own(transformed: dict[str, Any]) -> None:
    assert of_type(transformed, "AWS::Lambda::Url") == {}


def test_what_was_kept_quiet_in_the_template_is_kept_quiet_in_the_outcome(transformed: dict[str, Any]) -> None:
    for mapping in of_type(transformed, "AWS::Lambda::EventSourceMapping").values():
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
