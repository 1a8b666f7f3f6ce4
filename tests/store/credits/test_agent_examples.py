"""Examples of the agents' two products beyond the rules' own; each says what it is worked out from."""

from __future__ import annotations

import pytest

from tests.store.credits.books import Books
from tests.store.credits.examples import Step, on, play

TEXTS: dict[str, list[Step]] = {
    "joining on the first day costs the whole month": [
        on("2026-04-01T00:00", "join agent-texts 1000", charged=[3000], left=1000, expires=["2027-04-01"]),
    ],
    "joining on the last day costs 1/30 of $10": [
        on("2026-06-30T23:59", "join agent-texts 300", charged=[33], left=300),
        on("2026-07-01T00:00", "look", charged=[1000], left=600),
    ],
    "two upgrades on one day: 27/31 of $20, then of $45": [
        on("2026-07-01", "join agent-texts 300"),
        on("2026-07-05", "order 1000", charged=[1742], lines=["+700 granted"]),
        on("2026-07-05", "order 3000", charged=[3919], lines=["+2000 granted"], left=3000),
        on("2026-08-01", "look", charged=[7500], lines=["+3000 granted"], left=6000),
    ],
    "two downgrades on one day: 3000 less 1000, 1000 less 300": [
        on("2026-04-01", "join agent-texts 3000"),
        on("2026-04-02", "order 1000", charged=[], lines=["-2000 taken-back"]),
        on("2026-04-02", "order 300", charged=[], lines=["-700 taken-back"], left=300),
        on("2026-05-01", "look", charged=[1000], lines=["+300 granted"]),
    ],
    "down and up again: what was taken back is granted again, for 10/30 of $20": [
        on("2026-04-01", "join agent-texts 1000", charged=[3000]),
        on("2026-04-11", "order 300", charged=[], lines=["-700 taken-back"], left=300),
        on("2026-04-21", "order 1000", charged=[667], lines=["+700 granted"], left=1000),
    ],
    "up, down and up: the upgrade's own credits go first, and what is net counts": [
        on("2026-04-01", "join agent-texts 300"),
        on("2026-04-11", "order 1000", charged=[1333], lines=["+700 granted"]),  # 20/30 of $20
        on("2026-04-12", "use 350", lots=[650]),
        on("2026-04-21", "order 300", charged=[], lines=["-650 taken-back"], left=0),  # not 700
        on("2026-04-22", "order 1000", charged=[600], lines=["+650 granted"], left=650),  # 350 net; 9/30
    ],
    "an upgrade in the last minute of a period, then the renewal: 1/30 of $20": [
        on("2026-04-01", "join agent-texts 300"),
        on("2026-04-30T23:59", "order 1000", charged=[67], lines=["+700 granted"]),
        on("2026-05-01T00:00", "look", charged=[3000], lines=["+1000 granted"], left=2000),
    ],
    "an upgrade in the first minute of a period: renewed as it was, then all of $20": [
        on("2026-04-01", "join agent-texts 300", charged=[1000], lines=["+300 granted"]),
        on(
            "2026-05-01T00:00",
            "order 1000",
            charged=[1000, 2000],
            lines=["+300 granted", "+700 granted"],
            left=1300,
        ),
    ],
    "a downgrade in the last minute of a period takes what is left of it": [
        on("2026-04-01", "join agent-texts 1000"),
        on("2026-04-02", "use 600"),
        on("2026-04-30T23:59", "order 300", charged=[], lines=["-400 taken-back"], left=0),
        on("2026-05-01T00:00", "look", charged=[1000], lines=["+300 granted"], left=300),
    ],
    "a downgrade in the first minute takes from the new month's, not from what rolled over": [
        on("2026-04-01", "join agent-texts 1000", charged=[3000]),
        on("2026-05-01T00:00", "order 300", charged=[3000], lots=[1000, 300]),
    ],
    "a downgrade leaves what is held: 200 of the 700 are there to be taken": [
        on("2026-04-01", "join agent-texts 1000"),
        on("2026-04-02", "hold 800", left=200),
        on("2026-04-10", "order 300", lines=["-200 taken-back"], left=0, held=800),
        on("2026-04-11", "release 50", lines=["+50 released", "-50 taken-back"], left=0),
        on("2026-04-11", "settle 750", used=750, left=0),
    ],
    "what a downgrade couldn't take is taken within its month only": [
        on("2026-04-01", "join agent-texts 1000"),
        on("2026-04-02", "hold 1000", left=0),
        on("2026-04-10", "order 300", lines=[], left=0, held=1000),
        on("2026-04-30", "release 100", lines=["+100 released", "-100 taken-back"]),
        on("2026-05-01", "release 900", lines=["+300 granted", "+900 released"], left=1200),
    ],
    "back up again, nothing is taken any more: 1000 were given, and 1000 are the plan's": [
        on("2026-04-01", "join agent-texts 1000"),
        on("2026-04-02", "hold 1000", left=0),
        on("2026-04-10", "order 300", lines=[]),
        on("2026-04-11", "order 1000", lines=[]),
        on("2026-04-12", "release 1000", lines=["+1000 released"], left=1000),
    ],
    "what comes back of a hold in parts is one line a day": [
        on("2026-04-01", "join agent-texts 300"),
        on("2026-04-02", "hold 100", left=200),
        on("2026-04-02", "release 10", lines=["+10 released"], left=210),
        on("2026-04-02", "use 30", lines=["-30 used"], left=180),
        on("2026-04-02", "release 5", lines=[], left=185),
        on("", "look", today=["-100 used", "+15 released", "-30 used"]),
        on("2026-04-03", "release 1", lines=["+1 released"], left=186),
    ],
    "what comes back after the plan has ended is two lines a day": [
        on("2026-04-01", "join agent-texts 300"),
        on("2026-04-02", "hold 61"),
        on("2026-04-03", "cancel"),
        on("2026-05-01", "release 1", lines=["-239 ended", "+1 released", "-1 expired"], left=0),
        on("2026-05-01", "release 60", today=["-239 ended", "+61 released", "-61 expired"], left=0),
    ],
    "a downgrade crosses 80 %: 250 used of 1,000 are 25 %, of 300 83 %": [
        on("2026-04-01", "join agent-texts 1000"),
        on("2026-04-02", "use 250", toasts=[]),
        on("2026-04-10", "order 300", left=50, toasts=[80], emails=[80]),
    ],
    "a cancelled plan ends at the renewal, and all that rolled over with it": [
        on("2026-03-01", "join agent-texts 300"),
        on(
            "2026-04-10",
            "cancel",
            charged=[1000],
            lines=["+300 granted"],
            left=600,
            plan="300",
            pending="none",
        ),
        on("2026-04-11", "use 100", left=500),
        on("2026-05-01", "look", charged=[], lines=["-500 ended"], left=0, plan="none", pending=None),
        on("2026-07-01", "look", charged=[], lines=[], plan="none", period="2026-07-01 to 2026-08-01"),
    ],
    "a cancellation that is withdrawn in the last minute never was": [
        on("2026-04-01", "join agent-texts 300"),
        on("2026-04-10", "cancel", pending="none"),
        on("2026-04-30T23:59", "withdraw", pending=None),
        on("2026-05-01", "look", charged=[1000], lines=["+300 granted"], left=600),
    ],
    "withdrawing when nothing is pending, or after the renewal, is refused": [
        on("2026-04-01", "join agent-texts 300"),
        on("2026-04-02", "withdraw", refused="nothing-pending"),
        on("2026-04-10", "cancel"),
        on("2026-04-10", "cancel", refused="nothing-to-cancel"),
        on("2026-05-01", "withdraw", refused="nothing-pending", plan="none"),
        on("2026-05-01", "cancel", refused="nothing-to-cancel"),
    ],
    "an upgrade replaces a pending cancellation: 20/30 of $20": [
        on("2026-04-01", "join agent-texts 300"),
        on("2026-04-10", "cancel"),
        on("2026-04-11", "order 1000", charged=[1333], lines=["+700 granted"], pending=None),
        on("2026-05-01", "look", charged=[3000], lines=["+1000 granted"], left=2000),
    ],
    "cancelled, and subscribed again mid-month: 16/31 of $10, and no credits come back": [
        on("2026-04-01", "join agent-texts 300"),
        on("2026-04-10", "cancel"),
        on(
            "2026-05-16",
            "order 300",
            charged=[516],
            lines=["-300 ended", "+300 granted"],
            left=300,
            plan="300",
        ),
        on("2026-06-01", "look", charged=[1000], lines=["+300 granted"], left=600),
    ],
    "what was held when the plan ended lapses when it comes back": [
        on("2026-04-01", "join agent-texts 300"),
        on("2026-04-10", "cancel"),
        on("2026-04-30T23:59", "hold 50"),
        on("2026-05-01", "look", lines=["-250 ended"], left=0, held=50),
        on("2026-05-01", "settle 30", lines=[], used=0),  # it was used in April
        on("2026-05-01", "release 20", left=0, held=0),
    ],
    "without a plan a reply is received and waived": [
        on("2026-04-01", "join agent-texts 300"),
        on("2026-04-10", "cancel"),
        on("2026-05-02", "mms comes in", lines=["-300 ended", "waived 3"], left=0),
    ],
    "12 months after 29 February is 1 March; what expires on one day makes one line": [
        on(
            "2028-02-29", "join agent-texts 300", charged=[34], lines=["+300 granted"], expires=["2029-03-01"]
        ),
        on("2028-02-29", "use 299", lots=[1], lines=["-299 used"]),
        on("2029-02-28T23:59", "look", lots=[1] + [300] * 12, lines=["+300 granted"] * 12),
        on("2029-03-01T00:00", "look", lines=["-301 expired", "+300 granted"], lots=[300] * 12),
    ],
    "12 months after 28 February is 28 February in a leap year too": [
        on("2027-02-28", "join agent-texts 300", charged=[36], expires=["2028-02-28"]),  # 1/28 of $10
        on("2028-02-27T23:59", "look", left=3900),
        on("2028-02-28T00:00", "look", left=3600),
    ],
    "what was granted mid-month expires mid-month": [
        on("2026-04-16", "join agent-texts 300"),
        on("2027-04-15T23:59", "look", left=3900),
        on("2027-04-16T00:00", "look", charged=[], lines=["-300 expired"], left=3600),
    ],
    "an upgrade's credits have an expiry of their own": [
        on("2026-04-01", "join agent-texts 300"),
        on("2026-04-16", "order 1000", expires=["2027-04-01", "2027-04-16"]),
        on("2027-04-01", "look", lots=[700] + [1000] * 12),
        on("2027-04-16", "look", lines=["-700 expired"], lots=[1000] * 12),
    ],
    "what was held over a renewal and comes back still expires mid-month": [
        on("2026-04-16", "join agent-texts 300"),
        on("2027-03-31", "hold 300", left=3300),
        on("2027-04-01", "look", left=3600),
        on("2027-04-10", "release 300", left=3900),
        on("2027-04-16", "look", lines=["-300 expired"], left=3600),
    ],
    "what is held across a renewal was used in the month in which it was held": [
        on("2026-04-01", "join agent-texts 300"),
        on("2026-04-30", "hold 240", notices=[80], toasts=[80], used=0),
        on("2026-05-01", "look", left=360, used=0, capacity=600),
        on("2026-05-01", "settle 240", left=360, used=0, capacity=360, toasts=[80]),
    ],
    "what a renewal doesn't bring below a threshold is carried and told to nobody": [
        on("2026-04-16", "join agent-texts 300"),
        on("2026-06-30", "hold 900", notices=[80, 85, 90, 95], toasts=[95]),
        on("2026-07-01", "look", notices=[80, 85, 90, 95], toasts=[95], left=300),  # 900 of 1,200: 75 %
        on("2026-07-02", "hold 180", notices=[80, 80, 85, 85, 90, 90, 95], toasts=[95, 90]),  # 1,080: 90 %
    ],
    "a threshold that an expiry crosses is told": [
        on("2026-04-16", "join agent-texts 3000"),
        on("2027-03-31", "hold 3000"),
        on("2027-03-31", "hold 28900", toasts=[85]),
        on("2027-03-31", "release 3000 of the first"),
        on("2027-04-01", "look", left=10100, capacity=39000),  # 74 %
        on("2027-04-16", "look", left=7100, capacity=36000, toasts=[85, 80], emails=[85, 80]),  # 80.3 %
    ],
    "a threshold crossed in a period that is over is told to nobody": [
        on("2026-04-16", "join agent-texts 3000"),
        on("2027-03-31", "hold 3000"),
        on("2027-03-31", "hold 28900", toasts=[85]),
        on("2027-03-31", "release 3000 of the first"),
        on("2027-05-01T00:00", "look", left=10100, toasts=[85], emails=[85]),
    ],
    "an upgrade carries what is still above: 4,200 held of 5,000 are 84 %": [
        on("2026-01-01", "join agent-texts 1000"),
        on("2026-05-01", "order 300", left=4300),  # five months, less 700
        on("2026-05-01", "hold 4200", notices=[80, 85, 90, 95], toasts=[95]),  # 97 % of 4,300
        on("2026-05-02", "order 1000", left=800, notices=[80, 80, 85, 90, 95], toasts=[95]),
        on("2026-05-02", "hold 49", notices=[80, 80, 85, 90, 95]),  # 4,249 of 5,000
        on("2026-05-02", "hold 1", notices=[80, 80, 85, 85, 90, 95], toasts=[95, 85]),
    ],
    "no credits are sold one by one": [
        on("2026-04-01", "join agent-texts 300"),
        on("2026-04-02", "buy 100", refused="no-purchases", charged=[], room=None),
    ],
    "the plan that there is can't be ordered": [
        on("2026-04-01", "join agent-texts 300"),
        on("2026-04-02", "order 300", refused="same-plan", charged=[]),
    ],
    "a card that is declined changes nothing; another card pays": [
        on("2026-04-01", "join agent-texts 300"),
        on("2026-04-16", "pay with 4000000000000002"),
        on("2026-04-16", "order 1000", refused="declined", charged=[], lines=[], left=300, plan="300"),
        on("2026-04-16", "pay with 4242424242424242"),
        on("2026-04-16", "order 1000", charged=[1000], lines=["+700 granted"], plan="1000"),  # 15/30 of $20
    ],
}

EMAIL: dict[str, list[Step]] = {
    "joining a paid plan mid-month is an upgrade from nothing, not prorated": [
        on("2026-04-16", "join agent-email 10000", charged=[900], left=10000, expires=["2026-05-01"]),
    ],
    "two upgrades in one month: $9, then $20 less $9; what was used counts": [
        on("2026-04-01", "join agent-email free"),
        on("2026-04-10", "use 4900"),
        on("2026-04-10", "order 10000", charged=[900], lines=["+5000 granted"], left=5100),
        on("2026-04-20", "order 25000", charged=[1100], lines=["+15000 granted"], left=20100),
        on("2026-05-01", "look", charged=[2000], lines=["-20100 expired", "+25000 granted"]),
    ],
    "cancelled and upgraded again: the limit is 10,000 once more, 7,000 of them used": [
        on("2026-04-01", "join agent-email 10000"),
        on("2026-04-02", "use 7000"),
        on("2026-04-12", "cancel", lines=["-3000 taken-back"], left=0),
        on("2026-04-13", "order 10000", charged=[900], lines=["+3000 granted"], left=3000),
        on("2026-05-01", "look", charged=[900], lines=["-3000 expired", "+10000 granted"]),
    ],
    "an upgrade that adds nothing: 22,000 were used, so of 10,000 none are left": [
        on("2026-04-01", "join agent-email 25000"),
        on("2026-04-02", "use 22000"),
        on("2026-04-12", "cancel", lines=["-3000 taken-back"], left=0),
        on("2026-04-13", "order 10000", charged=[], lines=[], left=0, plan="10000"),
    ],
    "a pending downgrade and then an upgrade: $35 less $20, and the downgrade is gone": [
        on("2026-04-01", "join agent-email 25000"),
        on("2026-04-10", "order 10000", charged=[], pending="10000"),
        on("2026-04-11", "order 50000", charged=[1500], lines=["+25000 granted"], pending=None),
        on("2026-05-01", "look", charged=[3500], lines=["-50000 expired", "+50000 granted"]),
    ],
    "a pending downgrade that is withdrawn": [
        on("2026-04-01", "join agent-email 25000"),
        on("2026-04-10", "order 10000", pending="10000"),
        on("2026-04-10", "order 10000", refused="same-plan"),
        on("2026-04-11", "withdraw", pending=None),
        on("2026-05-01", "look", charged=[2000], lines=["-25000 expired", "+25000 granted"]),
    ],
    "a pending downgrade that another one replaces": [
        on("2026-04-01", "join agent-email 50000"),
        on("2026-04-10", "order 10000", pending="10000"),
        on("2026-04-11", "order free", charged=[], pending="free"),
        on("2026-05-01", "look", charged=[], lines=["-50000 expired", "+5000 granted"], plan="free"),
    ],
    "a pending downgrade, then cancelled at once: 5,000 in all, 3,000 of them used": [
        on("2026-04-01", "join agent-email 25000"),
        on("2026-04-02", "use 3000"),
        on("2026-04-10", "order 10000"),
        on("2026-04-12", "cancel", charged=[], lines=["-20000 taken-back"], left=2000, pending=None),
        on("2026-05-01", "look", charged=[], lines=["-2000 expired", "+5000 granted"], plan="free"),
    ],
    "the free plan can't be cancelled": [
        on("2026-04-01", "join agent-email free"),
        on("2026-04-02", "cancel", refused="nothing-to-cancel"),
    ],
    "cancelling crosses 90 %: 4,500 of 10,000 are 45 %, of 5,000 90 %": [
        on("2026-04-01", "join agent-email 10000"),
        on("2026-04-02", "use 4500", toasts=[]),
        on("2026-04-12", "cancel", left=500, toasts=[90], emails=[90], notices=[80, 85, 90]),
    ],
    "emails held over the end of the month lapse when they come back": [
        on("2026-04-01", "join agent-email free"),
        on("2026-04-30T23:59", "hold 100"),
        on(
            "2026-05-01",
            "release 100",
            lines=["-4900 expired", "+5000 granted", "+100 released", "-100 expired"],
        ),
        on("2026-05-01", "look", left=5000, held=0),
    ],
    "there is no MMS by email": [
        on("2026-04-01", "join agent-email free"),
        on("2026-04-02", "send an mms", refused="no-mms", left=5000),
    ],
}

EXAMPLES = TEXTS | EMAIL


@pytest.mark.parametrize("steps", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_an_example(books: Books, steps: list[Step]) -> None:
    play(books, steps)
