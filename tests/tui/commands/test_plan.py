"""`textmeter plan`, `buy` and `orders`: nothing is ordered unless somebody agreed to what it does."""

from __future__ import annotations

import pytest

from tests.tui.commands.conftest import Textmeter, open_account


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits at the terminal."""
    monkeypatch.setattr("tui.commands.context.can_ask", lambda: True)


@pytest.fixture
def community(textmeter: Textmeter) -> Textmeter:
    """The command line on a database with a community of 200 accounts, on 16 April 2026."""
    opening = ["account", "open", "--product", "community-texts", "--plan", "200", "--timezone", "UTC"]
    assert textmeter("--now", "2026-04-16", *opening, "--demo-clock", "--yes").code == 0
    return textmeter


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("yes", [b"y\n", b"Yes\n"])
def test_who_agrees_gets_what_was_quoted(demo: Textmeter, yes: bytes) -> None:
    done = demo("plan", "change", "1000", stdin=yes)
    assert done.code == 0
    # $20.00 for the 15 days left of April's 30.
    assert done.err.startswith("Today: $10.00, which is $30.00 minus $10.00, for 15 of 30 days")
    assert done.err.endswith("Place this order? [y/N] ")
    assert done.out.endswith("Order 2 complete: $10.00, paid with Visa 4242.\n")
    assert demo("balance", "--json").json["plan"] == "1000"


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("no", [b"n\n", b"\n", b"", b"perhaps\n"])
@pytest.mark.parametrize("command", [["plan", "change", "1000"], ["plan", "cancel"], ["buy", "100"]])
def test_anything_but_yes_orders_nothing(community: Textmeter, no: bytes, command: list[str]) -> None:
    if command[0] == "plan" and command[-1] == "1000":
        command = ["plan", "change", "400"]
    done = community(*command, stdin=no)
    assert done.code == 1
    assert done.err.endswith("Nothing was changed.\n")
    assert len(community("orders", "--json").json) == 1
    assert community("balance", "--json").json["pending_plan"] is None


@pytest.mark.usefixtures("answers")
def test_what_is_asked_doesnt_mix_with_the_answer(demo: Textmeter) -> None:
    done = demo("plan", "change", "1000", "--json", stdin=b"y\n")
    assert done.json["order"] == 2
    assert "Place this order?" in done.err


def test_without_anybody_to_ask_it_says_to_add_yes(community: Textmeter) -> None:
    for command in (["plan", "change", "400"], ["plan", "cancel"], ["buy", "100"]):
        done = community(*command)
        assert (done.code, done.out) == (2, "")
        assert "Add --yes" in done.err
    assert len(community("orders", "--json").json) == 1


def test_people_read_the_plans_side_by_side(community: Textmeter) -> None:
    headings, *lines = community("plan", "list").out.splitlines()
    assert " ".join(headings.split()) == "Plan Accounts Credits A month Per credit"
    assert lines[2].split()[:5] == ["200", "200", "400", "$20.00", "$0.050"]
    assert lines[2].endswith("your plan")
    assert lines[-1] == "After your first full month, you'll see which plan fits you best."


def test_yearly_prices_are_those_of_ten_months(community: Textmeter) -> None:
    quote = community("plan", "quote", "200", "--billing", "yearly", "--json").json
    assert (quote["change"], quote["charge_cents"], quote["effective"]) == ("billing", 0, "2026-05-16")
    assert quote["next_renewal"] == {"on": "2026-05-16", "charge_cents": 20_000, "credits": 400}


def test_a_credit_of_a_yearly_plan_costs_a_twelfth_of_the_years_price(textmeter: Textmeter) -> None:
    how = "account open --product community-texts --plan 200 --billing yearly --timezone UTC"
    textmeter(*how.split())
    headings, *lines = textmeter("plan", "list").out.splitlines()
    assert " ".join(headings.split()) == "Plan Accounts Credits A year Per credit"
    assert lines[2].split()[:5] == ["200", "200", "400", "$200.00", "$0.042"]  # $200 for 12 times 400


def test_what_is_pending_is_said_and_withdrawn(community: Textmeter) -> None:
    community("plan", "change", "50", "--yes")
    assert "starting May 16, 2026" in community("plan", "list").out
    assert "On May 16, 2026, you switch to 100 credits a month" in community("balance").out
    assert community("plan", "withdraw").out == "Change withdrawn: you stay on plan 200.\n"
    assert "starting May 16, 2026" not in community("plan", "list").out


def test_a_change_of_billing_is_said_wherever_a_pending_plan_is(community: Textmeter) -> None:
    community("plan", "change", "200", "--billing", "yearly", "--yes")
    assert "billed yearly from May 16, 2026" in community("plan", "list").out
    assert "for 200 accounts, for $200.00 a year." in community("balance").out
    assert "This withdraws the pending billing change" in community("plan", "quote", "100").out


def test_a_change_and_a_cancellation_print_every_line_of_their_quotes(community: Textmeter) -> None:
    for plan in ("400", "50"):
        quoted = community("plan", "quote", plan).out
        done = community("plan", "change", plan, "--yes").out
        assert done.startswith(quoted)
        assert "Order" in done.removeprefix(quoted)
    cancelled = community("plan", "cancel", "--yes").out
    assert cancelled.startswith(
        "Today: no charge.\nCredits now: no change. You keep them after May 16, 2026.\n"
    )
    assert "This withdraws the cancellation." in community("plan", "quote", "50").out
    assert "You can withdraw this until May 16, 2026.\n" in cancelled


def test_a_withdrawal_stands_among_the_orders(community: Textmeter) -> None:
    for _ in range(3):
        community("plan", "cancel", "--yes")
        community("plan", "withdraw")
    orders = community("orders", "--json").json
    assert [order["cause"] for order in orders] == [*["withdrawn", "cancel"] * 3, "join"]
    withdrawn = orders[0]
    assert (withdrawn["from"], withdrawn["plan"], withdrawn["charge_cents"]) == ("none", "200", 0)
    _, newest, before, *_ = community("orders").out.splitlines()
    assert "change withdrawn" in newest
    assert newest.endswith("no charge")
    assert before.endswith("no charge")


# The same order twice


def test_what_is_bought_twice_under_one_key_is_bought_once(community: Textmeter) -> None:
    buy = ["buy", "2000", "--yes", "--idempotency-key", "nov-29"]
    first, again = community(*buy, "--json"), community(*buy, "--json")
    assert (first.code, first.json) == (0, again.json)
    assert len(community("orders", "--json").json) == 2
    assert "Order 2 complete: $40.00" in community(*buy).out


def test_a_plan_that_is_changed_twice_under_one_key_is_changed_once(community: Textmeter) -> None:
    change = ["plan", "change", "400", "--yes", "--idempotency-key", "grow"]
    first = community(*change, "--json").json
    again = community("--now", "2026-07-01", *change, "--json").json
    assert "on Apr 16, 2026 with the same key" in again.pop("explanation")[0]
    del first["explanation"]
    assert first == again
    assert len([one for one in community("orders", "--json").json if one["cause"] == "upgrade"]) == 1


@pytest.mark.parametrize(
    "other",
    [
        ["buy", "600", "--yes"],
        ["plan", "change", "400", "--yes"],
        ["send", "--to", "+14155550123", "Hi"],
    ],
    ids=["another number", "another command", "a text"],
)
def test_a_key_is_refused_for_something_else(community: Textmeter, other: list[str]) -> None:
    community("buy", "500", "--yes", "--idempotency-key", "a")
    refused = community(other[0], *other[1:], "--idempotency-key", "a", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (4, "idempotency-key-reused")
    assert len(community("orders", "--json").json) == 2


def test_a_key_of_a_text_is_refused_for_an_order(community: Textmeter) -> None:
    community("send", "--to", "+14155550123", "--idempotency-key", "a", "Hi")
    refused = community("buy", "500", "--yes", "--idempotency-key", "a", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (4, "idempotency-key-reused")


def test_what_was_declined_can_be_ordered_under_its_key_with_another_card(community: Textmeter) -> None:
    buy = ["buy", "500", "--yes", "--idempotency-key", "a", "--json"]
    community("card", "4000000000000002")
    assert community(*buy).code == 5
    community("card", "4242424242424242")
    assert community(*buy).json["order"] == 2
    assert community(*buy).json["order"] == 2
    assert community("buy", "600", "--yes", "--idempotency-key", "a").code == 4


@pytest.mark.usefixtures("answers")
def test_what_was_refused_by_oneself_uses_no_key(community: Textmeter) -> None:
    assert community("buy", "500", "--idempotency-key", "a", stdin=b"n\n").code == 1
    assert community("buy", "600", "--idempotency-key", "a", stdin=b"y\n").code == 0


def test_people_read_what_they_bought(community: Textmeter) -> None:
    assert community("buy", "500", "--yes").out == (
        "Order 2 complete: $10.00, paid with Visa 4242.\nYou can buy 1,500 more this calendar month.\n"
    )


def test_a_declined_card_changes_nothing_and_says_what_to_do(community: Textmeter) -> None:
    community("card", "4000000000009995")
    for command in (["plan", "change", "400", "--yes"], ["buy", "100", "--yes"]):
        done = community(*command, "--json")
        assert (done.code, done.json["error"]["decline"]) == (5, "insufficient_funds")
    assert community("balance", "--json").json["available"] == 400
    assert len(community("orders", "--json").json) == 1


def test_a_renewal_that_was_declined_is_owed_until_it_is_paid(demo: Textmeter) -> None:
    demo("card", "4000000000000002")
    balance = demo("--now", "2026-05-02", "balance", "--json").json
    assert (balance["owed"], balance["available"]) == (1_000, 300)
    (renewal, _joining) = demo("orders", "--json").json
    assert (renewal["state"], renewal["charge_cents"], renewal["card"]) == ("unpaid", 1_000, None)
    assert "The card was declined" in renewal["reason"]
    refused = demo("plan", "change", "1000", "--yes", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (4, "unpaid-order")
    still = demo("orders", "pay", "--yes", "--json")
    assert (still.code, still.json["error"]["orders"]) == (5, [2])
    assert demo("renew", "--json").json["unpaid"] == 1
    demo("card", "4242424242424242")
    assert demo("orders", "pay", "--json").json["error"]["code"] == "not-confirmed"
    paid = demo("orders", "pay", "--yes", "--json").json
    assert (paid["order"], paid["state"], paid["card"], paid["credits"]) == (2, "paid", "Visa 4242", 300)
    assert demo("renew", "--json").json["unpaid"] == 0
    balance = demo("balance", "--json").json
    assert (balance["owed"], balance["available"]) == (0, 600)
    nothing = demo("orders", "pay", "--yes", "--json")
    assert (nothing.code, nothing.json["error"]["code"]) == (4, "nothing-owed")


def test_what_is_owed_is_said_where_one_looks_at_what_is_left_and_where_one_sends(demo: Textmeter) -> None:
    demo("card", "4000000000000002")
    says = "You have owed $10.00 since May 1, 2026. When you pay, you get 300 credits."
    assert f"{says} Pay with `textmeter orders pay`." in demo("--now", "2026-05-02", "balance").out
    assert says in demo("send", "--to", "+14155550123", "Hi").err
    assert says in demo("estimate", "--to", "+14155550123", "Hi").out


def test_a_quote_that_must_wait_for_what_is_owed_says_so(demo: Textmeter) -> None:
    demo("card", "4000000000000002")
    says = "You have owed $10.00 since May 1, 2026."
    assert says in demo("--now", "2026-05-02", "plan", "quote", "1000").err
    demo("card", "4242424242424242")
    demo("orders", "pay", "--yes")
    assert demo("plan", "quote", "1000").err == ""


def test_people_read_their_orders_and_why_one_is_unpaid(demo: Textmeter) -> None:
    demo("card", "4000000000000002")
    demo("--now", "2026-05-02", "balance")
    done = demo("orders")
    _headings, renewal, joining = done.out.splitlines()
    assert renewal.split()[:5] == ["2", "May", "1,", "2026", "renewal"]
    assert renewal.split()[-1] == "unpaid"
    assert joining.split()[-3:] == ["Visa", "4242", "paid"]
    assert done.err.startswith("Order 2: The card was declined")


def test_all_accounts_are_renewed_or_the_one_that_is_named(demo: Textmeter) -> None:
    opening = ["account", "open", "--product", "agent-email", "--plan", "free", "--timezone", "UTC"]
    assert demo("--now", "2026-04-20", *opening, "--demo-clock").code == 0
    assert demo("--account", "1", "--now", "2026-06-02", "renew", "--json").json == {
        "boundaries": 2,
        "accounts": 1,
        "unpaid": 0,
        "waiting": None,
    }
    assert demo("--now", "2026-07-02", "renew", "--json").json == {
        "boundaries": 1 + 3,
        "accounts": 2,
        "unpaid": 0,
        "waiting": None,
    }
    assert demo("renew").out == "2 accounts are up to date, 0 renewals and expirations processed.\n"


def test_a_real_account_is_left_in_its_own_time_when_all_are_renewed(account: Textmeter) -> None:
    refused = account("--now", "2030-01-01", "renew", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (4, "no-demo-clock")
    assert account("renew", "--json").json["boundaries"] == 0


def test_no_clock_is_moved_where_one_of_the_accounts_is_by_the_real_one(demo: Textmeter) -> None:
    open_account(demo)
    refused = demo("--now", "2026-07-02", "renew", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (4, "no-demo-clock")
    assert demo("--account", "1", "clock", "--json").json["now"] == "2026-04-16T00:00:00-04:00"


def test_people_read_where_the_clock_stands(demo: Textmeter) -> None:
    assert "Apr 16, 2026" in demo("clock").out
    assert "Nothing was due." in demo("clock", "advance", "--days", "1").out
    assert "1 renewal or expiration processed." in demo("clock", "advance", "--to-renewal").out


def test_a_day_is_a_day_where_the_clocks_change(demo: Textmeter) -> None:
    """On 1 November 2026, New York has 25 hours."""
    demo("--now", "2026-10-31T12:00", "balance")
    assert demo("clock", "advance", "--days", "1", "--json").json["now"] == "2026-11-01T12:00:00-05:00"


def test_the_real_clock_is_neither_shown_as_a_demo_nor_moved(account: Textmeter) -> None:
    for command in (["clock"], ["clock", "advance", "--days", "1"], ["clock", "advance", "--to-renewal"]):
        done = account(*command, "--json")
        assert (done.code, done.json["error"]["code"]) == (4, "no-demo-clock")
