"""How worked examples are written down, and played: a local day, what happens, what must then be true.

Facts: `charged` the cents charged and `lines` what was added to the history since the row before; `today`
all lines of the day; `left`,
`allotted`, `purchased`, `held`, `used` and `capacity` of the balance; `lots` what remains of each lot in the
order of use; `expires` each lot's expiry; `plan`, `billing`; `pending`, `pending_billing` what they become;
`period` the days of the current one; `room` the credits that can still be bought; `notices` all thresholds
noted; `toasts`, `emails` those that somebody is told of; `refused` the code with which a rule says no.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from store.errors import TextmeterError
from tests.store.credits.books import Books


class Step(NamedTuple):
    when: str
    action: str
    facts: dict[str, object]


def on(when: str, action: str, **facts: object) -> Step:
    return Step(when, action, facts)


def play(books: Books, steps: list[Step]) -> None:
    for when, action, facts in steps:
        refused = None
        try:
            act(books.at(when) if when else books, action)
        except TextmeterError as error:
            refused = error.code
        assert refused == facts.get("refused"), f"{when} {action}"
        for fact in ("charged", "lines"):
            found = FACTS[fact](books)  # also where it isn't stated, so that each row tells only its own
            assert found == facts.get(fact, found), f"{when} {action}: {fact}"
        stated = {name: FACTS[name](books) for name in facts if name not in ("charged", "lines", "refused")}
        assert stated == {name: facts[name] for name in stated}, f"{when} {action}"
        assert books.ledger.verify().problems == ()


def act(books: Books, action: str) -> None:  # noqa: C901 - a list of words
    match action.split():
        case ["look"]:
            books.available()
        case ["live", "in", zone]:
            books.zone = zone
        case ["join", product, plan, *how]:
            anchor = next((date.fromisoformat(word) for word in how if word.startswith("2")), None)
            books.join(plan, product, "yearly" if "yearly" in how else "monthly", anchor)
        case ["order", plan, *billing]:
            books.order(plan, *billing)
        case ["cancel"]:
            books.cancel()
        case ["withdraw"]:
            books.ledger.withdraw(books.account)
        case ["buy", credits]:
            books.buy(int(credits))
        case ["pay", "with", card]:
            if books.account:
                books.available()
            books.gateway.use(card)
        case ["pay", "what", "is", "owed"]:
            books.ledger.collect(books.account, again=True)
        case [kind, "comes", "in"]:
            books.ledger.charge(books.account, 1, mms=kind == "mms", inbound=True)
        case [count, "sms", "come", "in"]:
            books.ledger.charge(books.account, int(count), inbound=True)
        case ["send", "an", "mms"]:
            books.ledger.charge(books.account, 1, mms=True)
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


def _told(books: Books, channel: str) -> list[int]:
    notices = reversed(books.ledger.notices(books.account))
    return [notice.threshold for notice in notices if channel in notice.channels]


def _period(books: Books) -> str:
    period = books.ledger.balance(books.account).period
    return f"{period.starts} to {period.ends}"


def _room(books: Books) -> int | None:
    room = books.ledger.purchase_room(books.account)
    return room.left if room else None


FACTS: dict[str, Callable[[Books], object]] = {
    "charged": lambda books: books.charged() if books.account else [],
    "lines": lambda books: books.lines() if books.account else [],
    "today": Books.lines_of_today,
    "left": Books.available,
    "lots": Books.lots,
    "allotted": lambda books: books.ledger.balance(books.account).allotted,
    "purchased": lambda books: books.ledger.balance(books.account).purchased,
    "held": lambda books: books.ledger.balance(books.account).held,
    "used": lambda books: books.ledger.balance(books.account).used,
    "capacity": lambda books: books.ledger.balance(books.account).capacity,
    "plan": lambda books: books.ledger.balance(books.account).account.plan,
    "billing": lambda books: books.ledger.balance(books.account).account.billing,
    "pending": lambda books: books.ledger.balance(books.account).account.pending_plan,
    "pending_billing": lambda books: books.ledger.balance(books.account).account.pending_billing,
    "period": _period,
    "room": _room,
    "expires": lambda books: [str(lot.expires_on) for lot in books.ledger.lots(books.account)],
    "notices": lambda books: sorted(notice.threshold for notice in books.ledger.notices(books.account)),
    "toasts": lambda books: _told(books, "screen"),
    "emails": lambda books: _told(books, "email"),
}
