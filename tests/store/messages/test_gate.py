"""Who gets a text by what it is for (rules, 4b)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from store.messages.audience import gather
from store.messages.first_contact import FirstLine, Words
from store.messages.gate import TEXTS, Circumstances, Known, TextGate, default_purpose
from store.messages.model import Purpose, Recipient
from store.people.zones import Whereabouts

NOON = datetime(2026, 5, 4, 16, tzinfo=UTC)
EIGHT = datetime(2026, 5, 5, 12, tzinfo=UTC)
"""When it opens for who is asleep at noon."""
NIGHT = datetime(2026, 5, 5, 1, tzinfo=UTC)

AWAKE = Recipient("+12125550101", "US", "Ann", contact=1)
ASLEEP = Recipient("+18085550102", "US", "Keo", contact=2)
ENGLISH = {"en": Words("{name}. Reply STOP to opt out.", "Reply STOP to opt out.")}
LINE = FirstLine(ENGLISH, names=("Elm Realty",))


class Hours:
    """Open for all but who is asleep, until the night."""

    def opens(self, at: datetime, where: Whereabouts) -> datetime:
        return max(at, EIGHT) if where.area == "US-HI" else at

    def closes(self, at: datetime, where: Whereabouts) -> datetime:
        return at + timedelta(hours=1)


def where(one: Recipient) -> Whereabouts:
    if one.phone == ASLEEP.phone:
        return Whereabouts(("Pacific/Honolulu",), "US-HI", guess=True)
    return Whereabouts(("America/New_York",), "US-NY", guess=False)


def gate(
    *, later: bool = False, needs_yes: bool = False, at: datetime | None = None, own_hour: bool = False
) -> TextGate:
    starts = None if at is None else lambda one: at
    at_noon = Circumstances(Hours(), where, NOON, starts, own_hour, needs_yes, "America/New_York")
    return TextGate(at_noon, TEXTS, later, LINE)


BOTH = gather([], [AWAKE, ASLEEP])


@pytest.mark.parametrize("purpose", [Purpose.CONVERSATION, Purpose.NOTICE, Purpose.EMERGENCY])
def test_all_but_marketing_reach_everybody_as_they_are(purpose: Purpose) -> None:
    known = Known(lately={AWAKE.phone: NOON})
    passed = gate(needs_yes=True).passed(BOTH, purpose, "gas leak", known)
    assert passed.recipients == (AWAKE, ASLEEP)
    assert (passed.left_out, passed.closes, passed.first_line) == ((), {}, None)
    assert passed.purpose is purpose


@pytest.mark.parametrize(
    ("purpose", "told"),
    [(Purpose.CONVERSATION, []), (Purpose.NOTICE, [("quiet-hours", 1)]), (Purpose.EMERGENCY, [])],
)
def test_only_a_notice_says_who_gets_it_in_quiet_hours(purpose: Purpose, told: list[tuple[str, int]]) -> None:
    passed = gate().passed(BOTH, purpose, "gas leak", Known())
    assert [(note.code, note.says.values["count"]) for note in passed.notes] == told
    assert not any(note.blocking for note in passed.notes)


def test_marketing_leaves_out_who_is_in_quiet_hours_and_says_from_when_they_can_get_it() -> None:
    passed = gate().passed(BOTH, Purpose.MARKETING, "", Known())
    (one,) = passed.left_out
    assert (one.code, one.phone, one.contact) == ("quiet-hours", ASLEEP.phone, 2)
    assert one.reason.values["when"] == EIGHT
    assert one.reason.values["zone"] == "Honolulu"
    assert "guessed" in str(one.reason)
    assert passed.waits == {ASLEEP.phone: EIGHT}
    assert [one.phone for one in passed.recipients] == [AWAKE.phone]
    assert passed.closes == {AWAKE.phone: NOON + timedelta(hours=1)}


def test_later_keeps_them_and_says_when_it_leaves_for_them() -> None:
    passed = gate(later=True).passed(BOTH, Purpose.MARKETING, "", Known())
    assert [one.phone for one in passed.recipients] == [AWAKE.phone, ASLEEP.phone]
    assert passed.left_out == ()
    assert passed.waits == {ASLEEP.phone: EIGHT}
    assert passed.closes[ASLEEP.phone] == EIGHT + timedelta(hours=1)
    assert [note.says.values["count"] for note in passed.notes if note.code == "quiet-hours"] == [1]


def test_what_leaves_at_another_time_is_looked_at_as_of_then() -> None:
    after = EIGHT + timedelta(hours=1)
    passed = gate(at=after).passed(BOTH, Purpose.MARKETING, "", Known())
    assert passed.left_out == ()
    assert passed.waits == {AWAKE.phone: after, ASLEEP.phone: after}
    notice = gate(at=NIGHT).passed(BOTH, Purpose.NOTICE, "", Known())
    assert notice.waits == {AWAKE.phone: NIGHT, ASLEEP.phone: NIGHT}


@pytest.mark.parametrize("purpose", [Purpose.CONVERSATION, Purpose.MARKETING])
def test_a_zone_that_is_guessed_is_called_a_guess_where_it_decides_when_it_leaves(purpose: Purpose) -> None:
    passed = gate(at=EIGHT, own_hour=True).passed(BOTH, purpose, "", Known())
    told = [note.says.values for note in passed.notes if note.code == "zone-guessed"]
    assert [(values["count"], values["all"]) for values in told] == [(1, 2)]
    assert "zone-guessed" not in [
        note.code for note in gate(at=EIGHT).passed(BOTH, purpose, "", Known()).notes
    ]


def test_who_never_said_yes_is_told_of_or_left_out_as_the_account_says() -> None:
    known = Known(yes={ASLEEP.phone})
    told = gate(later=True).passed(BOTH, Purpose.MARKETING, "", known)
    assert [
        (note.says.values["count"], note.says.values["all"])
        for note in told.notes
        if note.code == "consent-unknown"
    ] == [(1, 2)]
    left_out = gate(later=True, needs_yes=True).passed(BOTH, Purpose.MARKETING, "", known)
    assert [(one.phone, one.code) for one in left_out.left_out] == [(AWAKE.phone, "no-consent")]
    assert [one.phone for one in left_out.recipients] == [ASLEEP.phone]


def test_who_was_texted_lately_is_left_out_unless_there_is_a_reason_for_it() -> None:
    known = Known(lately={AWAKE.phone: NOON - timedelta(days=2)})
    left_out = gate(later=True).passed(BOTH, Purpose.MARKETING, "  ", known)
    assert [(one.phone, one.code) for one in left_out.left_out] == [(AWAKE.phone, "texted-lately")]
    assert str(left_out.left_out[0].reason) == "Texted on 2026-05-02, and hasn't written since."
    all_the_same = gate(later=True).passed(BOTH, Purpose.MARKETING, "asked for news", known)
    assert all_the_same.left_out == ()
    assert [note.says.values["count"] for note in all_the_same.notes if note.code == "texted-lately"] == [1]


def test_the_first_line_is_for_those_who_got_no_marketing_from_this_sender() -> None:
    passed = gate(later=True).passed(BOTH, Purpose.MARKETING, "", Known(got={AWAKE.phone}))
    assert [one.first for one in passed.recipients] == [False, True]
    assert passed.line_below("The open house is on.") == "Elm Realty. Reply STOP to opt out."
    assert passed.line_below("Elm Realty: the open house is on.") == "Reply STOP to opt out."
    assert passed.line_below("Elm Realty. Reply STOP to get no more.") == ""


def test_one_a_household_is_the_first_of_whom_it_may_reach() -> None:
    ann, keo = AWAKE._replace(household="12A"), ASLEEP._replace(household="12A")
    bo = Recipient("+12125550103", "US", "Bo", contact=3, household="12A")
    home = gather([], [keo, ann, bo], household=True)
    others = Known(yes={keo.phone, bo.phone})
    for purpose, known, needs_yes, gets, out in (
        (Purpose.NOTICE, Known(), False, "Keo", []),
        (Purpose.MARKETING, Known(), False, "Ann", ["quiet-hours"]),
        (Purpose.MARKETING, others, True, "Bo", ["quiet-hours", "no-consent"]),
        (Purpose.MARKETING, Known(lately={ann.phone: NOON}), False, "Bo", ["quiet-hours", "texted-lately"]),
    ):
        passed = gate(needs_yes=needs_yes).passed(home, purpose, "", known)
        assert [one.first_name for one in passed.recipients] == [gets]
        assert [one.code for one in passed.left_out] == out
        assert {str(one.reason) for one in passed.twice} <= {f"{gets} gets the text for 12A."}
        assert len(passed.recipients) + len(passed.left_out) + len(passed.twice) == 3
    told = gate().passed(home, Purpose.MARKETING, "", Known())
    assert [(one.code, one.says.values["count"]) for one in told.notes] == [
        ("quiet-hours", 1),
        ("consent-unknown", 1),
    ]


def test_an_emergency_needs_a_reason() -> None:
    (note,) = gate().passed(BOTH, Purpose.EMERGENCY, " ", Known()).notes
    assert (note.code, note.blocking) == ("no-reason", True)
    assert gate().passed(BOTH, Purpose.EMERGENCY, "gas leak", Known()).notes == ()


@pytest.mark.parametrize(
    ("people", "wrote", "purpose"),
    [
        (0, False, Purpose.CONVERSATION),
        (1, False, Purpose.CONVERSATION),
        (2, False, Purpose.NOTICE),
        (2, True, Purpose.CONVERSATION),
    ],
)
def test_a_text_to_one_or_to_those_who_wrote_is_a_conversation_else_a_notice(
    people: int, wrote: bool, purpose: Purpose
) -> None:
    assert default_purpose(people, lambda: wrote) is purpose
