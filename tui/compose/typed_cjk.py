"""Days and hours as Chinese and Japanese write them, without spaces, in the words of `typed_times`. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

_NUMERALS = {numeral: number for number, numeral in enumerate("一二三四五六七八九十", 1)}
_PLACES = ("first", "second", "third", "fourth")
_CHINESE = dict(zip("一二三四五六日", ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), strict=True)) | {
    "天": "sun"
}
_JAPANESE = dict(zip("月火水木金土日", ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), strict=True))
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_NUMBER = "(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_IN_THE_MORNING, _IN_THE_EVENING = "上午|早上|午前", "下午|晚上|午后|午後"
_WEEK = "周|週|星期|礼拜"


def _number(written: str) -> int:
    """A number below a hundred: 12, 十二, 二十."""
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    return (_NUMERALS.get(tens, 1) * 10 if ten else 0) + _NUMERALS.get(ones, 0)


def _hour(found: re.Match[str]) -> str:
    half, hour = found["half"], _number(found["hour"])
    minute = 30 if found["thirty"] else _number(found["minute"] or found["after"] or "0")
    if half and re.fullmatch(_IN_THE_EVENING, half) and hour < 12:
        hour += 12
    return f" {hour}:{minute:02} "


def _month(found: re.Match[str]) -> str:
    month, day = _number(found[1]), _number(found[2])
    return f" {_MONTHS[month - 1]} {day} " if 1 <= month <= 12 else found[0]


def _placed(days: Mapping[str, str], found: re.Match[str]) -> str:
    return f" {_PLACES[_number(found[1]) - 1]} {days[found[2]]} "


_RULES = (
    (re.compile("後天|后天|明後日"), " ubermorgen "),
    (re.compile("今天|今日"), " today "),
    (re.compile("明天|明日"), " tomorrow "),
    (re.compile("每个?月|毎月"), " every "),
    (re.compile(rf"每个?(?={_WEEK})|毎(?=週)"), " every "),
    (re.compile(rf"第([1-4一二三四])个?(?:{_WEEK})([一二三四五六日天])"), partial(_placed, _CHINESE)),
    (re.compile("第([1-4一二三四])([月火水木金土日])曜日?"), partial(_placed, _JAPANESE)),
    (re.compile(rf"(?:{_WEEK})([一二三四五六日天])"), lambda found: f" {_CHINESE[found[1]]} "),
    (re.compile(rf"({_NUMBER})月({_NUMBER})[日号]"), _month),
    (re.compile(rf"({_NUMBER})[日号]"), lambda found: f" the {_number(found[1])}th "),
    (re.compile(r"(?:週の?)?([月火水木金土日])曜日?"), lambda found: f" {_JAPANESE[found[1]]} "),
    (
        re.compile(
            rf"(?P<half>{_IN_THE_MORNING}|{_IN_THE_EVENING})?\s*(?P<hour>{_NUMBER})"
            rf"(?:[点點時时](?:(?P<thirty>半)|(?P<minute>{_NUMBER})分?)?|:(?P<after>\d\d))"
        ),
        _hour,
    ),
)


def spaced(text: str) -> str:
    """What somebody typed, its Chinese or Japanese days and hours in English with spaces around them; all
    else, and what is neither, as it is."""
    if text.isascii():
        return text
    for pattern, means in _RULES:
        text = pattern.sub(means, text)
    return text
