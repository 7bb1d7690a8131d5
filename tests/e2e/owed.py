"""Two repairs by a third party at a contractor's cost, on the stack of the environment, as far as no page is new:

    python -m tests.e2e.owed     → {"big": its deduction, which gathers; "small": its deduction, whose notice is out; …}

`small` is approved; with it, `big` is above what one person may approve of contractor and third party in 30 days.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

from chalicelib.adapters import time as clock
from chalicelib.domain.record.reference import parts
from infra.seed import debts
from infra.seed.stage import Stage, Story


def main() -> int:
    at = clock.now().replace(microsecond=0)
    big, small = (
        Story(f"journey/{name}", place, "water_leak", about, words, debts.PHONES[place], at)
        for name, place, about, words in (
            ("big", "LW-A-1201", "bathroom", "主卫漏到楼下三层，墙面大片返潮。"),
            ("small", "LW-A-1102", "kitchen", "厨房水槽下一直渗水。"),
        )
    )
    jobs: debts.Jobs = {big.name: ["FS-01", 115_000], small.name: ["FS-02", 30_000]}
    stage, start = Stage(), at + timedelta(hours=1)
    debts.engaged(stage, (big, small), start, jobs)
    debts.repaired(stage, (big, small))
    debts.billed(stage, (small,), jobs)
    debts.approved(stage, small)
    stage.wait_case(big, lambda case: case.job and case.job.accepted_at)
    stage.on_case(big, "invoice", debts.THIRD, invoice=debts.invoice_of(big))
    found = {name: stage.deduction(story) for name, story in (("big", big), ("small", small))}
    told: dict[str, object] = {name: parts(one.id)[1] for name, one in found.items()}
    told |= {"invoice": debts.invoice_of(big), "price": found["big"].price, "fen": found["small"].total}
    json.dump(told, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
