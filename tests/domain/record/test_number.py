"""Short numbers against every single wrong digit and every swapped pair."""

import random

from chalicelib.domain.record.number import check_digit, parse_number, short_number, spoken

NUMBERS = [short_number(f"T{i}") for i in range(400)]


def mod_11_10(digits: str) -> int:
    """ISO 7064 MOD 11,10 as the standard words it: the number with its check digit leaves 1."""
    p = 10
    for digit in digits[:-1]:
        s = (p + int(digit)) % 10
        p = ((s or 10) * 2) % 11
    return (p + int(digits[-1])) % 10


def test_a_number_has_eight_digits_and_the_check_digit_of_iso_7064():
    assert all(len(n) == 9 and n.isdigit() and mod_11_10(n) == 1 for n in NUMBERS)
    assert check_digit("0794") == "5"  # the standard's own example


def test_every_single_wrong_digit_is_noticed():
    for number in NUMBERS:
        for i, right in enumerate(number):
            for wrong in set("0123456789") - {right}:
                assert parse_number(number[:i] + wrong + number[i + 1 :]) is None


def test_nearly_every_swap_of_neighbours_is_noticed():
    """The standard promises all single errors and nearly all swaps: some two in a hundred go unnoticed."""
    swapped = missed = 0
    for number in NUMBERS:
        for i in range(len(number) - 1):
            a, b = number[i], number[i + 1]
            if a == b:
                continue
            swapped += 1
            missed += parse_number(number[:i] + b + a + number[i + 2 :]) is not None
    assert missed / swapped < 1 / 40


def test_a_number_is_read_however_it_was_written():
    number = NUMBERS[0]
    for text in (number, spoken(number), f" {number[:3]} {number[3:]} ", f"工单{spoken(number)}"):
        assert parse_number(text) == number


def test_what_is_no_number_is_none():
    assert all(parse_number(text) is None for text in ("", "12345678", NUMBERS[0] + "0", "漏水", "+-"))


def test_another_attempt_is_another_number():
    assert len({short_number("T1", attempt) for attempt in range(50)}) == 50


def test_a_number_typed_at_random_is_refused_nine_times_out_of_ten():
    chance = random.Random(7)
    typed = [f"{chance.randrange(10**9):09d}" for _ in range(2000)]
    assert sum(parse_number(t) is not None for t in typed) < 2000 * 0.13
