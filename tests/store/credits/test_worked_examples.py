"""The rules' worked examples for `agent-texts`, as a table: a local day, what happens, what must then be
true.

Facts: `charged` the cents of all orders so far; `lines` what was added to the history since the last row;
`left` the credits available; `lots` what remains of each lot in the order of use; `expires` each lot's
expiry; `notices` all thresholds noted; `toasts` and `emails` those that somebody is told of.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.store.credits.books import Books

Steps = list[tuple[str, str, dict[str, object]]]

EXAMPLES: dict[str, Steps] = {
    "1 joining mid-month: the days left are charged, the full number is granted": [
        (
            "2026-04-16",
            "join 300",
            {"charged": [500], "lines": ["+300 granted"], "left": 300, "expires": ["2027-04-16"]},
        ),
    ],
    "2 unused credits roll over, and the oldest are used first": [
        ("2026-04-16", "join 300", {"left": 300}),
        ("2026-04-20", "use 120", {"left": 180}),
        ("2026-05-01", "look", {"charged": [500, 1000], "left": 480, "lots": [180, 300]}),
        ("2026-05-10", "hold 200", {"left": 280, "lots": [280]}),
    ],
    "8 a lot can be used through the day before its expiry": [
        ("2025-09-01", "join 300", {"charged": [1000], "expires": ["2026-09-01"]}),
        ("2025-09-02", "use 260", {"lots": [40]}),
        ("2026-08-31T23:59", "look", {"lots": [40] + [300] * 11, "left": 3340}),
        ("2026-08-31T23:59", "hold 39", {"lots": [1] + [300] * 11}),
        ("2026-08-31T23:59", "release 39", {"lots": [40] + [300] * 11}),
        ("2026-08-31T23:59", "forget lines", {}),
        ("2026-09-01T00:00", "look", {"lines": ["-40 expired", "+300 granted"], "lots": [300] * 12}),
    ],
    "9 what comes back after its expiry lapses at once": [
        ("2025-09-01", "join 300", {}),
        ("2025-09-02", "use 260", {}),
        ("2026-08-31T23:59", "hold 30", {"lots": [10] + [300] * 11}),
        ("2026-08-31T23:59", "forget lines", {}),
        ("2026-09-01T00:00", "look", {"lines": ["-10 expired", "+300 granted"], "left": 3600}),
        ("2026-09-01T00:01", "settle 20", {"lines": [], "left": 3600}),
        ("2026-09-01T00:02", "release 10", {"lines": ["+10 released", "-10 expired"], "left": 3600}),
    ],
    "10 closed for months: each month is granted and charged": [
        ("2026-02-10", "join 300", {}),
        ("2026-02-10", "use 250", {"left": 50}),
        ("2026-02-10", "forget lines", {}),
        (
            "2026-06-03",
            "look",
            {"lines": ["+300 granted"] * 4, "charged": [679, 1000, 1000, 1000, 1000], "left": 1250},
        ),
    ],
    "11 a reply that can't be paid is received and waived": [
        ("2026-04-01", "join 300", {}),
        ("2026-04-02", "use 298", {"left": 2}),
        ("2026-04-02", "forget lines", {}),
        ("2026-04-03", "mms comes in", {"lines": ["-2 used", "waived 1"], "left": 0}),
        ("2026-04-04", "sms comes in", {"lines": ["waived 1"], "left": 0}),
    ],
    "24 thresholds crossed at once give one toast and one email that name the highest": [
        ("2026-04-16", "join 300", {}),
        ("2026-04-17", "use 100", {}),
        ("2026-05-02", "use 390", {"left": 110, "notices": []}),
        ("2026-05-03", "hold 90", {"notices": [80, 85, 90, 95], "toasts": [95], "emails": [95]}),
    ],
    "26 a released hold doesn't re-arm": [
        ("2026-04-16", "join 300", {}),
        ("2026-04-17", "use 100", {}),
        ("2026-05-02", "hold 400", {"notices": [80], "toasts": [80]}),
        ("2026-05-02", "release 5", {"left": 105, "notices": [80]}),
        ("2026-05-02", "hold 5", {"left": 100, "notices": [80], "toasts": [80], "emails": [80]}),
    ],
    # Beyond the rules' own: combinations that they don't show.
    "joining on the 1st is charged in full": [
        ("2026-04-01T00:00", "join 1000", {"charged": [3000], "left": 1000, "expires": ["2027-04-01"]}),
    ],
    "joining on the last day is charged for that day, a half rounded up": [
        ("2026-06-30T23:59", "join 300", {"charged": [33], "left": 300}),
        ("2026-07-01T00:00", "look", {"charged": [33, 1000], "left": 600}),
    ],
    "12 months after 29 February is 1 March": [
        ("2028-02-29", "join 300", {"charged": [34], "expires": ["2029-03-01"]}),
        ("2028-02-29", "use 299", {"lots": [1]}),
        ("2029-02-28T23:59", "look", {"lots": [1] + [300] * 12}),
        ("2029-02-28T23:59", "forget lines", {}),
        ("2029-03-01", "look", {"lines": ["-1 expired", "-300 expired", "+300 granted"]}),
    ],
    "what was granted mid-month expires mid-month": [
        ("2026-04-16", "join 300", {}),
        ("2027-04-15T23:59", "forget lines", {"left": 3900}),
        (
            "2027-04-16T00:00",
            "look",
            {"lines": ["-300 expired"], "left": 3600, "charged": [500] + [1000] * 12},
        ),
    ],
    "what is held across a renewal counts in the period in which it is settled": [
        ("2026-04-01", "join 300", {}),
        ("2026-04-30", "hold 240", {"notices": [80], "toasts": [80], "used": 0}),
        ("2026-05-01", "look", {"left": 360, "used": 0, "capacity": 600}),
        ("2026-05-01", "settle 240", {"left": 360, "used": 240, "capacity": 600, "toasts": [80]}),
    ],
    "what a renewal doesn't bring below a threshold is carried and told to nobody": [
        ("2026-04-16", "join 300", {}),
        ("2026-06-30", "hold 900", {"notices": [80, 85, 90, 95], "toasts": [95]}),
        ("2026-07-01", "look", {"notices": [80, 85, 90, 95], "toasts": [95], "left": 300}),
        ("2026-07-02", "hold 180", {"notices": [80, 80, 85, 85, 90, 90, 95], "toasts": [95, 90]}),
    ],
    "a threshold that an expiry crosses is told": [
        ("2026-04-16", "join 3000", {}),
        ("2027-03-31", "hold 3000", {}),
        ("2027-03-31", "hold 28900", {"toasts": [85]}),
        ("2027-03-31", "release 3000 of the first", {}),
        ("2027-04-01", "look", {"left": 10100, "capacity": 39000}),
        ("2027-04-16", "look", {"left": 7100, "capacity": 36000, "toasts": [85, 80], "emails": [85, 80]}),
    ],
    "a threshold crossed in a period that is over is told to nobody": [
        ("2026-04-16", "join 3000", {}),
        ("2027-03-31", "hold 3000", {}),
        ("2027-03-31", "hold 28900", {"toasts": [85]}),
        ("2027-03-31", "release 3000 of the first", {}),
        ("2027-05-01T00:00", "look", {"left": 10100, "toasts": [85], "emails": [85]}),
    ],
    "what was held over a renewal and comes back still expires mid-month": [
        ("2026-04-16", "join 300", {}),
        ("2027-03-31", "hold 300", {"left": 3300}),
        ("2027-04-01", "look", {"left": 3600}),
        ("2027-04-10", "release 300", {"left": 3900}),
        ("2027-04-10", "forget lines", {}),
        ("2027-04-16", "look", {"lines": ["-300 expired"], "left": 3600}),
    ],
}


@pytest.mark.parametrize("steps", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_a_worked_example(books: Books, steps: Steps) -> None:
    for day, action, facts in steps:
        act(books.at(day), action)
        assert {name: FACTS[name](books) for name in facts} == facts, f"{day} {action}"
    assert books.ledger.verify().problems == ()


def act(books: Books, action: str) -> None:
    match action.split():
        case ["look"]:
            books.available()
        case ["forget", "lines"]:
            books.lines()
        case ["join", plan]:
            books.join(plan)
        case [kind, "comes", "in"]:
            books.ledger.charge(books.account, 1, mms=kind == "mms", inbound=True)
        case ["use", credits]:
            books.use(int(credits))
        case ["hold", credits]:
            books.hold(int(credits))
        case ["settle", credits]:
            books.settle(int(credits))
        case ["release", credits]:
            books.release(int(credits))
        case ["release", credits, "of", "the", "first"]:
            books.ledger.release(1, int(credits))
        case _:
            raise AssertionError(action)


def told(books: Books, channel: str) -> list[int]:
    notices = reversed(books.ledger.notices(books.account))
    return [notice.threshold for notice in notices if channel in notice.channels]


FACTS: dict[str, Callable[[Books], object]] = {
    "charged": Books.orders,
    "lines": Books.lines,
    "left": Books.available,
    "lots": Books.lots,
    "used": lambda books: books.ledger.balance(books.account).used,
    "capacity": lambda books: books.ledger.balance(books.account).capacity,
    "expires": lambda books: [str(lot.expires_on) for lot in books.ledger.lots(books.account)],
    "notices": lambda books: sorted(notice.threshold for notice in books.ledger.notices(books.account)),
    "toasts": lambda books: told(books, "screen"),
    "emails": lambda books: told(books, "email"),
}
