"""Every place of a project has one sign, that leads to its form under the name it has now."""

from __future__ import annotations

from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.domain.register.signs import mark_of
from chalicelib.services.loading import signs
from chalicelib.store import places
from chalicelib.store.places import Place
from tests.demo import corner, load
from tests.world import World


@pytest.fixture
def project(world: World) -> Place:
    assert load(corner()).faults == []
    found = places.get("YS")
    assert found is not None
    return found


def test_every_place_of_a_project_has_one_sign(project: Place) -> None:
    found = [
        sign
        for part in signs.parts("YS")
        for what in ("common", "flats")
        for sign in signs.signs(project, part.id, what, "zh_CN")
    ]
    kinds = Counter(place.kind for sign in found if (place := places.get(sign.place)))
    assert kinds == {"unit": 18, "building": 3, "entrance": 6, "area": 5, "asset": 7}
    assert max(Counter(sign.place for sign in found).values()) == 1


def test_a_sign_knows_what_the_place_is_called_without_reading_it(project: Place) -> None:
    for what in ("common", "flats"):
        for sign in signs.signs(project, "YS-3", what, "zh_CN"):
            place = places.get(sign.place)
            asked = parse_qs(urlsplit(sign.leads).query)
            assert place is not None
            assert asked == {"p": [place.id], "v": [mark_of(place.label)]}
            assert f"云杉苑 {sign.name}" == place.label
            assert (sign.project, sign.desk, sign.phone) == ("云杉苑", "云杉苑物业客服中心", "000-0000-1001")


def test_a_building_of_another_project_gives_none(project: Place) -> None:
    assert signs.signs(project, "FL-1", "flats", "zh_CN") == []
    assert signs.signs(project, "YS-3-2-1001", "flats", "zh_CN") == []
