"""The faces of letters for the tests: those that the layer will have, found as the function finds them."""

from __future__ import annotations

import json
import sys

from chalicelib.functions.letter import letter
from infra.build import typeface
from tests.world import World


def use_faces() -> None:
    """From here on, this process can set letters."""
    made = str(typeface.folder())
    if made not in sys.path:
        sys.path.append(made)


def press(world: World) -> None:
    """What the function `letter` does with all that was asked of it."""
    while world.queue.pressed:
        asked = world.queue.pressed.pop(0)
        other = "pack" if "#" in asked else "statement" if "/" in asked else "letter"
        kind = "report" if asked[:4].isdigit() else other
        entry = {"messageId": "m", "body": json.dumps({kind: asked}), "attributes": {"ApproximateReceiveCount": "1"}}
        assert letter({"Records": [entry]}, None) == {"batchItemFailures": []}, asked
