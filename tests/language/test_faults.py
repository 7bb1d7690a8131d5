"""Every fault of a workbook has its sentence, and calls sheet, column and choice as the reader does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.domain.register.cells import BadCell, yes_no
from chalicelib.domain.register.faults import Fault
from chalicelib.language.catalogue import catalogue
from chalicelib.language.faults import SENTENCES, explain_fault

REGISTER = Path(__file__).resolve().parents[2] / "chalicelib" / "domain" / "register"
RAISED = re.compile(r'(?:BadCell\(|\.(?:fault|remark)\([^()"]*(?:"[a-z]*", )?[^()"]*(?:"[a-z_]*", ))"([a-z_]+)"')


def raised() -> set[str]:
    """The reasons that the register names in its code."""
    return {reason for path in REGISTER.glob("*.py") for reason in RAISED.findall(path.read_text(encoding="utf-8"))}


def test_every_reason_that_the_register_gives_has_a_sentence() -> None:
    assert len(raised()) > 30
    assert raised() <= SENTENCES.keys()


@pytest.mark.parametrize("reason", [reason for reason, said in SENTENCES.items() if said != "{why}"])
def test_every_sentence_is_translated_and_names_the_same_facts(reason: str) -> None:
    said = SENTENCES[reason]
    chinese = catalogue("zh_CN").pgettext("workbook", said)
    assert chinese != said
    assert sorted(re.findall(r"{\w+}", chinese)) == sorted(re.findall(r"{\w+}", said))


@pytest.mark.parametrize(
    ("fault", "chinese", "english"),
    [
        (
            Fault("units", 12, "room", "needed"),
            "房产 第 12 行「房号」\uff1a必填",
            "units row 12, room: must be filled in",
        ),
        (Fault("contacts", 0, "", "sheet_needed", {"sheet": "projects"}), "“项目”", "“projects”"),
        (
            Fault("staff", 0, "", "no_desk", {"code": "S1", "team": "desk2"}),
            "地产客服",
            "nobody active on its desk2",
        ),
        (Fault("staff", 3, "duty", "duty_twice", {"day": 0}), "周一排了两个班", "day Mon has two shifts"),
        (Fault("staff", 3, "team", "team_elsewhere", {"team": "desk", "wanted": "project"}), "项目", "a project"),
        (Fault("staff", 3, "team", "unknown_team", {"choices": ("desk", "lift")}), "物业客服、lift", "desk, lift"),
    ],
)
def test_a_fault_calls_everything_as_its_reader_does(fault: Fault, chinese: str, english: str) -> None:
    assert chinese in explain_fault(fault, "zh_CN")
    assert english in explain_fault(fault, "en")


def test_the_choices_of_a_cell_are_called_as_the_reader_does() -> None:
    with pytest.raises(BadCell) as bad:
        yes_no("perhaps")
    fault = Fault("staff", 2, "active", bad.value.reason, bad.value.details)
    assert explain_fault(fault, "zh_CN").endswith("是、否")
    assert explain_fault(fault, "en").endswith("yes, no")
