"""Both tables for the contract tests; the deployed one on moto, made from the template's own definition."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")

TEMPLATE = Path(__file__).parents[2] / "infra" / "resources.yaml"
CREATED_WITH = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


class _Template(yaml.SafeLoader):
    """Reads the short forms of intrinsic functions as what stands behind them."""


_Template.add_multi_constructor("!", lambda loader, tag, node: {tag: getattr(node, "value", None)})


def definition() -> dict[str, Any]:
    """How the template makes the table, as CreateTable takes it."""
    template = yaml.load(TEMPLATE.read_text(encoding="utf-8"), _Template)
    table: dict[str, Any] = template["Resources"]["Table"]["Properties"]
    return {k: table[k] for k in CREATED_WITH}


@contextmanager
def deployed() -> Iterator[Any]:
    """A DynamoTable whose table stands on moto."""
    import botocore.session
    from moto import mock_aws

    from chalicelib.store.dynamo import REGION, DynamoTable, Item

    with mock_aws():
        client = botocore.session.get_session().create_client("dynamodb", region_name=REGION)
        client.create_table(TableName=Item.Meta.table_name, **definition())
        Item._connection = None
        yield DynamoTable()
        Item._connection = None
