"""Every message in every language and form: short enough, complete, and in the reader's words."""

from __future__ import annotations

import pytest

from chalicelib.adapters.policies import policy
from chalicelib.language import wording, words
from chalicelib.language.catalogue import LANGS
from chalicelib.language.texts import TEXTS
from tests.world import World

LONGEST_ADDRESS = "https://baoxiu.example.cn"[:24]
TOKEN = "A" * 22
LINKLESS = {t.template for tellings in policy().tellings.values() for t in tellings if t.link == "none"}
LONGEST = {
    "number": "4839-2175-6",
    "digits": "483921756",
    "by": "12月28日16:30",
    "day": "12月28日 周一",
    "window": "12月28日16:30–18:30",
    "windows": "3月2日 周一 14:00–16:00、3月3日 周二 09:00–11:00",
    "priority": "Emergency",
    "reason": "外部单位(水电燃气)",
    "clock": "Hand to the department",
    "level": "Group hotline",
    "safety": max((c.safety.brief for c in policy().categories.values() if c.safety), key=len),
    "category": "Common areas and surroundings",
    "amount": "1,000,000.00元",
    "place": "三期商业街12栋2单元3201",
    "where": "云栖苑 三期商业街12栋2单元3201",
    "cause": "given to somebody else by the desk",
    "other": "4839-2175-6",
    "promise": "to hear from you whether it is settled",
    "because": "for the technician to answer the time that you asked for",
    "anew": "We press for it, and you hear the new time as soon as it is fixed",
}


def letters(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("template", TEXTS)
@pytest.mark.parametrize("known", [LONGEST, {k: LONGEST[k] for k in ("number", "digits")}], ids=["all facts", "none"])
def test_an_sms_has_one_part_with_signature_number_and_code_and_two_with_a_link(
    template: str, lang: str, known: dict[str, str]
) -> None:
    if template in LINKLESS:
        assert letters(wording.sms(template, known, lang, "保修")) <= 70
        return
    link = f"{LONGEST_ADDRESS}/o/{TOKEN}"
    with_link = wording.sms(template, known, lang, "保修", link=link)
    with_code = wording.sms(template, known, lang, "保修", code="12345678", page=f"{LONGEST_ADDRESS}/c")
    for text in (with_link, with_code, wording.sms(template, known, lang, "保修")):
        assert letters(text) <= (134 if text is with_link else 70), text
        assert text.startswith("【保修】")
        assert "483921756" in text.replace("-", "")
        assert "{" not in text
    assert with_link.endswith(f" {link}")
    assert "123456" in with_code
    assert f"{LONGEST_ADDRESS}/c" in with_code


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("template", TEXTS)
def test_the_number_never_runs_into_the_time(template: str, lang: str) -> None:
    known = LONGEST | {"by": "16:30", "window": "16:30"}
    for page in ("http://a.cn", LONGEST_ADDRESS):
        for text in (
            wording.sms(template, known, lang, "保修", link=f"{page}/o/{TOKEN}"),
            wording.sms(template, known, lang, "保修", code="123456", page=f"{page}/c"),
        ):
            assert "4839217561" not in text
            assert "4839-2175-61" not in text


USUAL = {**LONGEST, "category": "漏水", "place": "3栋 2单元 1001", "where": "云栖苑 3栋 2单元 1001", "by": "16:30"}


@pytest.mark.parametrize(
    ("template", "form", "said"),
    [
        ("assigned", "link", "【保修】3栋 2单元 1001漏水，新工单4839-2175-6，请16:30前接单 "),
        ("assigned", "code", "【保修】漏水483921756，请16:30前接单。验证码12345678，请在 "),
        ("reported", "link", "【保修】您的报事（漏水）已受理，工单4839-2175-6，我们16:30前联系您 "),
        ("reported", "code", "【保修】漏水工单483921756已受理，16:30前联系您。码12345678 "),
        ("breached", "link", "【保修】3栋 2单元 1001漏水，工单4839-2175-6“到场”已逾期，请立即处理 "),
        ("link_again", "link", "【保修】漏水工单4839-2175-6，您的新链接 "),
        ("link_again", "code", "【保修】漏水工单4839-2175-6，凭码查看。验证码12345678，请在 "),
    ],
)
def test_an_sms_says_what_it_is_about_who_does_what_by_when_in_the_words_of_its_form(
    template: str, form: str, said: str
) -> None:
    known = USUAL | {"clock": "到场"}
    ways = {"link": f"{LONGEST_ADDRESS}/t/{TOKEN}"} if form == "link" else {"code": "12345678"}
    assert wording.sms(template, known, "zh_CN", "保修", page=f"{LONGEST_ADDRESS}/c", **ways).startswith(said)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("template", TEXTS)
def test_the_first_words_of_an_sms_name_the_category_or_the_complaint(template: str, lang: str) -> None:
    known = LONGEST | {"category": "漏水", "place": "1001", "where": "云栖苑 1001", "by": "16:30"}
    text = wording.sms(template, known, lang, "保修", link=f"{LONGEST_ADDRESS}/t/{TOKEN}")
    told_otherwise = ("paused", "held", *wording.SAFETY_FIRST)  # held: it speaks of several tickets
    assert any(what in text for what in ("漏水", "投诉", "omplaint")) or template in told_otherwise


def test_an_appointment_in_an_sms_names_its_day_and_end(world: World) -> None:
    told = {"start": "2026-03-02T06:00:00+00:00", "end": "2026-03-02T08:00:00+00:00"}
    ticket = world.report()
    known = wording.facts(ticket, policy(), "window_proposed", told, "zh_CN", world.at, short=True)
    assert known["window"] == "3月2日14:00–16:00"
    assert known["place"] == "1栋 U1"
    assert known["where"] == "P1苑 1栋 U1"


def test_every_template_of_the_policy_has_a_text_and_a_translation() -> None:
    named = {telling.template for tellings in policy().tellings.values() for telling in tellings}
    assert named <= set(TEXTS)
    for template, text in TEXTS.items():
        for variant in text.sms:
            said = wording.catalogue("zh_CN").pgettext("sms", variant)
            assert said != variant, f"{template}: {variant}"
        for paragraph in (text.subject, text.happened, *text.comes):
            assert wording.catalogue("zh_CN").pgettext("mail", paragraph) != paragraph, f"{template}: {paragraph}"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("template", TEXTS)
def test_an_e_mail_says_number_place_what_comes_next_and_the_link(world: World, template: str, lang: str) -> None:
    ticket = world.report()
    told = {"clock": "resolve", "start": "2026-03-02T06:00:00+00:00", "end": "2026-03-02T08:00:00+00:00"}
    told |= {"windows": [[told["start"], told["end"]]], "reason": "parts", "level": 2}  # type: ignore[dict-item]
    known = wording.facts(ticket, policy(), template, told, lang, world.at)
    ladder = [("物业客服", "400-000-0001")]
    letter = wording.mail(template, known, ticket, lang, "保修", name="王\n小明", link="https://x/o/1", ladder=ladder)
    assert ticket.number in letter.subject.replace("-", "")
    assert "\n" not in letter.subject
    for part in (known["number"], ticket.place["label"], "https://x/o/1", "物业客服 400-000-0001", "王 小明"):
        assert part in letter.body
    assert "{" not in letter.subject + letter.body
    assert len(letter.body.splitlines()[2]) > 4


def test_the_reporter_is_told_until_when_somebody_calls(world: World) -> None:
    ticket = world.report()
    known = wording.facts(ticket, policy(), "reported", {}, "zh_CN", world.at)
    assert known["by"] == "3月2日 周一 09:30"
    letter = wording.mail("reported", known, ticket, "zh_CN", "保修")
    assert "我们将在3月2日 周一 09:30 前与您联系。" in letter.body
    assert letter.subject.startswith("【保修】工单 ")


@pytest.mark.parametrize("category", [c.name for c in policy().categories.values() if c.safety])
def test_in_an_emergency_the_sms_says_first_what_to_do(category: str) -> None:
    safety = policy().safety(category)
    known = {"digits": "483921756", "number": "4839-2175-6", "safety": words.safety_word(safety.brief, "zh_CN")}
    for carried in ({"link": f"http://bx.cn/o/{TOKEN}"}, {"code": "12345678", "page": "http://bx.cn/c"}):
        text = wording.sms("reported_emergency", known | {"by": "09:10"}, "zh_CN", "保修", **carried)
        assert text.startswith(f"【保修】{known['safety']}")


def test_in_an_emergency_the_e_mail_gives_every_step(world: World) -> None:
    ticket = world.report("厨房有煤气味")
    known = wording.facts(ticket, policy(), "reported_emergency", {}, "zh_CN", world.at)
    body = wording.mail("reported_emergency", known, ticket, "zh_CN", "保修").body
    steps = [words.safety_word(step, "zh_CN") for step in policy().safety("gas_smell").steps]
    assert [line[3:] for line in body.splitlines() if line[:2].rstrip(".").isdigit()] == steps


def test_an_enquiry_is_promised_an_answer_not_a_visit(world: World) -> None:
    ticket = world.report("几点开门", kind="enquiry")
    assert wording.facts(ticket, policy(), "reported", {}, "en", world.at)["by"] == "Tue 3 Mar 09:00"


def test_a_time_that_is_not_known_any_more_is_left_out(world: World) -> None:
    ticket = world.report()
    world.pump()
    ticket = world.do(ticket, "contact")
    assert "by" not in wording.facts(ticket, policy(), "reported", {}, "zh_CN", world.at, short=True)
    known = wording.facts(ticket, policy(), "reported", {}, "zh_CN", world.at)
    assert "尽快与您联系" in wording.mail("reported", known, ticket, "zh_CN", "保修").body


def test_times_are_those_of_the_place() -> None:
    assert policy().zone == "Asia/Shanghai"


@pytest.mark.parametrize("name", ["中奖 evil.example", "http://evil", "加QQ123456789", "a@evil", "evil。中国"])
def test_nobody_is_greeted_with_an_address(world: World, name: str) -> None:
    ticket = world.report()
    known = {"number": "4839-2175-6", "digits": "483921756"}
    letter = wording.mail("reported", known, ticket, "en", "保修", name=name)
    assert letter.body.startswith("Hello,")
    assert name not in letter.body


@pytest.mark.parametrize("name", ["欧阳明", "Maria Weber-O'Neill", "J. Smith", "阿依古丽·买买提"])
def test_whoever_gives_a_name_is_greeted_by_it(world: World, name: str) -> None:
    known = {"number": "4839-2175-6", "digits": "483921756"}
    assert wording.mail("reported", known, world.report(), "en", "保修", name=name).body.startswith(f"Dear {name},")
