"""A year of the demo group's tickets, as they were told: from one seed, the same whenever it is made.

what shows                 where
rain: leaks                June to September, most in the towers of 2019; frost: burst pipes in December, January
heating, cooling           mid November to February; July and August
few at night, slowly       LW has one person for everything at night
two bad contractors        C-MO's workers come late, C-HD's have to come again; both leave stars low
one team that games        FL's engineers: "contacted" at once, priorities lowered, made to wait, merged, no photos,
                           unlooked at, and the stars of many flats from one device of theirs
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.adapters.ids import ulid
from chalicelib.domain.measures.facts import SCORES
from chalicelib.domain.record.number import short_number
from chalicelib.domain.record.roles import Role
from chalicelib.domain.register.stages import stage_on
from chalicelib.domain.ticket.ticket import Event
from infra.seed.demo import BUILDINGS, HANDED_LATE, NAMED, PROJECTS, demo

SEED = 20260302
POLICY_OF_THE_YEAR = "2026-03-01"
ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2025, 3, 1), date(2026, 2, 28)
ENDS = datetime(2026, 3, 1, tzinfo=ZONE)
A_DAY = 4.4  # tickets of a project, on average
GAMES = "FL/engineering"
THEIR_DEVICE = "s3f09c1e"
CONTRACTORS = {"C-MO": ("YS", "water_leak"), "C-HD": ("LW", "doors_windows")}
AT_FAULT = {
    "C-MO": ("YS-FS", "waterproof_layer"),
    "C-HD": ("LW-ZB", "badly_fitted"),
}  # contract, and what its work lacked
HANDED = {building[0]: building[7] for building in BUILDINGS}
TRADES = {"water_leak": "building", "doors_windows": "building", "walls_floors": "building"}
# category → its share of a day, and by how much it is more in some months, in percent
USUAL: Mapping[str, tuple[int, Mapping[int, int]]] = {
    "water_leak": (14, {6: 190, 7: 280, 8: 260, 9: 170, 3: 70, 12: 60, 1: 50, 2: 50}),
    "plumbing": (22, {}),
    "electrical": (14, {7: 150, 8: 150}),
    "doors_windows": (11, {3: 130, 4: 130}),
    "walls_floors": (8, {4: 140, 5: 140}),
    "heating_cooling": (9, {11: 260, 12: 320, 1: 340, 2: 240, 7: 190, 8: 170}),
    "lift": (5, {}),
    "public_area": (8, {5: 120}),
    "power_cut": (3, {7: 180, 8: 200}),
    "burst_pipe": (2, {12: 300, 1: 350}),
    "lift_trapped": (1, {}),
    "gas_smell": (1, {12: 150, 1: 150}),
    "service": (2, {}),
}
EMERGENCIES = frozenset({"burst_pipe", "lift_trapped", "gas_smell"})
COMPONENTS = {
    "water_leak": ("bathroom", "kitchen", "balcony", "outer_wall", "roof"),
    "plumbing": ("tap", "toilet", "floor_drain", "drain_pipe"),
    "electrical": ("socket", "switch", "light"),
    "doors_windows": ("entrance_door", "window", "lock"),
    "walls_floors": ("wall", "ceiling", "tile"),
    "heating_cooling": ("floor_heating", "radiator", "air_conditioner"),
    "lift": ("door", "cabin"),
    "public_area": ("lobby", "corridor", "garage"),
    "power_cut": ("distribution_box",),
    "burst_pipe": ("supply_pipe", "heating_pipe"),
    "lift_trapped": ("cabin",),
    "gas_smell": ("pipe", "cooker"),
}
HOURS = (1, 1, 1, 1, 1, 2, 6, 14, 22, 24, 20, 16, 12, 12, 14, 16, 18, 22, 26, 24, 16, 10, 5, 2)  # of reports
WORDS = {
    "water_leak": ("下雨就渗水，墙皮起泡。", "天花板滴水，已经用盆接着。", "墙角一片水印，越来越大。"),
    "heating_cooling": ("暖气一点不热，家里有老人。", "空调不制冷，挂机滴水。", "地暖分集水器漏水。"),
    "": ("坏了，请尽快派人看看。", "用不了了，麻烦上门。", "上次修过又坏了。", "这几天一直有问题。"),
}
OPINIONS = {
    True: ("师傅很准时，干完活把地也擦干净了。", "修得快，态度好。", "打电话说得很清楚，满意。"),
    False: ("约好的时间没人来，白等一上午。", "修完两天又坏了。", "来了三趟才弄好，地上全是灰没人收拾。"),
}


@dataclass(frozen=True, slots=True)
class Made:
    """A ticket's life."""

    id: str
    events: tuple[Event, ...]
    project: str


@dataclass
class Telling:
    """One life while it is told: `at` is where it has come to."""

    ticket: str
    at: datetime
    random: Random
    before: str = ""  # the ticket that was told of before this one
    events: list[Event] = field(default_factory=list)

    def then(self, kind: str, after: float, by: str, role: Role, words: str = "", /, **data: Any) -> None:
        """The next thing that happened, so many minutes later."""
        self.at = (self.at + timedelta(minutes=after)).replace(microsecond=0)
        said = {"words": words} if words else {}
        self.events.append(Event(kind, self.at, by, role, data, said, policy=POLICY_OF_THE_YEAR))

    def chance(self, percent: float) -> bool:
        return self.random.random() * 100 < percent

    def some(self, usual: float) -> float:
        """Minutes about as many as usual: half to three times."""
        return usual * min(max(self.random.lognormvariate(0, 0.5), 0.4), 4)


def lives(seed: int = SEED) -> Iterator[Made]:
    """Every ticket that was reported and has ended in the year, by the day of its report."""
    random = Random(seed)
    homes, crews = _homes(), _crews()
    last: dict[tuple[str, str], str] = {}
    day = FIRST
    while day <= LAST:
        for project, _, subsidiary in PROJECTS:
            weights = {c: share * more.get(day.month, 100) for c, (share, more) in USUAL.items()}
            busy = A_DAY * sum(weights.values()) / sum(share * 100 for share, _ in USUAL.values())
            for _ in range(int(busy) + (random.random() < busy % 1)):
                category = random.choices(list(weights), list(weights.values()))[0]
                hour = random.choices(range(24), HOURS)[0]
                minute, second = random.randrange(60), random.randrange(60)
                at = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=ZONE)
                made = _life(random, at.astimezone(UTC), project, subsidiary, category, homes[project], crews, last)
                if made.events[-1].at < ENDS:
                    yield made
        day += timedelta(days=1)


def _life(
    random: Random,
    at: datetime,
    project: str,
    subsidiary: str,
    category: str,
    homes: Sequence[Mapping[str, str]],
    crews: Mapping[str, Sequence[str]],
    last: dict[tuple[str, str], str],
) -> Made:
    number = len(last) + random.randrange(1 << 30)
    ticket = ulid(at, sha256(f"{SEED}/{at}/{project}/{number}".encode()).digest()[:10])
    told = Telling(ticket, at, random, next(reversed(last.values()), ""))
    place = _place(random, project, subsidiary, category, homes)
    component = random.choice(COMPONENTS[category]) if category in COMPONENTS else ""
    kind = "complaint" if category == "service" else "emergency" if category in EMERGENCIES else "repair"
    priority = "emergency" if kind == "emergency" else "urgent" if told.chance(12) else "normal"
    fault = (place.get("unit", place["building"]), component)
    facts = {
        "number": short_number(ticket),
        "kind": kind,
        "priority": priority,
        "category": category,
        "component": component,
        "place": place,
        "desk": f"{project}/desk",
        "verified": told.chance(92),
    }
    if flat := place.get("unit"):
        facts["stage"] = stage_on(HANDED_LATE.get(flat, HANDED[place["building"]]), at.astimezone(ZONE).date())
    if fault in last and told.chance(15):
        facts["repeats"] = last[fault]
    words = told.random.choice(WORDS.get(category, WORDS[""]))
    told.then("reported", 0, "reporter", Role.OWNER, words, **facts)
    desk = crews[f"{project}/desk"][at.astimezone(ZONE).day % 2]
    if kind == "complaint":
        _complaint(told, desk)
    else:
        _repair(told, project, category, desk, crews)
        last[fault] = ticket
    return Made(ticket, tuple(told.events), project)


def _complaint(told: Telling, desk: str) -> None:
    told.then("contacted", told.some(25), desk, Role.DESK, how="phone")
    told.then("answered", told.some(420 if told.chance(90) else 2000), desk, Role.DESK)
    told.then("result_written", told.some(60), desk, Role.DESK)
    if told.chance(50):
        _stars(told, 3.8)
    told.then("closed", told.some(600), "reporter", Role.OWNER, how="satisfied")


def _repair(told: Telling, project: str, category: str, desk: str, crews: Mapping[str, Sequence[str]]) -> None:
    team = f"{project}/{TRADES.get(category, 'engineering')}"
    for company, theirs in CONTRACTORS.items():
        if theirs == (project, category) and told.chance(45):
            team = f"{company}/workers"
    games = team == GAMES
    bad = team.partition("/")[0] in CONTRACTORS
    person = told.random.choice(crews[team])
    role = Role.WORKER if bad else Role.TECHNICIAN
    night = not 7 <= told.at.astimezone(ZONE).hour < 21
    slow = (2.5 if night and project == "LW" else 1.0) * (1.8 if team == "C-MO/workers" else 1.0)
    urgent = told.events[0].data["priority"] != "normal"
    told.then("assigned", told.some(1.5), "system", Role.SYSTEM, team=team, person=person)
    if games and told.chance(85):
        told.then("contacted", 0.2 + told.random.random() * 0.7, person, role, how="phone")
        told.then("acknowledged", told.some(4), person, role)
    else:
        told.then("acknowledged", max(told.some(6 * slow), 1), person, role)
        told.then("contacted", max(told.some(9 * slow), 1.1), person, role, how="phone")
    if told.chance(4):
        told.then("cancelled", told.some(30), "reporter", Role.OWNER)
        return
    if told.before and told.chance(11 if games else 2):
        told.then("merged", told.some(40), desk, Role.DESK, into=told.before)
        return
    if urgent and told.chance(60 if games else 3):
        by, its = (person, role) if games else (desk, Role.DESK)
        told.then("priority_changed", told.some(5), by, its, priority="normal")
    if not urgent and night:
        _until_morning(told)
    _work(told, person, role, games, bad, slow, team.partition("/")[0])
    if told.chance(26 if team == "C-HD/workers" else 12 if bad else 4):
        told.then("reworked", told.some(900), "reporter", Role.OWNER, cause="refused")
        _until_morning(told)
        _work(told, person, role, games, bad, slow)
    _end(told, desk, games, bad)


def _until_morning(told: Telling) -> None:
    here = told.at.astimezone(ZONE)
    opens = here.replace(hour=8, minute=0, second=0) + timedelta(days=here.hour >= 20)
    told.at = max(told.at, opens.astimezone(UTC))


def _work(told: Telling, person: str, role: Role, games: bool, bad: bool, slow: float, company: str = "") -> None:
    emergency = told.events[0].data["kind"] == "emergency"
    told.then("arrived", told.some((22 if emergency else 95) * slow), person, role)
    if company in AT_FAULT:
        (contract, cause), its = AT_FAULT[company], told.events[0].data
        about = f"{its['category']}/{its['component']}"
        whole = [["contractor", 100, contract]]
        told.then("found", 6, person, role, cause=cause, shares=whole, photos=1, component=about)
    if told.chance(45 if games else 9):
        reason = "owner_absent" if games and told.chance(60) else "parts"
        until = told.at + timedelta(days=3)
        told.then("paused", told.some(12), person, role, reason=reason, until=until.isoformat())
        told.then("resumed", told.some(60 * (40 if games else 30)), person, role)
        _until_morning(told)
    photos = 0 if told.chance(48 if games else 6) else told.random.randint(1, 3)
    late = 60 * 50 if bad and told.chance(22) else 0
    told.then("completed", told.some(55 * slow) + late, person, role, photos=photos)


def _end(told: Telling, desk: str, games: bool, bad: bool) -> None:
    if told.chance(3 if games else 18):
        told.then("checked", told.some(300), desk, Role.DESK)
    else:
        told.then("signed_off", told.some(240), "reporter", Role.OWNER)
    followed = told.some(300 if told.chance(92) else 1700)
    if games and told.chance(60):
        _stars(told, 5.0, THEIR_DEVICE)
    elif told.chance(18 if games else 55):
        _stars(told, 2.9 if bad else 4.45)
    told.then("followed_up", followed, desk, Role.DESK, fixed=True)
    told.then("closed", 0, desk, Role.DESK, how="followed_up")


def _stars(told: Telling, usual: float, device: str = "") -> None:
    stars = {name: min(max(round(told.random.gauss(usual, 0.75)), 1), 5) for name in SCORES}
    stars = dict.fromkeys(SCORES, 5) if device else stars
    mark = device or sha256(told.ticket.encode()).hexdigest()[:7]
    words = told.random.choice(OPINIONS[stars["overall"] > 3]) if not device and told.chance(40) else ""
    told.then("rated", told.some(90), "reporter", Role.OWNER, words, scores=stars, device=mark)


def _place(
    random: Random, project: str, subsidiary: str, category: str, homes: Sequence[Mapping[str, str]]
) -> Mapping[str, str]:
    """A flat; the oldest buildings of 云杉苑 leak most. What all share is in a building."""
    old = [home for home in homes if home["building"] in ("YS-1", "YS-2")]
    home = random.choice(old if old and category == "water_leak" and random.random() < 0.5 else homes)
    above = {"subsidiary": subsidiary, "project": project}
    if category in ("public_area", "lift", "lift_trapped"):
        return above | {"building": home["building"], "label": home["building"]}
    return above | dict(home)


def _homes() -> Mapping[str, Sequence[Mapping[str, str]]]:
    """By project, the flats that were handed over, as tickets keep a place."""
    projects = {building[0]: building[2] for building in BUILDINGS if building[7]}
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in demo()["units"]:
        building, entrance = str(row["building"]), str(row["entrance"] or "")
        code = "-".join(part for part in (building, entrance, str(row["room"])) if part)
        if building in projects and code not in NAMED:
            home = {"building": building, "unit": code, "label": code}
            home |= {"entrance": f"{building}-{entrance}"} if entrance else {}
            found.setdefault(projects[building], []).append(home)
    return found


def _crews() -> Mapping[str, Sequence[str]]:
    """By team, who is in it."""
    names = {"物业客服": "desk", "工程班": "engineering", "房修班": "building"}
    found: dict[str, list[str]] = {f"{company}/workers": [f"{company}.W1"] for company in CONTRACTORS}
    for row in demo()["staff"]:
        if name := names.get(str(row["team"])):
            found.setdefault(f"{row['place']}/{name}", []).append(str(row["code"]))
    return found
