"""Metrics that ring: counted through the log (embedded metric format), no call out. Never with anything personal."""

from __future__ import annotations

NAMESPACE = "baoxiu"


def ring(name: str, count: int = 1) -> None:
    """Count `name`; the alarms in `infra/resources.yaml` watch it.

    Powertools is imported by the first ring: nearly every cold start goes without one.
    """
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    with single_metric(name=name, unit=MetricUnit.Count, value=count, namespace=NAMESPACE):
        pass
