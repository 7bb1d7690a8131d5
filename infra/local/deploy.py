"""Deploy the packaged folder by CloudFormation calls, as on AWS: upload the zip, create or update the stack.

What the emulator drops from a template and nobody misses here: table TTL, PITR and SSE, bucket lifecycles and locks,
state machine logs. TTL stays off on purpose: items carry simulated times, and the emulator would delete by
the wall clock.
"""

import hashlib
from pathlib import Path
from typing import Any

import boto3
import yaml
from botocore.exceptions import ClientError, WaiterError

from infra.build import layer
from infra.local.emulator import CREDENTIALS, REGION

ARTIFACTS = "baoxiu-artifacts"
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


class DeployFailed(Exception):
    """The stack is not up; the text says why in one line."""


def client(service: str, endpoint: str) -> Any:
    """An AWS client of the emulator, whatever the caller's own configuration says."""
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )


def deploy(endpoint: str, out: Path, name: str, parameters: dict[str, str]) -> dict[str, str]:
    """Bring stack `name` to what `out` holds; unchanged is fine. Returns its outputs. Raises DeployFailed."""
    cloudformation = client("cloudformation", endpoint)
    template = yaml.safe_load((out / "sam.yaml").read_text())
    code = _upload(endpoint, (out / "deployment.zip").read_bytes(), ".zip")
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"s3://{ARTIFACTS}/{code}"
        elif resource["Type"] == "AWS::Serverless::LayerVersion":
            layer_zip = _layer(out, resource["Properties"]["ContentUri"])
            resource["Properties"]["ContentUri"] = f"s3://{ARTIFACTS}/{_upload(endpoint, layer_zip, '.zip')}"
    # By S3, as on AWS: too long for the request itself.
    body = _upload(endpoint, yaml.safe_dump(template, allow_unicode=True).encode(), ".yaml")
    request = {
        "StackName": name,
        "TemplateURL": f"{endpoint}/{ARTIFACTS}/{body}",
        "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
        "Capabilities": CAPABILITIES,
    }
    try:
        if _stack(cloudformation, name) is None:
            cloudformation.create_stack(**request)
            waiter = "stack_create_complete"
        else:
            cloudformation.update_stack(**request)
            waiter = "stack_update_complete"
        cloudformation.get_waiter(waiter).wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 90})
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise DeployFailed(_line(error.response["Error"]["Message"])) from error
    except WaiterError as error:
        raise DeployFailed(_reason(cloudformation, name)) from error
    stack = _stack(cloudformation, name)
    if stack is None:
        raise DeployFailed("the stack is gone")
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _layer(out: Path, name: str) -> bytes:
    """A layer, for this machine: the functions run on it."""
    mine = out / name.replace(".zip", "-here.zip")
    layer.build(mine, name, here=True)
    return mine.read_bytes()


def verify_sender(endpoint: str, address: str) -> None:
    """Have the sender's address verified: on AWS the one step that the template can't do."""
    client("ses", endpoint).verify_email_identity(EmailAddress=address)


def _upload(endpoint: str, body: bytes, suffix: str) -> str:
    """Put an artifact under a name made of its content; returns the name."""
    s3 = client("s3", endpoint)
    key = hashlib.sha256(body).hexdigest() + suffix
    s3.create_bucket(Bucket=ARTIFACTS)
    s3.put_object(Bucket=ARTIFACTS, Key=key, Body=body)
    return key


def _stack(cloudformation: Any, name: str) -> dict[str, Any] | None:
    try:
        return dict(cloudformation.describe_stacks(StackName=name)["Stacks"][0])
    except ClientError:
        return None


def _reason(cloudformation: Any, name: str) -> str:
    """The first failure among the stack's events."""
    failed = [
        f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', event['ResourceStatus'])}"
        for event in cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        if event["ResourceStatus"].endswith("_FAILED")
    ]
    return _line(failed[-1]) if failed else "no reason given"


def _line(text: str) -> str:
    """One line that fits a terminal."""
    line = " ".join(text.split())
    return line if len(line) <= 300 else line[:299] + "…"
