"""Metrics that ring: counted through the log (embedded metric format), no call out. Never with anything personal."""

from __future__ import annotations

import json
import sys
import time

NAMESPACE = "baoxiu"


def ring(name: str, count: int = 1) -> None:
    """Count `name`; the alarms in `infra/resources.yaml` watch it."""
    told = {"Namespace": NAMESPACE, "Dimensions": [[]], "Metrics": [{"Name": name, "Unit": "Count"}]}
    line = {"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [told]}, name: count}
    print(json.dumps(line), file=sys.stdout, flush=True)
