"""The faces of letters for the tests: those that the layer will have, found as the function finds them."""

from __future__ import annotations

import sys

from infra.build import typeface


def use_faces() -> None:
    """From here on, this process can set letters."""
    made = str(typeface.folder())
    if made not in sys.path:
        sys.path.append(made)
