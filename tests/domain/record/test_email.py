"""E-mail addresses: one address and nothing more; one box, however it is written."""

from __future__ import annotations

import pytest

from chalicelib.domain.record.email import counted, is_address, kept


@pytest.mark.parametrize("sound", ["a@b.cn", "li.wei+baoxiu@mail.example.com.cn", "o'neill@example.xn--fiqs8s"])
def test_an_address_is_taken(sound: str):
    assert is_address(sound)
    assert kept(sound) == sound


WRONG = ["", "a", "a@b", "@b.cn", "a@b.c", "a@.cn", "a@b@c.cn", "a b@c.cn", "<a@b.cn>", '"a"@b.cn', "周@b.cn"]
WRONG += ["a@b.cn,c@d.cn", "a@b.cn;c@d.cn", "a@b.cn?bcc=c@d.cn", "a@b.cn&cc=c@d.cn", "a@b.cn\n", "a" * 250 + "@b.cn"]


@pytest.mark.parametrize("wrong", [*WRONG, "a@" + "b." * 200])
def test_what_is_more_or_less_than_an_address_is_refused(wrong: str):
    assert not is_address(wrong)


def test_full_width_letters_are_an_address_too():
    assert kept(" Ａ@Example.ＣＮ ") == "A@example.cn"


@pytest.mark.parametrize("same", ["Li.Wei+1@gmail.com", "liwei+x+y@GMAIL.com", "l.i.w.e.i@googlemail.com"])
def test_one_box_is_counted_once(same: str):
    assert counted(same) == "liwei@gmail.com"


def test_dots_make_a_difference_elsewhere():
    assert counted("li.wei@example.cn") != counted("liwei@example.cn")
