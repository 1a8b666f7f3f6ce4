"""Mailchimp, by its own library against a stand-in that has states: what is sent is sent by one call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from store.errors import WrongUsage
from store.mail import Accepted, NoAnswer, NotSent
from store.mail.mailchimp import Letter, Mailchimp, Member, ServiceTrouble, State, Told, key_of, tagged
from store.texts import merge
from tests.store.mail.mailchimp_standin import AUDIENCE, KEY, MailchimpStandin
from tests.store.messages.providers.loopback import DROPPED, LOST, Answer, running, said

LETTER = Letter(
    key="textmeter-1a2b3c4d-7",
    subject="Hello *|FNAME|*",
    text="Hello",
    html="<p>Hello</p>",
    members=(Member("bo@example.com", "Bo", "Moss"), Member("cy@example.com")),
)


@pytest.fixture
def server() -> Iterator[MailchimpStandin]:
    server = MailchimpStandin()
    with running(server):
        yield server


@pytest.fixture
def mailchimp(server: MailchimpStandin) -> Mailchimp:
    return Mailchimp(KEY, AUDIENCE, server.url)


def test_a_campaign_is_made_checked_and_sent_to_those_who_were_chosen_and_nobody_else(
    server: MailchimpStandin, mailchimp: Mailchimp
) -> None:
    server.members["stranger@example.com"] = {"status": "subscribed"}
    id = mailchimp.make(LETTER)
    assert mailchimp.problems(id) == []
    assert mailchimp.state(id) is State.UNSENT
    assert mailchimp.send(id) == Accepted()
    assert mailchimp.state(id) is State.SENT
    assert server.sent_to(id) == ["bo@example.com", "cy@example.com"]
    campaign = server.campaigns[id]
    assert campaign["settings"] == {
        "title": "textmeter-1a2b3c4d-7",
        "subject_line": "Hello *|FNAME|*",
        "from_name": "Ann Agent",
        "reply_to": "ann@example.com",
    }
    assert campaign["content"] == {"plain_text": "Hello", "html": "<p>Hello</p>"}
    assert server.members["bo@example.com"] == {"status": "subscribed", "FNAME": "Bo", "LNAME": "Moss"}


def test_who_unsubscribed_there_is_not_subscribed_anew(
    server: MailchimpStandin, mailchimp: Mailchimp
) -> None:
    server.members["bo@example.com"] = {"status": "unsubscribed"}
    id = mailchimp.make(LETTER)
    mailchimp.send(id)
    assert server.sent_to(id) == ["cy@example.com"]
    assert list(mailchimp.outcomes(id)) == [Told("cy@example.com", "sent")]


def test_more_people_than_one_call_takes_go_in_several(
    server: MailchimpStandin, mailchimp: Mailchimp
) -> None:
    people = tuple(Member(f"p{number}@example.com") for number in range(1_201))
    id = mailchimp.make(replace(LETTER, members=people))
    assert server.sent_to(id) == [one.address for one in people]
    assert server.count("POST", f"/lists/{AUDIENCE}/segments/1") == 3
    mailchimp.send(id)
    assert len(list(mailchimp.outcomes(id))) == 1_201


@pytest.mark.parametrize(
    "fault", [LOST, said({"status": 500}, 500), Answer(502, b"<html>", {"Content-Type": "text/html"})]
)
def test_after_a_lost_answer_nothing_is_sent_again_and_the_campaign_says_what_became_of_it(
    server: MailchimpStandin, mailchimp: Mailchimp, fault: Any
) -> None:
    id = mailchimp.make(LETTER)
    server.fault = fault
    assert mailchimp.send(id) == NoAnswer()
    assert server.count("POST", "/actions/send") == 1
    went = fault == LOST
    assert mailchimp.state(id) is (State.SENT if went else State.UNSENT)
    assert server.campaigns[id]["times_sent"] == int(went)


def test_a_campaign_whose_making_got_no_answer_is_made_anew_for_those_who_get_it_now(
    server: MailchimpStandin, mailchimp: Mailchimp
) -> None:
    mailchimp.make(LETTER)
    again = mailchimp.make(replace(LETTER, text="Hello again", members=LETTER.members[:1]))
    assert list(server.campaigns) == [again]
    assert server.campaigns[again]["content"]["plain_text"] == "Hello again"
    assert server.sent_to(again) == ["bo@example.com"]


def test_one_that_lacks_something_says_what_in_mailchimps_words_and_is_not_sent(
    server: MailchimpStandin, mailchimp: Mailchimp
) -> None:
    id = mailchimp.make(LETTER)
    server.lacks = ["Verify your From address."]
    assert mailchimp.problems(id) == ["Setup: Verify your From address."]
    refused = mailchimp.send(id)
    assert isinstance(refused, NotSent)
    assert "not ready to send" in str(refused.says)


def test_bounces_and_who_unsubscribed_are_told(server: MailchimpStandin, mailchimp: Mailchimp) -> None:
    id = mailchimp.make(LETTER)
    mailchimp.send(id)
    server.bounces = {"bo@example.com": "hard", "cy@example.com": "soft"}
    server.left = ["cy@example.com"]
    assert list(mailchimp.outcomes(id)) == [
        Told("bo@example.com", "bounced"),
        Told("cy@example.com", "delayed"),
        Told("cy@example.com", "unsubscribed"),
    ]


def test_a_withdrawn_campaign_is_gone_there(server: MailchimpStandin, mailchimp: Mailchimp) -> None:
    id = mailchimp.make(LETTER)
    mailchimp.withdraw(id)
    assert server.campaigns == {}


def test_a_wrong_key_audience_or_a_server_that_is_away_is_said_without_the_key(
    server: MailchimpStandin,
) -> None:
    wrong_key = Mailchimp("feedfacefeedface-us1", AUDIENCE, server.url)
    with pytest.raises(ServiceTrouble, match="doesn't accept the API key"):
        wrong_key.make(LETTER)
    assert "feedface" not in f"{wrong_key!r} {wrong_key.check()}"
    assert "no such audience" in str(Mailchimp(KEY, "nowhere", server.url).check())
    assert Mailchimp(KEY, AUDIENCE, server.url).check() is None
    server.fault = DROPPED
    assert "Can't reach Mailchimp" in str(Mailchimp(KEY, AUDIENCE, server.url).check())
    nowhere = Mailchimp(KEY, AUDIENCE, "http://127.0.0.1:1")
    with pytest.raises(ServiceTrouble, match="Can't reach Mailchimp"):
        nowhere.make(LETTER)
    assert isinstance(nowhere.send("c1"), NotSent)  # nothing was there to take it


@pytest.mark.parametrize("path", ["/segments", "/campaigns"])
def test_an_answer_that_names_nothing_is_trouble_that_passes(
    server: MailchimpStandin, mailchimp: Mailchimp, path: str
) -> None:
    server.fault_at[("POST", path)] = said({"title": "?"})
    with pytest.raises(ServiceTrouble, match="Can't reach Mailchimp"):
        mailchimp.make(LETTER)
    assert mailchimp.make(LETTER)


@pytest.mark.parametrize("key", ["", "nodash", "two\nlines-us1"])
def test_what_can_be_no_key_is_refused_at_once(key: str) -> None:
    with pytest.raises(WrongUsage, match="isn't a Mailchimp API key"):
        Mailchimp(key, AUDIENCE)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Hi {first_name}", "Hi *|FNAME|*"),
        ("Hi {first_name|there}!", "Hi *|IF:FNAME|**|FNAME|**|ELSE:|*there*|END:IF|*!"),
        ("{name|friend}", "*|IF:FNAME|**|FNAME|* *|LNAME|**|ELSE:|*friend*|END:IF|*"),
        ("typed *|EMAIL|* here", "typed * |EMAIL|* here"),
    ],
)
def test_merge_fields_become_mailchimps_own_and_its_tags_are_nobody_elses(text: str, there: str) -> None:
    assert tagged(merge.parse(text)) == there


def test_a_field_that_mailchimp_lacks_is_refused_by_name() -> None:
    with pytest.raises(WrongUsage, match=r"\{unit\}"):
        tagged(merge.parse("Unit {unit}", ("unit",)))


def test_the_name_of_a_campaign_tells_databases_apart() -> None:
    assert key_of(7, "one") != key_of(7, "other")
    assert key_of(7, "one").endswith("-7")
