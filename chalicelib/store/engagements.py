"""What third parties were engaged for, once it was over, by the warranty office that answers for the place.

item    pk              sk                              what
job     JOBS#<office>   <engaged>#<case>#<event>        `line`: the job; written with the change that ends it
"""

from __future__ import annotations

import json
from datetime import datetime

from chalicelib.domain.contractor.engaged import Job
from chalicelib.store.reading import each
from chalicelib.store.table import Put, Row, compact, iso, table

LOOKED_AT = 200  # the last ones: enough to compare, and the same cost always
SHORT = {"p": "price", "b": "basis", "l": "late", "a": "accepted", "f": "refused", "g": "given_up"}


def put(office: str, job: Job, event: int) -> Put:
    """The write that keeps a job; the same again changes nothing."""
    line = {"c": job.case, "w": job.company, "r": job.route, "y": job.by, "t": iso(job.at)}
    line |= {short: value for short, name in SHORT.items() if (value := getattr(job, name))}
    key = {"pk": f"JOBS#{office}", "sk": f"{iso(job.at)}#{job.case.partition('#')[2]}#{event}"}
    return Put({**key, "line": compact(line)})


def of_office(office: str) -> list[Job]:
    """The last jobs of a subsidiary, the newest first. One query."""
    return each(table().query(f"JOBS#{office}", descending=True, limit=LOOKED_AT).rows, _job)


def _job(row: Row) -> Job:
    d = json.loads(row["line"])
    more = {name: d[short] for short, name in SHORT.items() if short in d}
    return Job(d["c"], d["w"], d["r"], d["y"], datetime.fromisoformat(d["t"]), **more)
