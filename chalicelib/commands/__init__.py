"""Where an operator's command works: in the region of the environment or the profile, and nowhere by default.

A region that was guessed would write a group's flats, or a key, where nobody looks for them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from chalicelib.adapters import aws


def by_operator(main: Callable[[Sequence[str]], int]) -> int:
    """Run a command with the arguments it was called with. 2: no region is set."""
    try:
        os.environ["AWS_REGION"] = aws.region()
    except aws.NoRegion as fault:
        print(fault, file=sys.stderr)
        return 2
    return main(sys.argv[1:])
