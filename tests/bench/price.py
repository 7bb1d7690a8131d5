"""What 1,000 reference lives cost at AWS's list prices (us-east-1, free tiers left out), from what a life really used.

    API Gateway REST   3.50 USD per million requests                      aws.amazon.com/api-gateway/pricing
    Lambda, x86        0.20 per million requests, 0.0000166667 per GB-s   aws.amazon.com/lambda/pricing
    Lambda, arm64      0.0000133334 per GB-s                              where the template says arm64
    DynamoDB           0.625 per million WRU, 0.125 per million RRU       aws.amazon.com/dynamodb/pricing/on-demand
    its stream         read by Lambda: free
    Step Functions     25.00 per million transitions                      aws.amazon.com/step-functions/pricing
    SQS FIFO           0.50 per million requests; sent, received, deleted      aws.amazon.com/sqs/pricing
    SES                0.10 per thousand                                  aws.amazon.com/ses/pricing
    S3                 5.00 per million PUT, 0.40 per million GET         aws.amazon.com/s3/pricing
    CloudWatch Logs    0.50 per GB taken in                               aws.amazon.com/cloudwatch/pricing

Every message is priced as an e-mail. What a carrier takes for an SMS is many times all else together, differs by
country and contract, and stands on a line of its own. One photo, of the finished work; a signature is no object of its
own. The owner's browser asks for each static file once, the technician's has them. How long a function runs is its CPU
time here, stretched by the share of a CPU that its memory gives (1,769 MB is a whole one), plus what calls to AWS take.
"""

from __future__ import annotations

import json
from typing import Any

import yaml

from tests.bench.figures import ROOT, figure, keep
from tests.bench.life import lived

MILLION = 1e6
SECONDS = {"dynamodb": 0.006, "stepfunctions": 0.02, "sqs": 0.01, "ses": 0.06, "sns": 0.06, "s3": 0.03}
FULL_CPU_MB = 1769
RUNTIME_SECONDS = 0.0015  # what Lambda's own loop adds to an invocation
LOG_BYTES = {"api": 400, "": 600}  # START, END, REPORT; a function that is no route adds a line of its own
ACCESS_LOG_BYTES = 350
PHOTOS = 1  # of the finished work, which its category demands
SMS_ABROAD = 0.00645  # USD, the cheapest of the United States' rates, by way of comparison


def memory() -> dict[str, int]:
    """MB of each function, by name."""
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    functions = next(iter(config["stages"].values()))["lambda_functions"]
    return {name: one["lambda_memory_size"] for name, one in functions.items()}


def architecture() -> str:
    """x86_64 or arm64, as the packaged template says."""
    from infra.build.package import package

    package(ROOT / "out")
    template = yaml.safe_load((ROOT / "out" / "sam.yaml").read_text())
    said = template["Resources"]["APIHandler"]["Properties"].get("Architectures")
    said = said or template.get("Globals", {}).get("Function", {}).get("Architectures")
    return str((said or ["x86_64"])[0])


def gb_seconds(megabytes: int, cpu: float, calls: list[str]) -> float:
    waits = sum(SECONDS.get(call.partition(".")[0], 0.02) for call in calls)
    runs = cpu * max(1.0, FULL_CPU_MB / megabytes) + waits + RUNTIME_SECONDS
    return runs * megabytes / 1024


def bill() -> dict[str, float]:
    """USD of 1,000 lives, by service."""
    cloud, life = lived()
    sizes = memory()
    chip = architecture()
    gbs, invocations = 0.0, 0
    seen: set[str] = set()
    for work in cloud.meter.steps:
        is_function = work.name in cloud.invoked
        megabytes = sizes[work.name if is_function else "api_handler"]
        usual = [w.cpu_seconds for w in cloud.meter.steps if w.name == work.name]
        cpu = min(usual) if work.name not in seen else work.cpu_seconds  # the first one of each also starts cold
        seen.add(work.name)
        gbs += gb_seconds(megabytes, cpu, work.calls)
        invocations += 1
    requests = len(life.persons)
    static = len(life.statics)
    gbs += static * gb_seconds(sizes["api_handler"], 0.0005, [])
    gbs += PHOTOS * gb_seconds(sizes["photo"], 0.15, ["s3", "s3", "s3", "dynamodb"])
    api = requests + static + PHOTOS + PHOTOS  # to ask where to upload; to be shown
    others = invocations - requests + PHOTOS
    invocations += static + 3 * PHOTOS
    calls: list[str] = [call for work in cloud.meter.steps for call in work.calls]
    messages = len(cloud.mail)
    lambda_gbs = 0.0000133334 if chip == "arm64" else 0.0000166667
    each: dict[str, Any] = {
        "API Gateway": api * 3.5 / MILLION,
        "Lambda requests": invocations * 0.2 / MILLION,
        "Lambda time": gbs * lambda_gbs,
        "DynamoDB writes": sum(w.written for w in cloud.meter.steps) * 0.625 / MILLION,
        "DynamoDB reads": sum(w.read for w in cloud.meter.steps) * 0.125 / MILLION,
        "Step Functions": cloud.timers.transitions * 25 / MILLION,
        "SQS": (sum(c.startswith("sqs.") for c in calls) + 2 * messages) * 0.5 / MILLION,
        "SES": messages * 0.10 / 1000,
        "S3": 2 * PHOTOS * 5 / MILLION + (2 * PHOTOS + 2) * 0.4 / MILLION,
        "logs": (api * (LOG_BYTES["api"] + ACCESS_LOG_BYTES) + others * LOG_BYTES[""]) / 1e9 * 0.5,
    }
    return {name: usd * 1000 for name, usd in each.items()}


def run() -> None:
    each = bill()
    keep("bench-price.json", each)
    told = {name: round(usd, 4) for name, usd in each.items()}
    figure("AWS list price of 1,000 reference lives", sum(each.values()), "USD", "<= 1.30", of=told)
    cloud, _ = lived()
    figure(
        "outside: carrier's fee if every message were an SMS, 1,000 lives (SNS, United States)",
        len(cloud.mail) * SMS_ABROAD * 1000,
        "USD",
    )
