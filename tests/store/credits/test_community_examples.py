"""Examples of communities' texts, and of days and zones, beyond the rules' own; each says what it is worked
out from."""

from __future__ import annotations

import pytest

from tests.store.credits.books import Books
from tests.store.credits.examples import Step, on, play

TIME: dict[str, list[Step]] = {
    "the month begins first in Kiritimati: at 10:00 the day before in UTC": [
        on("", "live in Pacific/Kiritimati"),
        on("2026-04-16T00:00", "join agent-texts 300", charged=[500]),
        on("2026-04-30T09:59:59Z", "look", charged=[]),
        on("2026-04-30T10:00Z", "look", charged=[1000], period="2026-05-01 to 2026-06-01"),
    ],
    "the month begins last in Pago Pago: at 11:00 in UTC": [
        on("", "live in Pacific/Pago_Pago"),
        on("2026-04-16T23:59", "join agent-texts 300", charged=[500]),
        on("2026-05-01T10:59:59Z", "look", charged=[]),
        on("2026-05-01T11:00Z", "look", charged=[1000], period="2026-05-01 to 2026-06-01"),
    ],
    "a calendar month of purchases is the account's: in Kiritimati it is May, in UTC still April": [
        on("", "live in Pacific/Kiritimati"),
        on("2026-04-10", "join community-texts 200"),
        on("2026-04-30T09:59Z", "buy 2000", room=0),
        on("2026-04-30T10:01Z", "buy 2000", charged=[4000], room=0),
    ],
    "a calendar month of purchases is the account's: in Pago Pago it is April, in UTC May": [
        on("", "live in Pacific/Pago_Pago"),
        on("2026-04-10", "join community-texts 200"),
        on("2026-04-12", "buy 2000", room=0),
        on("2026-05-01T10:59Z", "buy 100", refused="too-many"),
        on("2026-05-01T11:00Z", "buy 100", charged=[200]),
    ],
    "a renewal on the day of 25 hours comes once, at its midnight": [
        on("2026-10-16", "join agent-texts 300"),
        on("2026-11-01T03:59:59Z", "look", charged=[]),
        on("2026-11-01T04:00Z", "look", charged=[1000]),  # New York is still four hours behind
        on("2026-11-01T05:30Z", "look", charged=[]),  # 01:30 for the first time
        on("2026-11-01T06:30Z", "look", charged=[]),  # and again
        on("2026-12-01T04:59:59Z", "look", charged=[]),
        on("2026-12-01T05:00Z", "look", charged=[1000]),  # five hours behind
    ],
    "a day that skips its midnight begins at 01:00": [  # in Havana clocks go forward at 00:00 on 8 March
        on("", "live in America/Havana"),
        on("2026-02-08", "join community-texts 200", period="2026-02-08 to 2026-03-08"),
        on("2026-03-08T04:59:59Z", "look", charged=[]),
        on("2026-03-08T05:00Z", "look", charged=[2000], period="2026-03-08 to 2026-04-08"),
    ],
    "a renewal on a day that never was comes with the day after": [  # Samoa had no 30 December 2011
        on("", "live in Pacific/Apia"),
        on("2011-11-30", "join community-texts 200", period="2011-11-30 to 2011-12-30"),
        on("2011-12-29T23:59:59", "look", charged=[]),
        on("2011-12-31T00:00", "look", charged=[2000], period="2011-12-30 to 2012-01-30"),
    ],
    "an anchor day of 29 in a year without a 29 February": [
        on("2028-02-29", "join community-texts 200", period="2028-02-29 to 2028-03-29"),
        on("2029-01-29", "look", period="2029-01-29 to 2029-02-28"),
        on("2029-02-28", "look", period="2029-02-28 to 2029-03-29"),
        on("2032-02-29", "look", period="2032-02-29 to 2032-03-29"),
    ],
}

COMMUNITY: dict[str, list[Step]] = {
    "joining with an anchor day of 31: 20 of the 30 days from 31 March": [
        on(
            "2026-04-10",
            "join community-texts 200 on 2026-03-31",
            charged=[1333],
            left=267,
            period="2026-03-31 to 2026-04-30",
        ),
        on("2026-04-30", "look", charged=[2000], lots=[267, 400], period="2026-04-30 to 2026-05-31"),
    ],
    "joining on the last day before the anchor day: 1/30 of $20 and of 400, rounded up": [
        on("2026-04-30", "join community-texts 200 on 2026-05-01", charged=[67], left=14),
        on("2026-05-01", "look", charged=[2000], lots=[14, 400]),
    ],
    "joining for a year within a month: 336/365 of $200, and 1/30 of the month's 400": [
        on("2026-04-30", "join community-texts 200 yearly on 2026-05-01", charged=[18411], left=14),
        on("2026-05-01", "look", charged=[], lots=[14, 400]),
    ],
    "an upgrade within a period from the 15th: 20/30 of $10": [
        on("2026-04-15", "join community-texts 200"),
        on("2026-04-25", "order 400", charged=[667], lines=["+267 granted"], left=667),
        on("2026-05-14", "order 800", charged=[67], lines=["+27 granted"]),  # 1/30 of $20, and of 800
        on("2026-05-15", "look", charged=[5000], lines=["+1600 granted"], left=2294),
    ],
    "two upgrades in one period: 20/30 of $10, then 10/30 of $20": [
        on("2026-04-15", "join community-texts 200"),
        on("2026-04-25", "order 400", charged=[667], lines=["+267 granted"]),
        on("2026-05-05", "order 800", charged=[667], lines=["+267 granted"], left=934),  # 10/30 of 800
    ],
    "an upgrade in the last minute before the anchor day: 1/30 of $10; the cap is the new plan's": [
        on("2026-01-15", "join community-texts 200"),
        on("2026-04-14T23:59", "order 400", charged=[2000, 2000, 32], left=1213),  # 1/31; 1,200 and 13
        on("2026-04-15T00:00", "look", charged=[3000], lines=["+800 granted"], left=2013),
    ],
    "an upgrade in the first minute of the anchor day: renewed and capped as it was": [
        on("2026-01-15", "join community-texts 200"),
        on("2026-04-14T23:59", "look", left=1200),
        on(
            "2026-04-15T00:00",
            "order 400",
            charged=[2000, 1000],
            lines=["+400 granted", "-400 forfeited", "+400 granted"],
            left=1600,
        ),
    ],
    "a pending downgrade caps at three of the smaller plan: 2,000 and 200 less 1,600": [
        on("2026-01-10", "join community-texts 400"),
        on("2026-03-11", "use 400", left=2000),
        on("2026-03-12", "order 100", charged=[], lines=[], left=2000, pending="100"),
        on("2026-04-10", "look", charged=[1500], lines=["+200 granted", "-1600 forfeited"], lots=[400, 200]),
    ],
    "a pending downgrade and then an upgrade: 25/30 of $10, the downgrade is gone": [
        on("2026-04-10", "join community-texts 200"),
        on("2026-04-11", "order 50", pending="50"),
        on("2026-04-15", "order 400", charged=[833], lines=["+334 granted"], plan="400", pending=None),
        on("2026-05-10", "look", charged=[3000], lines=["+800 granted"]),
    ],
    "a pending downgrade that is withdrawn, and one that isn't": [
        on("2026-04-10", "join community-texts 200"),
        on("2026-04-11", "order 50", pending="50"),
        on("2026-04-12", "withdraw", pending=None, plan="200"),
        on("2026-05-10", "look", charged=[2000], lines=["+400 granted"], left=800),
        on("2026-05-11", "order 50"),
        on("2026-06-10", "look", charged=[1000], lines=["+100 granted", "-600 forfeited"], plan="50"),
    ],
    "a cancelled plan leaves what is there, capped by nothing, and sells no more": [
        on("2026-01-10", "join community-texts 200"),
        on("2026-03-11", "cancel", left=1200, pending="none"),
        on("2026-03-11", "buy 100", charged=[200]),
        on("2026-04-10", "look", charged=[], lines=[], allotted=1200, purchased=100, plan="none"),
        on("2026-04-11", "buy 100", refused="too-many", room=0),
        on("2026-05-11", "use 1250", allotted=0, purchased=50, charged=[]),
    ],
    "cancelled, and subscribed again: a period of its own, and the cap at its end": [
        on("2026-01-31", "join community-texts 200"),
        on("2026-02-10", "cancel"),
        on("2026-02-28", "look", charged=[], lines=[], left=400, plan="none"),
        on(
            "2026-03-05",
            "order 100",
            charged=[1500],
            lines=["+200 granted"],
            period="2026-03-05 to 2026-04-05",
        ),
        on(
            "2026-04-05",
            "look",
            charged=[1500],
            lines=["+200 granted", "-200 forfeited"],
            lots=[200, 200, 200],
        ),
    ],
    "what is held over a renewal is forfeited as it comes back above the cap": [
        on("2026-01-10", "join community-texts 200"),
        on("2026-03-11", "hold 300", left=900),
        on("2026-04-10", "look", lines=["+400 granted", "-100 forfeited"], left=1200),
        on("2026-04-11", "release 250", lines=["+250 released", "-250 forfeited"], left=1200),
        on("2026-04-12", "use 30", left=1170),
        on("2026-04-12", "release 50", lines=["+50 released", "-20 forfeited"], left=1200),
        on("2026-05-10", "look", lines=["+400 granted", "-400 forfeited"], lots=[400, 400, 400]),
    ],
    "what was held since the renewal comes back whole": [
        on("2026-01-31", "join community-texts 200 yearly"),
        on("2026-03-31", "hold 300", left=900),
        on("2026-03-31", "release 300", left=1200),
    ],
    "what is held over a subscription anew stays until the next renewal": [
        on("2026-01-10", "join community-texts 200"),
        on("2026-03-10", "cancel", left=1200),
        on("2026-04-10", "hold 300", left=900, plan="none"),
        on("2026-04-20", "order 50", left=1000),
        on("2026-04-21", "release 300", left=1300),
        on("2026-05-20", "look", left=300),
    ],
    "the oldest are forfeited first, purchased ones beside them stay": [
        on("2026-01-10", "join community-texts 200"),
        on("2026-01-11", "buy 300"),
        on("2026-03-11", "use 50", lots=[350, 400, 400, 300]),
        on("2026-04-10", "look", lines=["+400 granted", "-350 forfeited"], lots=[400, 400, 400, 300]),
    ],
    "a hold over both pools that comes back in full: purchased first, then allotted": [
        on("2026-04-10", "join community-texts 50"),
        on("2026-04-10", "buy 200"),
        on("2026-04-11", "hold 250", allotted=0, purchased=50),
        on("2026-04-11", "release 180", allotted=30, purchased=200),
        on("2026-04-11", "settle 70", used=70, held=0, lots=[30, 200]),
    ],
    "purchases of two calendar months in one period from the 15th": [
        on("2026-04-15", "join community-texts 200"),
        on("2026-04-30T23:59", "buy 2000", charged=[4000], room=0),
        on("2026-05-01T00:00", "buy 1900", charged=[3800], room=100, period="2026-04-15 to 2026-05-15"),
        on("2026-05-15", "buy 100", charged=[2000, 200], room=0),
    ],
    "a larger plan makes room for more purchases at once: 4,000 less 2,000": [
        on("2026-04-10", "join community-texts 200"),
        on("2026-04-10", "buy 2000", room=0),
        on("2026-04-10", "order 400", charged=[1000], room=2000),
        on("2026-04-10", "buy 2001", refused="too-many"),
        on("2026-04-10", "buy 2000", charged=[4000], room=0),
    ],
    "a pending downgrade leaves that room until it comes": [
        on("2026-04-10", "join community-texts 200"),
        on("2026-04-11", "order 50"),
        on("2026-05-01", "buy 900", charged=[1800], room=1100),
        on("2026-05-10", "buy 100", refused="too-many", room=0),  # 500 less 900
        on("2026-06-01", "buy 500", charged=[1000], room=0),
    ],
    "billed yearly: twelve monthly allotments, one price of ten months, and again": [
        on("2026-01-31", "join community-texts 50 yearly", charged=[10000], lines=["+100 granted"]),
        on("2026-02-28", "look", charged=[], lines=["+100 granted"], left=200),
        on("2027-01-30", "look", charged=[], lines=["+100 granted"] + ["+100 granted", "-100 forfeited"] * 9),
        on("2027-01-31", "look", charged=[10000], lines=["+100 granted", "-100 forfeited"], left=300),
        on("2027-02-28", "look", charged=[], lines=["+100 granted", "-100 forfeited"]),
    ],
    "an upgrade in a paid year: 184 of 365 days of $100": [
        on("2026-01-31", "join community-texts 200 yearly", charged=[20000]),
        on("2026-07-31", "order 400", charged=[5041], left=1600),  # 1,200 and 800 less 400
        on("2026-08-31", "look", charged=[], lines=["+800 granted"], left=2400),
        on("2027-01-31", "look", charged=[30000]),
    ],
    "a downgrade in a paid year comes when that is over, and so does its cap": [  # 1,200 and 200 less 600
        on("2026-01-31", "join community-texts 200 yearly", charged=[20000]),
        on("2026-02-01", "order 100", charged=[], lines=[], pending="100"),
        on("2026-03-31", "look", charged=[], lines=["+400 granted"] * 2, plan="200", pending="100"),
        on("2027-01-30", "look", charged=[], left=1200, plan="200"),
        on("2027-01-31", "look", charged=[15000], lines=["+200 granted", "-800 forfeited"], plan="100"),
        on("2027-02-28", "look", charged=[], lines=["+200 granted", "-200 forfeited"], pending=None),
    ],
    "cancelled in a paid year: it gives what it gave until the year is over": [
        on("2026-01-31", "join community-texts 200 yearly", charged=[20000]),
        on("2026-02-01", "cancel", charged=[], pending="none"),
        on("2026-03-30", "look", charged=[], lines=["+400 granted"], left=800, plan="200", pending="none"),
        on("2026-03-31", "use 700", lines=["+400 granted", "-700 used"], left=500),
        on("2026-12-31", "look", charged=[], period="2026-12-31 to 2027-01-31", left=1200, plan="200"),
        on("2027-01-31", "look", charged=[], lines=[], left=1200, plan="none"),
        on("2027-02-28", "look", charged=[], lines=[], left=1200),
    ],
    "a downgrade that waits for the end of a paid year is withdrawn months later": [
        on("2026-01-31", "join community-texts 200 yearly"),
        on("2026-02-01", "order 50", pending="50"),
        on("2026-07-01", "withdraw", pending=None, plan="200"),
        on("2027-01-31", "look", charged=[20000], plan="200"),
    ],
    "a smaller plan, billed monthly, both when the paid year is over": [
        on("2026-01-31", "join community-texts 200 yearly"),
        on("2026-02-01", "order 50 monthly", charged=[], pending="50", pending_billing="monthly"),
        on("2027-01-30", "look", charged=[], plan="200", billing="yearly", left=1200),
        on("2027-01-31", "look", charged=[1000], plan="50", billing="monthly", left=300),
        on("2027-02-28", "look", charged=[1000], pending_billing=None),
    ],
    "an upgrade in a paid year, and monthly billing after it": [
        on("2026-04-15", "join community-texts 200 yearly", charged=[20000]),
        on("2026-10-15", "order 400 monthly", charged=[4986], plan="400", billing="yearly"),
        on("2027-04-15", "look", charged=[3000], plan="400", billing="monthly"),
    ],
    "from monthly to yearly with the next renewal": [
        on("2026-04-10", "join community-texts 200", charged=[2000]),
        on("2026-04-20", "order 200 yearly", charged=[], lines=[]),
        on("2026-05-10", "look", charged=[20000], lines=["+400 granted"]),
        on("2026-06-10", "look", charged=[], lines=["+400 granted"]),
    ],
    "from yearly to monthly when the year is over": [
        on("2026-04-10", "join community-texts 200 yearly", charged=[20000]),
        on("2026-04-20", "order 200 monthly", charged=[]),
        on("2027-04-09", "look", charged=[]),
        on("2027-05-10", "look", charged=[2000, 2000]),
    ],
    "a change of billing can be withdrawn": [
        on("2026-04-10", "join community-texts 200"),
        on("2026-04-20", "order 200 yearly"),
        on("2026-04-20", "order 200 yearly", refused="same-plan"),  # it is to come already
        on("2026-04-21", "withdraw"),
        on("2026-05-10", "look", charged=[2000]),
    ],
    "a trial ends after thirty days, and nothing follows": [
        on(
            "2026-04-03",
            "join community-texts trial",
            period="2026-04-03 to 2026-05-03",
            expires=["2026-05-03"],
        ),
        on("2026-05-02T23:59", "look", left=10, plan="trial"),
        on("2026-05-03T00:00", "look", charged=[], lines=["-10 ended"], left=0, plan="none"),
        on("2026-07-03", "look", charged=[], lines=[], plan="none"),
    ],
    "a trial is neither cancelled nor given twice, and sells nothing": [
        on("2026-04-03", "join community-texts trial"),
        on("2026-04-04", "cancel", refused="nothing-to-cancel"),
        on("2026-04-04", "buy 100", refused="no-purchases"),
        on("2026-04-04", "order trial", refused="trial-once"),
        on("2026-05-03", "order trial", refused="trial-once", left=0),
    ],
    "a trial that is subscribed in its last minute: the rest ends, the full price": [
        on("2026-04-03", "join community-texts trial"),
        on("2026-05-02T23:59", "order 50", charged=[1000], lines=["-10 ended", "+100 granted"]),
        on("2026-05-03", "look", charged=[], lines=[], left=100, period="2026-05-02 to 2026-06-02"),
    ],
    "a trial that is subscribed on the day after its last": [
        on("2026-04-03", "join community-texts trial"),
        on("2026-05-03", "order 50", charged=[1000], lines=["-10 ended", "+100 granted"]),
        on("2026-05-04", "look", left=100, plan="50", period="2026-05-03 to 2026-06-03"),
    ],
    "a trial that is subscribed at once, by the year": [
        on("2026-04-03", "join community-texts trial"),
        on("2026-04-03", "order 50 yearly", charged=[10000], lines=["-10 ended", "+100 granted"]),
        on("2026-05-03", "look", charged=[], lines=["+100 granted"], left=200),
    ],
    "what a trial had held when it ended lapses when it comes back": [
        on("2026-04-03", "join community-texts trial"),
        on("2026-05-02", "hold 4", left=6),
        on("2026-05-03", "look", lines=["-6 ended"], left=0, held=4),
        on("2026-05-03", "release 4", left=0, held=0),
    ],
    "a purchase makes thresholds count anew: 380 of 400, then of 500, then 400 of 500": [
        on("2026-04-10", "join community-texts 200"),
        on("2026-04-11", "use 380", toasts=[95]),
        on("2026-04-11", "buy 100", left=120, toasts=[95]),
        on("2026-04-11", "use 19", toasts=[95]),
        on("2026-04-11", "use 1", toasts=[95, 80]),
    ],
    "a purchase carries what is still above: 1,560 of 1,700 are 91 %, 1,615 95 %": [
        on("2026-04-10", "join community-texts 800"),
        on("2026-04-11", "use 1560", notices=[80, 85, 90, 95], toasts=[95]),
        on("2026-04-11", "buy 100", notices=[80, 80, 85, 85, 90, 90, 95], toasts=[95]),
        on("2026-04-11", "use 54", toasts=[95]),
        on("2026-04-11", "use 1", toasts=[95, 95], emails=[95, 95]),
    ],
    "an MMS costs three times as much, a reply nothing": [
        on("2026-04-10", "join community-texts 50"),
        on("2026-04-11", "send an mms", lines=["-3 used"], left=97),
        on("2026-04-11", "mms comes in", lines=[], left=97),
    ],
}

EXAMPLES = TIME | COMMUNITY


@pytest.mark.parametrize("steps", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_an_example(books: Books, steps: list[Step]) -> None:
    play(books, steps)
