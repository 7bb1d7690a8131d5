"""What a report is about, from its words, in Chinese and English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.ticket.ticket import Priority
from chalicelib.domain.ticket.triage import suggest
from tests.domain.happened import POLICY
from tests.domain.ticket.vocabulary import CLEAR, LOOKS

E, U, N = Priority.EMERGENCY, Priority.URGENT, Priority.NORMAL


@pytest.mark.parametrize(
    ("words", "category", "priority"),
    [
        ("卫生间漏水", "water_leak", U),
        ("天花板渗水,滴到客厅", "water_leak", U),
        ("厨房爆管了,水漫出来", "burst_pipe", E),
        ("水管爆了一直喷水", "burst_pipe", E),
        ("楼道里有燃气味", "gas_smell", E),
        ("闻到煤气味,怀疑漏气", "gas_smell", E),
        ("电梯困人了快来", "lift_trapped", E),
        ("我被困电梯里", "lift_trapped", E),
        ("家里停电了", "power_cut", U),
        ("总是跳闸", "power_cut", U),
        ("配电箱冒烟", "fire_smoke", E),
        ("插座有火花", "fire_smoke", E),
        ("电梯门关不上", "lift", U),
        ("马桶堵了", "plumbing", N),
        ("窗户关不严,玻璃裂了", "doors_windows", N),
        ("墙面空鼓开裂", "walls_floors", N),
        ("地暖不热", "heating_cooling", N),
        ("路灯不亮", "public_area", N),
        ("楼上太吵,装修声不停", "neighbours", N),
        ("物业态度很差", "service", N),
        ("有个事情想问一下", "other", N),
        ("Water leak in the bathroom", "water_leak", U),
        ("a pipe burst in the kitchen", "burst_pipe", E),
        ("I smell gas in the hallway", "gas_smell", E),
        ("We are stuck in the lift", "lift_trapped", E),
        ("POWER CUT since noon", "power_cut", U),
        ("smoke from the socket", "fire_smoke", E),
        ("the toilet is blocked", "plumbing", N),
        ("the elevator shakes", "lift", U),
        ("hello", "other", N),
    ],
)
def test_the_words_suggest_category_and_priority(words: str, category: str, priority: Priority):
    suggestion = suggest(words, POLICY)
    assert (suggestion.category, suggestion.priority) == (category, priority)


@pytest.mark.parametrize("words", ["a tapestry fell down", "we are delighted", "refire the stove", "leakage2020x"])
def test_a_latin_term_counts_as_a_word_only(words: str):
    assert suggest(words, POLICY).category == "other"


def test_a_latin_term_counts_beside_chinese():
    assert suggest("厨房tap坏了", POLICY).category == "plumbing"


def test_what_the_reporter_chose_stays_but_the_words_may_raise_it():
    suggestion = suggest("墙后面有燃气味", POLICY, chosen="walls_floors")
    assert (suggestion.category, suggestion.priority) == ("walls_floors", E)
    assert suggest("墙上有裂缝", POLICY, chosen="doors_windows").category == "doors_windows"
    assert suggest("墙上有裂缝", POLICY, chosen="unheard_of").category == "walls_floors"


@pytest.mark.parametrize("words", ["地漏堵了,家里有老人", "tile came off, getting worse"])
def test_circumstances_make_it_urgent(words: str):
    assert suggest(words, POLICY).priority is U


def test_an_injury_makes_anything_an_emergency():
    assert suggest("瓷砖掉下来,有人受伤", POLICY).priority is E


def test_the_terms_that_were_found_are_named():
    assert set(suggest("卫生间漏水,漏到楼下", POLICY).because) >= {"漏水", "漏到楼下"}


def test_nothing_recognised_is_other_with_no_reason():
    assert suggest("", POLICY).because == ()


@pytest.mark.parametrize("words", CLEAR)
def test_no_danger_is_missed(words: str):
    suggestion = suggest(words, POLICY)
    assert suggestion.priority is E or suggestion.ask


def test_nearly_every_danger_raises_without_a_question():
    raised = [words for words in CLEAR if suggest(words, POLICY).priority is E]
    assert len(raised) >= 0.9 * len(CLEAR)


@pytest.mark.parametrize("words", LOOKS)
def test_what_only_looks_dangerous_raises_nothing(words: str):
    assert suggest(words, POLICY).priority is not E


@pytest.mark.parametrize(
    "words", ["窗户漏气", "打火后马上灭", "the fire door does not close", "没有冒烟", "沒有煤氣味", "担心着火"]
)
def test_what_looks_dangerous_is_asked_about_and_the_answer_counts(words: str):
    assert suggest(words, POLICY).ask
    yes, no = suggest(words, POLICY, danger="yes"), suggest(words, POLICY, danger="no")
    assert (yes.priority, yes.ask) == (E, "")
    assert (no.priority is E, no.ask) == (False, "")


def test_what_is_clear_needs_no_answer():
    assert suggest("配电箱冒烟", POLICY, danger="no").priority is E


def test_the_answer_names_the_danger_where_no_category_was_chosen():
    assert suggest("窗户漏气", POLICY, danger="yes").category == "gas_smell"
    assert suggest("窗户漏气", POLICY, danger="no").category == "doors_windows"
    assert suggest("窗户漏气", POLICY, "doors_windows", "yes").category == "doors_windows"


@pytest.mark.parametrize(
    "words", ["煤氣味", "煤 气 味", "煤\u00a0气\u3000味", "ＧＡＳ ＬＥＡＫ", "gas\u2009smell", "Gas\nleak"]
)
def test_width_script_and_spaces_make_no_difference(words: str):
    assert suggest(words, POLICY).category == "gas_smell"


@pytest.mark.parametrize(("words", "priority"), [("不是紧急的事", N), ("not urgent", N), ("紧急", U)])
def test_urgency_may_be_denied_too(words: str, priority: Priority):
    assert suggest(words, POLICY).priority is priority


@given(st.text(max_size=300))
def test_any_text_is_suggested_from(text: str):
    assert suggest(text, POLICY).category in POLICY.categories


@given(st.text(alphabet="没有不火烟气煤着冒漏和、,。 fire smoke no or gas", max_size=400))
def test_no_wording_takes_long(text: str):
    suggest(text, POLICY)
