"""All worked examples of the rules, by their numbers: see `examples` for how they are written down."""

from __future__ import annotations

import pytest

from tests.store.credits.books import Books
from tests.store.credits.examples import Step, on, play

EXAMPLES: dict[str, list[Step]] = {
    "1 joining mid-month: 15 of 30 days are charged, the full number is granted": [
        on(
            "2026-04-16",
            "join agent-texts 300",
            charged=[500],
            lines=["+300 granted"],
            expires=["2027-04-16"],
        ),
    ],
    "2 unused credits roll over, and the oldest are used first": [
        on("2026-04-16", "join agent-texts 300", left=300),
        on("2026-04-20", "use 120", left=180),
        on("2026-05-01", "look", charged=[1000], lines=["+300 granted"], left=480, lots=[180, 300]),
        on("2026-05-10", "use 200", lines=["-200 used"], left=280, lots=[280]),
    ],
    "3 an upgrade costs 12/31 of $20 and gives 1000 less 300": [
        on("2026-04-16", "join agent-texts 300"),
        on("2026-04-20", "use 120"),
        on("2026-05-10", "use 200", left=280),
        on("2026-05-20", "order 1000", charged=[774], lines=["+700 granted"], left=980),
        on("2026-06-01", "look", charged=[3000], lines=["+1000 granted"], left=1980),
    ],
    "4 an upgrade on the first day, after the renewal: all of $20": [
        on("2026-05-01", "join agent-texts 300"),
        on("2026-06-01", "look", charged=[1000]),
        on("2026-06-01", "order 1000", charged=[2000], lines=["+700 granted"]),
    ],
    "4 an upgrade on the last of 30 days: 1/30 of $20": [
        on("2026-06-01", "join agent-texts 300"),
        on("2026-06-30", "order 1000", charged=[67], lines=["+700 granted"]),
    ],
    "4 an upgrade on the last of 29 days: 1/29 of $20": [
        on("2028-02-01", "join agent-texts 300"),
        on("2028-02-29", "order 1000", charged=[69], lines=["+700 granted"]),
    ],
    "5 two upgrades in one period: 27/31 of $20, 12/31 of $45": [
        on("2026-07-01", "join agent-texts 300"),
        on("2026-07-05", "order 1000", charged=[1742], lines=["+700 granted"]),
        on("2026-07-20", "order 3000", charged=[1742], lines=["+2000 granted"], left=3000),
    ],
    "6 a downgrade takes 700 back at once, and pays nothing back": [
        on("2026-08-01", "join agent-texts 1000", charged=[3000]),
        on("2026-08-02", "use 100"),
        on("2026-08-10", "order 300", charged=[], lines=["-700 taken-back"], left=200),
        on("2026-09-01", "look", charged=[1000], lines=["+300 granted"], left=500),
    ],
    "7 a downgrade takes no more than is left; back up, 900 net were kept": [
        on("2026-08-01", "join agent-texts 1000"),
        on("2026-08-02", "use 900"),
        on("2026-08-10", "order 300", charged=[], lines=["-100 taken-back"], left=0),
        on("2026-08-25", "order 1000", charged=[452], lines=["+100 granted"], left=100),
    ],
    "8 a lot can be used through the day before its expiry": [
        on("2025-09-01", "join agent-texts 300", charged=[1000], expires=["2026-09-01"]),
        on("2025-09-02", "use 260", lots=[40]),
        on("2026-08-31T23:59", "look", lots=[40] + [300] * 11, left=3340),
        on("2026-08-31T23:59", "hold 39", lots=[1] + [300] * 11),
        on("2026-08-31T23:59", "release 39", lots=[40] + [300] * 11),
        on("2026-09-01T00:00", "look", lines=["-40 expired", "+300 granted"], lots=[300] * 12),
    ],
    "9 what comes back after its expiry lapses at once": [
        on("2025-09-01", "join agent-texts 300"),
        on("2025-09-02", "use 260"),
        on("2026-08-31T23:59", "hold 30", lots=[10] + [300] * 11),
        on("2026-09-01T00:00", "look", lines=["-10 expired", "+300 granted"], left=3600),
        on("2026-09-01T00:01", "settle 20", lines=[], left=3600),
        on("2026-09-01T00:02", "release 10", lines=["+10 released", "-10 expired"], left=3600),
    ],
    "10 closed for months: each month is granted and charged": [  # by two at once: see `test_faults`
        on("2026-02-10", "join agent-texts 300"),
        on("2026-02-10", "use 250", left=50),
        on("2026-06-03", "look", lines=["+300 granted"] * 4, charged=[1000] * 4, left=1250),
    ],
    "11 a reply that can't be paid is received and waived": [
        on("2026-04-01", "join agent-texts 300"),
        on("2026-04-02", "use 298", left=2),
        on("2026-04-03", "mms comes in", lines=["-2 used", "waived 1"], left=0),
        on("2026-04-04", "sms comes in", lines=["waived 1"], left=0),
    ],
    "12 the 4,000th free email gives the 80 % notice; what is left lapses": [
        on("2026-04-01", "join agent-email free", charged=[], lines=["+5000 granted"]),
        on("2026-04-20", "use 3999", toasts=[]),
        on("2026-04-20", "use 1", toasts=[80], emails=[80]),
        on("2026-05-01", "look", charged=[], lines=["-1000 expired", "+5000 granted"], left=5000, used=0),
    ],
    "13 an upgrade on the last day costs the whole difference": [
        on("2026-04-01", "join agent-email free"),
        on("2026-04-30", "use 4900"),
        on("2026-04-30", "order 10000", charged=[900], lines=["+5000 granted"], left=5100),
        on("2026-05-01", "look", charged=[900], lines=["-5100 expired", "+10000 granted"]),
    ],
    "14 a downgrade waits for the renewal": [
        on("2026-04-01", "join agent-email 25000", charged=[2000]),
        on("2026-04-02", "use 3000"),
        on("2026-04-12", "order 10000", charged=[], lines=[], left=22000, plan="25000", pending="10000"),
        on("2026-05-01", "look", charged=[900], lines=["-22000 expired", "+10000 granted"], plan="10000"),
    ],
    "15 cancelling leaves 5,000 in all, with 2,000 used": [
        on("2026-04-01", "join agent-email 10000"),
        on("2026-04-02", "use 2000"),
        on("2026-04-12", "cancel", charged=[], lines=["-5000 taken-back"], left=3000, plan="free"),
    ],
    "15 cancelling leaves 5,000 in all, with 7,000 used": [
        on("2026-04-01", "join agent-email 10000"),
        on("2026-04-02", "use 7000"),
        on("2026-04-12", "cancel", charged=[], lines=["-3000 taken-back"], left=0, plan="free"),
    ],
    "16 one left, three due: one is sent, two fail, a later upgrade sends neither": [
        on("2026-04-01", "join agent-email free"),
        on("2026-04-20", "use 4999", left=1),
        on("2026-04-21", "use 1", lines=["-1 used"], left=0),
        on("2026-04-21", "use 1", refused="not-enough-credits", lines=[]),
        on("2026-04-21", "use 1", refused="not-enough-credits", lines=[]),
        on("2026-04-22", "order 10000", lines=["+5000 granted"], left=5000, used=5000),
    ],
    "17 an anchor day of 31 in shorter months": [
        on("2026-01-31", "join community-texts 200", charged=[2000], period="2026-01-31 to 2026-02-28"),
        on("2026-02-28", "look", charged=[2000], period="2026-02-28 to 2026-03-31"),
        on("2026-03-31", "look", charged=[2000], period="2026-03-31 to 2026-04-30"),
        on("2026-04-30", "look", charged=[2000], period="2026-04-30 to 2026-05-31"),
        on("2026-05-30", "look", charged=[], period="2026-04-30 to 2026-05-31"),
    ],
    "17 an anchor day of 30 in a leap year's February": [
        on("2028-01-30", "join community-texts 200", period="2028-01-30 to 2028-02-29"),
        on("2028-02-29", "look", period="2028-02-29 to 2028-03-30"),
    ],
    "18 three allotments roll over at most": [
        on("2026-01-10", "join community-texts 200", allotted=400),
        on("2026-02-10", "look", allotted=800),
        on("2026-03-10", "look", lines=["+400 granted"], allotted=1200),
        on("2026-04-10", "look", lines=["+400 granted", "-400 forfeited"], lots=[400, 400, 400]),
    ],
    "18 with 900 left, 100 are forfeited": [
        on("2026-01-10", "join community-texts 200"),
        on("2026-03-10", "use 300", allotted=900),
        on("2026-04-10", "look", lines=["+400 granted", "-100 forfeited"], allotted=1200),
    ],
    "18 purchased credits aren't counted in the cap, nor forfeited": [
        on("2026-01-10", "join community-texts 200"),
        on("2026-03-10", "buy 500", allotted=1200, purchased=500),
        on("2026-04-10", "look", lines=["+400 granted", "-400 forfeited"], allotted=1200, purchased=500),
    ],
    "19 all allotted credits are used before any purchased, and come back last": [
        on("2026-04-10", "join community-texts 200"),
        on("2026-04-10", "use 250", allotted=150),
        on("2026-04-10", "buy 500"),
        on("2026-04-11", "hold 200", lines=["-150 used", "-50 used of purchased"], allotted=0, purchased=450),
        on("2026-04-11", "settle 180"),
        on("2026-04-11", "release 1", lines=["+1 released of purchased"]),
        on("2026-04-11", "release 19", lines=[], allotted=0, purchased=470),
        on("", "look", today=["-150 used", "-50 used of purchased", "+20 released of purchased"]),
    ],
    "20 at least 100 are bought at once, at 2 cents": [
        on("2026-04-10", "join community-texts 200"),
        on("2026-04-10", "buy 99", refused="too-few", charged=[], lines=[]),
        on("2026-04-10", "buy 100", charged=[200], lines=["+100 purchased"]),
    ],
    "20 five allotments can be bought in a calendar month, whatever the cycle": [
        on("2026-03-15", "join community-texts 200"),
        on("2026-04-14", "buy 2000", charged=[4000], lines=["+2000 purchased"], room=0),
        on("2026-04-16", "look", period="2026-04-15 to 2026-05-15"),
        on("2026-04-16", "buy 100", refused="too-many", charged=[]),
        on("2026-05-01", "buy 100", charged=[200], room=1900),
    ],
    "21 fifty remain, less than the least purchase": [
        on("2026-04-10", "join community-texts 200"),
        on("2026-04-11", "buy 1950", charged=[3900], room=50),
        on("2026-04-12", "buy 50", refused="too-many"),
        on("2026-04-12", "buy 100", refused="too-many"),
    ],
    "22 a trial's rest ends with the subscription, whose first day is the anchor": [
        on("2026-04-03", "join community-texts trial", charged=[], lines=["+10 granted"]),
        on("2026-04-05", "use 4", left=6),
        on("2026-04-10", "order 200", charged=[2000], lines=["-6 ended", "+400 granted"], left=400),
        on("2026-05-09", "look", charged=[], period="2026-04-10 to 2026-05-10"),
        on("2026-05-10", "look", charged=[2000], lines=["+400 granted"], left=800),
    ],
    "23 a blast that needs 500 with 450 there holds nothing; 100 more are enough": [
        on("2026-03-10", "join community-texts 200"),
        on("2026-04-10", "use 350", left=450),
        on("2026-04-10", "hold 500", refused="not-enough-credits", lines=[], held=0, left=450),
        on("2026-04-10", "buy 100", charged=[200]),
        on("2026-04-10", "hold 500", held=500, left=50),
    ],
    "24 thresholds crossed at once give one toast and one email that name the highest": [
        on("2026-04-16", "join agent-texts 300"),
        on("2026-04-17", "use 100"),
        on("2026-05-02", "use 390", left=110, capacity=500, notices=[]),
        on("2026-05-03", "hold 90", notices=[80, 85, 90, 95], toasts=[95], emails=[95]),
    ],
    "25 with 700 more all can fire again: 80 % at 960 of 1,200": [
        on("2026-04-16", "join agent-texts 300"),
        on("2026-04-17", "use 100"),
        on("2026-05-02", "use 390"),
        on("2026-05-03", "use 90", toasts=[95]),
        on("2026-05-04", "order 1000", lines=["+700 granted"], capacity=1200, toasts=[95]),
        on("2026-05-05", "use 479", used=959, toasts=[95]),
        on("2026-05-05", "use 1", used=960, toasts=[95, 80], emails=[95, 80]),
    ],
    "28 what is held at a downgrade is taken as it comes back": [
        on("2026-08-01", "join agent-texts 1000"),
        on("2026-08-05", "hold 900", left=100),
        on("2026-08-10", "order 300", lines=["-100 taken-back"], left=0),
        on("2026-08-11", "release 700", lines=["+700 released", "-600 taken-back"], left=100, held=200),
    ],
    "26 a released hold doesn't re-arm": [
        on("2026-04-16", "join agent-texts 300"),
        on("2026-04-17", "use 100"),
        on("2026-05-02", "hold 400", notices=[80], toasts=[80]),
        on("2026-05-02", "release 5", left=105, notices=[80]),
        on("2026-05-02", "hold 5", left=100, notices=[80], toasts=[80], emails=[80]),
    ],
    "27 an upgrade that brings nothing costs nothing: 2,733 of 3,000 were kept, net": [
        on("2026-08-01", "join agent-texts 3000"),
        on("2026-08-09", "use 2733"),
        on("2026-08-10", "order 300", charged=[], lines=["-267 taken-back"], left=0),
        on("2026-08-12", "order 1000", charged=[], lines=[], left=0, plan="1000"),
        on("2026-08-12", "order 3000", charged=[2903], lines=["+267 granted"], left=267),  # 20/31 of $45
    ],
    "27 from the smallest plan back to the largest: 20/31 of $65": [
        on("2026-08-01", "join agent-texts 3000"),
        on("2026-08-09", "use 2733"),
        on("2026-08-10", "order 300"),
        on("2026-08-12", "order 3000", charged=[4194], lines=["+267 granted"], left=267),
    ],
    "29 a yearly plan that is cancelled gives its allotments until the year is over": [
        on("2026-01-31", "join community-texts 200 yearly", charged=[20000]),
        on("2026-02-01", "cancel", charged=[], lines=[], plan="200", pending="none"),
        on("2026-12-30", "use 800", plan="200"),
        on("2026-12-31", "look", charged=[], lines=["+400 granted"], left=800),
        on("2027-01-30", "look", charged=[], lines=[], plan="200"),
        on("2027-01-31", "look", charged=[], lines=[], left=800, plan="none"),
        on("2027-02-28", "look", charged=[], lines=[], left=800),
    ],
    "29 a downgrade in a paid year: 400 a month until it is over, then $150.00 and 200": [
        on("2026-01-31", "join community-texts 200 yearly", charged=[20000]),
        on("2026-02-01", "order 100", charged=[], lines=[], plan="200", pending="100"),
        on("2026-12-30", "use 1200", left=0),
        on("2026-12-31", "look", charged=[], lines=["+400 granted"]),
        on("2027-01-31", "look", charged=[15000], lines=["+200 granted"], left=600, plan="100"),
    ],
    "30 a community's upgrade: 20/30 of $10 and of 400, rounded up": [
        on("2026-04-15", "join community-texts 200"),
        on("2026-04-25", "order 400", charged=[667], lines=["+267 granted"]),
        on("2026-05-15", "look", charged=[3000], lines=["+800 granted"]),
    ],
    "30 on the last day: 1/30": [
        on("2026-04-15", "join community-texts 200"),
        on("2026-05-14", "order 400", charged=[33], lines=["+14 granted"]),
    ],
    "31 an upgrade in a paid year: 182/365 of $100, and a whole month's 400": [
        on("2026-04-15", "join community-texts 200 yearly", charged=[20000]),
        on("2026-10-14", "use 1200", left=0),
        on("2026-10-15", "order 400", charged=[4986], lines=["+400 granted", "+400 granted"]),
        on("2026-11-15", "look", charged=[], lines=["+800 granted"]),
        on("2027-04-15", "look", charged=[30000]),
    ],
    "33 subscribed anew with 2,400 left: the next renewal forfeits 2,300": [
        on("2026-01-31", "join community-texts 400"),
        on("2026-03-31", "cancel"),
        on("2026-05-05", "order 50", charged=[1000], lines=["+100 granted"], left=2500),
        on("2026-06-05", "look", lines=["+100 granted", "-2300 forfeited"], left=300),
    ],
}


@pytest.mark.parametrize("steps", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_a_worked_example(books: Books, steps: list[Step]) -> None:
    play(books, steps)
