"""The deployed stack on this machine: how soon the technician's message is there, and what the form's page weighs.

The page's bytes are those that API Gateway would send: texts compressed, headers counted. Lighthouse is put into
`.local/lighthouse` by npm when it is not there yet.
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from tests.bench.figures import LOCAL, figure, note

LIGHTHOUSE = "12.8.2"
LIGHTHOUSE_RUNS = 3
CHROMIUM = "/usr/bin/chromium"
REPORTS = 50
WAIT_SECONDS = 20
COMPRESSES_FROM = 1024  # minimum_compression_size in .chalice/config.json
SCORES = ("performance", "accessibility", "best-practices")


def units(stack: Any) -> Iterator[str]:
    """The demo group's units."""
    scan = stack.client("dynamodb").get_paginator("scan").paginate
    for page in scan(
        TableName=stack.outputs["Table"],
        FilterExpression="sk = :place AND begins_with(pk, :place_of)",
        ExpressionAttributeValues={":place": {"S": "PLACE"}, ":place_of": {"S": "PLACE#"}},
    ):
        for item in page["Items"]:
            if json.loads(item["body"]["S"])["k"] == "unit":
                yield item["id"]["S"]


def post(url: str, fields: list[tuple[str, str]]) -> int:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", parts.path, urlencode(fields), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def told(stack: Any) -> dict[str, set[str]]:
    """Phone → the messages that came there."""
    answer = stack.emulator.get("/_ministack/sns/sms-messages")
    return {phone: {m["MessageId"] for m in sent} for phone, sent in answer["sms_messages"].items()}


def latencies(stack: Any, places: list[str]) -> list[float]:
    """Seconds from sending the report until somebody else than the reporter has a message. The first one warms up."""
    from tests.bench.life import report_form

    found: list[float] = []
    for n, place in enumerate(places):
        phone = f"139999{n:05d}"
        before = told(stack)
        start = time.monotonic()
        status = post(stack.url + "/report", report_form(stack.now(), place=place, phone=phone))
        assert status == 303, status
        while True:
            now = told(stack)
            if any(now[p] - before.get(p, set()) for p in now if not p.endswith(phone)):
                found.append(time.monotonic() - start)
                break
            if time.monotonic() - start > WAIT_SECONDS:
                note(f"report {n}: no message within {WAIT_SECONDS} s")
                found.append(float(WAIT_SECONDS))
                break
            time.sleep(0.02)
        if found[-3:] == [WAIT_SECONDS] * 3:
            raise RuntimeError(f"no messages: see {stack.emulator.log}")
        time.sleep(0.3)  # so that the reporter's own message does not count for the next
    return found[1:]


def weight(address: str) -> tuple[int, dict[str, int]]:
    """Bytes on the wire of a page and all it asks for."""
    sizes: dict[str, int] = {}

    def fetch(url: str) -> str:
        with urllib.request.urlopen(url) as answer:
            body = answer.read()
            head = sum(len(k) + len(v) + 4 for k, v in answer.headers.items()) + 17
        packed = gzip.compress(body, 6) if len(body) >= COMPRESSES_FROM else body
        sizes[urlsplit(url).path] = min(len(packed), len(body)) + head
        return str(body.decode("utf-8", "replace"))

    text = fetch(address)
    for tag in re.findall(r"<(?:script|link|img)\b[^>]*>", text):
        found = re.search(r'(?:src|href)="([^"]+)"', tag)
        if found and not found[1].startswith("data:") and 'rel="alternate"' not in tag:
            fetch(urljoin(address, found[1]))
    return sum(sizes.values()), sizes


def lighthouse(address: str) -> dict[str, float]:
    """Scores for a phone, 0 to 100. Raises where npm or Chromium is missing."""
    home = LOCAL / "lighthouse"
    binary = home / "node_modules" / ".bin" / "lighthouse"
    if not binary.exists():
        home.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--prefix", str(home), "--no-audit", "--no-fund", f"lighthouse@{LIGHTHOUSE}"]
        subprocess.run(command, check=True, capture_output=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        flags = "--headless=new --no-sandbox --disable-dev-shm-usage --disable-gpu --lang=zh-CN"
        subprocess.run(
            [str(binary), address, "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={flags}",
             f"--only-categories={','.join(SCORES)}"],
            check=True, capture_output=True, env={**os.environ, "CHROME_PATH": CHROMIUM},
        )  # fmt: skip
        document = json.loads(report.read_text())
    return {name: document["categories"][name]["score"] * 100 for name in SCORES}


def run() -> None:
    from infra.local.run import load
    from infra.local.stack import Stack

    LOCAL.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=LOCAL, prefix="bench-") as folder,
        Stack.start(Path(folder), out=LOCAL / "bench-out") as stack,
    ):
        load(stack)
        places = sorted(units(stack))
        form = f"{stack.url}/report?p={places[-1]}"
        total, each = weight(form)
        figure("form page: bytes on the wire", total / 1000, "kB", "<= 100", of=each)
        if shutil.which("npm") and Path(CHROMIUM).exists():
            runs = [lighthouse(form) for _ in range(LIGHTHOUSE_RUNS)]
            for name in SCORES:
                each_run = sorted(run[name] for run in runs)
                what = f"form page: Lighthouse {LIGHTHOUSE}, mobile, {name}, median of {LIGHTHOUSE_RUNS}"
                figure(what, statistics.median(each_run), "points", ">= 95", runs=each_run)
        else:
            note("Lighthouse left out: npm and Chromium are needed")
        step = max(1, len(places) // (REPORTS + 1))
        took = sorted(latencies(stack, places[::step][: REPORTS + 1]))
        p95 = took[min(len(took) - 1, int(len(took) * 0.95))]
        figure("report to technician's message, p95 of 50", p95, "s", "<= 3", p50=round(took[len(took) // 2], 3))
