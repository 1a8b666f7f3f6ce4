"""`textmeter send --at` and `textmeter scheduled`: texts that leave later, by a demo clock."""

from __future__ import annotations

from tests.tui.commands.conftest import Textmeter

ANN, BOB = "+16175550101", "+12125550102"
NINE = "2026-04-17T13:00:00+00:00"
"""The day after the account was opened, at nine in New York."""


def schedule(demo: Textmeter, *options: str, body: str = "Rent is due") -> int:
    """The id of a text to two people that is scheduled, by default for the next day at nine."""
    when = options or ("--at", "2026-04-17T09:00")
    done = demo("send", "--to", ANN, BOB, *when, "--json", "--", body)
    assert done.code == 0, done
    id: int = done.json["scheduled"]
    return id


def test_a_text_is_scheduled_and_says_when_it_leaves(demo: Textmeter) -> None:
    done = demo("send", "--to", ANN, BOB, "--at", "tomorrow at nine", "--json", "Rent is due").json
    assert done["leaves"] == {"first": NINE, "last": NINE}
    assert (done["scheduled"], done["credits"], done["messages"]) == (1, 2, [])
    (one,) = demo("scheduled", "list", "--json").json
    assert one == {
        "id": 1,
        "at": NINE,
        "people": 2,
        "credits": 2,
        "purpose": "notice",
        "state": "waiting",
        "asks": None,
        "repeat": "",
        "each_at": "",
        "held": True,
        "blast": done["blast"],
        "text": "Rent is due",
    }
    (blast,) = demo("blasts", "list", "--json").json
    assert (blast["status"], blast["leaves_at"]) == ("scheduled", NINE)
    assert demo("balance", "--json").json["held"] == 2
    assert "Fri, Apr 17, 9:00 AM" in " ".join(demo("scheduled", "list").out.split())


def test_a_text_that_leaves_at_once_is_not_scheduled(demo: Textmeter) -> None:
    done = demo("send", "--to", ANN, "--json", "Hello").json
    assert (done["scheduled"], len(done["messages"])) == (None, 1)
    assert demo("scheduled", "list", "--json").json == []
    assert demo("scheduled", "list").out == "No scheduled texts.\n"


def test_each_gets_it_at_an_hour_of_their_own_day(demo: Textmeter) -> None:
    done = demo("send", "--to", ANN, "+18085550103", "--each-at", "9:30", "--json", "Good morning").json
    assert done["leaves"] == {"first": "2026-04-16T13:30:00+00:00", "last": "2026-04-16T19:30:00+00:00"}
    assert demo("send", "--to", ANN, "--each-at", "soon", "Hi").code == 2


def test_an_estimate_is_of_the_time_at_which_it_leaves(demo: Textmeter) -> None:
    night = demo(
        "estimate", "--to", ANN, "--purpose", "marketing", "--at", "2026-04-17T03:00", "--json", "Hi"
    )
    assert [one["code"] for one in night.json["left_out"]] == ["quiet-hours"]
    later = ("--at", "2026-04-17T03:00", "--later")
    done = demo("estimate", "--to", ANN, "--purpose", "marketing", *later, "--json", "Hi").json
    assert (done["recipients"], done["left_out"]) == (1, [])


def test_a_clock_that_is_moved_plays_what_is_due(demo: Textmeter) -> None:
    schedule(demo)
    assert "1 scheduled text went out." in demo("clock", "advance", "--days", "2").out
    assert demo("clock", "advance", "--days", "1").out.endswith("Nothing was due.\n")
    (blast,) = demo("blasts", "list", "--json").json
    assert (blast["at"], blast["leaves_at"]) == (NINE, None)
    assert [row["status"] for row in demo("blasts", "show", "1", "--json").json] == ["delivered"] * 2


def test_now_plays_what_is_due_too(demo: Textmeter) -> None:
    schedule(demo)
    assert demo("--now", "2026-04-18T09:00", "balance", "--json").json["used"] == 2
    assert demo("scheduled", "list", "--json").json == []


def test_one_that_comes_again_stays_in_the_list(demo: Textmeter) -> None:
    id = schedule(demo, "--at", "2026-04-20T09:00", "--repeat", "monthly-weekday")  # the third Monday
    demo("clock", "advance", "--days", "10")
    (one,) = demo("scheduled", "list", "--json").json
    assert (one["id"], one["at"], one["held"]) == (id, "2026-05-18T13:00:00+00:00", False)


def test_cancelling_gives_back_what_is_held(demo: Textmeter) -> None:
    id = str(schedule(demo))
    assert demo("scheduled", "cancel", id).out == "Cancelled. 2 credits come back.\n"
    assert demo("balance", "--json").json["held"] == 0
    again = demo("scheduled", "cancel", id, "--json")
    assert (again.code, again.json["error"]["code"]) == (4, "has-left")
    other = demo("scheduled", "cancel", "99", "--json")
    assert (other.code, other.json["error"]["code"]) == (2, "no-such-scheduled")


def test_a_text_is_moved_and_to_a_time_that_is_over_sent_at_once(demo: Textmeter) -> None:
    id = str(schedule(demo))
    moved = demo("scheduled", "move", id, "--at", "2026-04-18T10:00", "--json").json
    assert (moved["at"], moved["state"]) == ("2026-04-18T14:00:00+00:00", "waiting")
    assert demo("scheduled", "move", id, "--at", "2026-04-15T10:00").out == "The text is on its way.\n"
    assert demo("scheduled", "list", "--json").json == []
    assert demo("scheduled", "move", id, "--at", "nonsense").code in (2, 4)


def test_moving_asks_before_it_spends_more(demo: Textmeter) -> None:
    assert demo("contacts", "import", "-", stdin=b"name,mobile,groups\nAnn,+16175550101,all\n").code == 0
    id = str(demo("send", "--group", "all", "--at", "2026-04-17T09:00", "--json", "Hi").json["scheduled"])
    assert demo("contacts", "import", "-", stdin=b"name,mobile,groups\nBob,+12125550102,all\n").code == 0
    demo("clock", "advance", "--days", "2")
    (one,) = demo("scheduled", "list", "--json").json
    assert (one["state"], one["asks"]) == ("asks", "more")
    refused = demo("scheduled", "move", id, "--at", "2026-04-20T09:00", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (2, "not-confirmed")
    moved = demo("scheduled", "move", id, "--at", "2026-04-20T09:00", "--yes", "--json").json
    assert (moved["credits"], moved["state"], moved["asks"]) == (2, "waiting", None)


def test_what_cannot_be_paid_is_not_scheduled(demo: Textmeter) -> None:
    demo("charge", "150", "--json")
    done = demo("send", "--to", ANN, BOB, "--at", "2026-04-17T09:00", "--json", "x" * 15_000)
    assert done.code in (3, 4)
    assert demo("scheduled", "list", "--json").json == []


def test_every_first_monday_is_every_first_monday(demo: Textmeter) -> None:
    id = schedule(demo, "--at", "every first Monday 9:00")
    (one,) = demo("scheduled", "list", "--json").json
    assert (one["id"], one["at"], one["repeat"]) == (id, "2026-05-04T13:00:00+00:00", "monthly-weekday")


def test_how_often_is_said_once(demo: Textmeter) -> None:
    at = ("--at", "every Friday 9:00")
    refused = demo("send", "--to", ANN, *at, "--repeat", "monthly", "--json", "Hi")
    assert (refused.code, refused.json["error"]["code"]) == (2, "usage")
    assert demo("scheduled", "list", "--json").json == []
    id = str(schedule(demo, *at, "--repeat", "weekly"))
    moved = demo("scheduled", "move", id, *at, "--json")  # which moves it once
    assert (moved.code, moved.json["error"]["code"]) == (2, "usage")


def test_a_text_in_parts_says_who_gets_it_now_and_when_the_next_do(demo: Textmeter) -> None:
    honolulu = "+18085550103"  # where it is six hours earlier than in Boston
    hour = ("--at", "2026-04-16T13:00", "--purpose", "marketing", "--later")
    demo("--now", "2026-04-16T13:00", "balance")
    parts = demo("send", "--to", ANN, honolulu, *hour, "Sale").out.replace("\u202f", " ")
    assert "Sent to 1 person now: 1 on its way." in parts
    assert "Next send: Thu, Apr 16, 2:00 PM" in parts
    waits = demo("send", "--to", "+18085550104", *hour, "Sale").out.replace("\u202f", " ")
    assert "Goes out Thu, Apr 16, 2:00 PM" in waits
    assert "now:" not in waits
    assert "Next send" not in waits
