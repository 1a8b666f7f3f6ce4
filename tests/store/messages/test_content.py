"""What filters hold against a text, with its near misses; none of it stops a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import Store
from store.messages import content
from store.messages.model import Draft, Problem
from store.texts import merge
from store.texts.alphabet import normalise


def advice(body: str, people: int = 1, names: tuple[str, ...] = ()) -> list[Problem]:
    return list(content.advice(normalise(body), merge.parse(body), people, names))


def codes(body: str) -> list[str]:
    return [problem.code for problem in advice(body)]


@pytest.mark.parametrize(
    "body",
    [
        "See bit.ly/2xYz",
        "bit.ly",
        "https://bit.ly/2xYz.",
        "HTTP://BIT.LY/A",
        "(tinyurl.com/a)",
        "More: http://www.tinyurl.com/a?b=c",
        "elm.rebrand.ly/house",
        "Hi {first_name|there}: cutt.ly/{company|x}",
        "t.ly:443/a",
    ],
)
def test_a_link_by_a_shortener_is_told(body: str) -> None:
    assert codes(body) == ["link-shortener"]


@pytest.mark.parametrize(
    "body",
    [
        "Write to me@bit.ly",
        "Write to bit.ly@example.com",
        "Write to zoe+bit.ly@example.com",
        "https://elm-realty.com/bit.ly",
        "https://bit.ly.example.com/a",
        "habit.ly is nothing",
        "orbit.ly/a",
        "tinyurl.community/a",
        "He bit.Lyon ran",
        "It costs 1.5 or 2.25/month",
        "Come at 9 a.m./p.m. or so",
    ],
)
def test_what_only_looks_like_a_shortener_isnt_told(body: str) -> None:
    assert codes(body) == []


def test_a_shortener_is_named_once_and_its_links_are_counted() -> None:
    first, second = advice("bit.ly/a and bit.ly/b")
    assert "Carriers block bit.ly links" in str(first.says)
    assert (second.code, "2 links in one text" in str(second.says)) == ("several-links", True)


@pytest.mark.parametrize(
    ("body", "several"),
    [
        ("https://a.com/1 https://b.com/2", True),
        ("elm.com or www.oak.org", True),
        ("elm.com/a, elm.com/a", True),
        ("https://elm.com/a and zoe@oak.com", False),
        ("Sunday.Bring a friend.See https://elm.com", False),
        ("https://elm.com/see?next=https://oak.com", False),
        ("No link.Really.None", False),
    ],
)
def test_several_links_are_told(body: str, several: bool) -> None:
    assert ("several-links" in codes(body)) is several


@pytest.mark.parametrize(
    ("body", "shouted"),
    [
        ("OPEN HOUSE THIS SUNDAY AT NOON", True),
        ("LAST CHANCE!!! CALL {first_name|your agent} NOW OR NEVER", True),
        ("ÚLTIMA OPORTUNIDAD: LLAMA HOY MISMO", True),
        ("ПОСЛЕДНИЙ ШАНС ЗВОНИТЕ СЕЙЧАС", True),
        ("Did you see us in USA TODAY this morning?", False),
        ("RSVP ASAP", False),
        ("YES", False),
        ("HOA AGM AT NOON", False),
        ("Unit 12A, 4B and 7C: HOA meeting at 7 PM in the clubhouse", False),
        ("Look at HTTPS://ELMREALTY.COM/LISTINGS/FOURTEEN please, all of you", False),
        ("こんにちは、明日の会議は七時です", False),
        ("{first_name|SOMEBODY} come and see the house with us", False),
    ],
)
def test_all_capitals_are_told(body: str, shouted: bool) -> None:
    assert (codes(body) == ["capitals"]) is shouted


@pytest.mark.parametrize(
    ("body", "people", "names", "told"),
    [
        ("The open house is on.", 2, ("Elm Realty", "Zoë"), True),
        ("Zoe here: the open house is on.", 2, ("Elm Realty", "Zoë"), False),
        ("ELM REALTY: it is on.", 2, ("Elm Realty", "Zoë"), False),
        ("The open house is on.", 1, ("Elm Realty", "Zoë"), False),
        ("The open house is on.", 2, (), False),
    ],
)
def test_who_writes_is_asked_of_a_text_to_several_people_where_a_name_is_known(
    body: str, people: int, names: tuple[str, ...], told: bool
) -> None:
    found = advice(body, people, names)
    assert [problem.code for problem in found] == (["no-identification"] if told else [])
    assert not told or "starts with Elm Realty" in str(found[0].says)


@pytest.mark.parametrize(
    ("body", "unseen"),
    [
        ("Free\u200b money", ["U+200B"]),
        ("\ufeffHi", ["U+FEFF"]),
        ("s\xadt\xado\xadp", ["U+00AD"] * 3),
        ("a\u200db", ["U+200D"]),
        ("👩\u200d", ["U+200D"]),
        ("\u202eevil", ["U+202E"]),
        ("Hi\U000e0041\U000e0042", ["U+E0041", "U+E0042"]),
        ("\u3164", ["U+3164"]),
        ("👩\u200d👩\u200d👧 and 👩🏽\u200d🚒 and ❤️\u200d🔥", []),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", []),
        ("☀️ at 2", []),
        ("می\u200cخواهم", []),
        ("क्\u200dष", []),
        ("\u200fשלום", []),
        ("Caffè, 2\u00a0pm — “yes”", []),
        ("plain", []),
    ],
)
def test_what_cant_be_seen_is_told_unless_it_shapes_what_is(body: str, unseen: list[str]) -> None:
    found = advice(body)
    assert [problem.code for problem in found] == (["unseen-characters"] if unseen else [])
    if found:
        assert found[0].says.values["count"] == len(unseen)
        assert found[0].says.values["codes"] == ", ".join(dict.fromkeys(unseen))


def test_nothing_of_it_stops_a_text() -> None:
    found = advice("CLICK BIT.LY/A AND BIT.LY/B NOW OR NEVER MY FRIENDS\u200b", 9, ("Zoë",))
    assert [problem.code for problem in found] == [
        "link-shortener",
        "several-links",
        "capitals",
        "no-identification",
        "unseen-characters",
    ]
    assert not any(problem.blocking for problem in found)


def test_each_shortener_says_where_it_was_found() -> None:
    import csv

    with content._SHORTENERS.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) > 10
    assert all(line["source"].startswith("https://") for line in lines)
    assert [line["domain"] for line in lines] == sorted({line["domain"].lower() for line in lines})


def test_shorteners_of_ones_own_are_told_beside_those_that_ship() -> None:
    def told(body: str, shorteners: set[str]) -> list[str]:
        return [problem.code for problem in content.advice(body, merge.parse(body), 1, (), shorteners)]

    assert told("See go.elm.com/a", {"elm.com"}) == ["link-shortener"]
    assert told("See go.elm.com/a", set()) == []
    assert told("See bit.ly", {"q.cc"}) == ["link-shortener"]
    assert told("Come to q.cc", {"q.cc"}) == ["link-shortener"]
    assert told("Come to q.cc", set()) == []


def test_an_estimate_knows_the_shorteners_of_the_users_catalog(tmp_path: Path) -> None:
    (tmp_path / "link-shorteners.csv").write_text("domain\nq.cc\n", encoding="utf-8")
    store = Store(str(tmp_path / "textmeter.sqlite3"), catalog=tmp_path)
    account = store.credits.open_account("agent-texts", "300", "America/New_York")
    found = store.messages.estimate(account.id, Draft(body="See q.cc/a", to=("+14155550123",)))
    assert "link-shortener" in [problem.code for problem in found.problems]
    store.close()
