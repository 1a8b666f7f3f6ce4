"""The worked examples of the rules, by their numbers, played through on the command line by a demo clock."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.environment import CHECKOUT
from tests.tui.commands.conftest import Textmeter

TEXTS = "account open --demo-clock --timezone America/New_York --product agent-texts --plan"
EMAIL = "account open --demo-clock --timezone America/New_York --product agent-email --plan"
COMMUNITY = "account open --demo-clock --timezone America/New_York --product community-texts --plan"

ARRIVING = [f"+1415555{n:04}" for n in range(100, 200)]
REFUSED = [f"+1{area}{exchange}0000" for area in (212, 415) for exchange in (200, 300, 400, 600, 700)]
"""Numbers that the simulated provider refuses at once."""

FIVE_SEGMENTS, TEN_SEGMENTS = "x" * 765, "x" * 1_530  # of 153 characters each


def send(numbers: list[str], text: str = "Hello", options: str = "") -> str:
    return f"send {options} --to {' '.join(numbers)} -- {shlex.quote(text)}"


EXIT_CODES = {"not-enough-credits": 3, "too-few": 4, "too-many": 4, "no-purchases": 4}


Step = tuple[str, str, Any]
"""A time, a command, and what its JSON has at least: of a list its first items, or all for a tuple."""

ORDER = "orders --limit 1"
LINES = "history --limit 4"

TOLD_80 = {"threshold": 80, "percent": 80, "kind": "fired", "channels": ["email", "screen"]}
FOUR_AT_ONCE = (
    {"threshold": 95, "percent": 96, "kind": "fired", "channels": ["email", "screen"]},
    *({"threshold": percent, "kind": "fired", "channels": []} for percent in (90, 85, 80)),
)

EXAMPLES: dict[str, list[Step]] = {
    "1: joining in the middle of a month": [
        ("2026-04-16", f"{TEXTS} 300", {}),
        ("2026-04-16", ORDER, [{"cause": "join", "charge_cents": 500, "credits": 300}]),
        ("2026-04-16", "balance", {"lots": [{"remaining": 300, "expires_on": "2027-04-16"}]}),
        ("2026-04-16", "balance", {"period": {"starts": "2026-04-01", "ends": "2026-05-01"}}),
    ],
    "2, 3: a renewal, oldest first, an upgrade in the middle of a month": [
        ("2026-04-16", f"{TEXTS} 300", {}),
        ("2026-04-20", "charge 120", {"available": 180}),
        ("2026-05-01", "balance", {"available": 480, "lots": [{"remaining": 180}, {"remaining": 300}]}),
        ("2026-05-01", ORDER, [{"cause": "renewal", "charge_cents": 1_000}]),
        ("2026-05-10", "charge 200", {"available": 280}),
        ("2026-05-10", "balance", {"lots": [{"remaining": 280, "granted_on": "2026-05-01"}]}),
        ("2026-05-20", "plan quote 1000", {"effective": "now", "charge_cents": 774, "credits_now": 700}),
        ("2026-05-20", "plan change 1000 --yes", {"charge_cents": 774, "credits_now": 700}),
        ("2026-05-20", "balance", {"available": 980}),
        ("2026-06-01", "balance", {"available": 1_980}),
        ("2026-06-01", ORDER, [{"charge_cents": 3_000, "credits": 1_000}]),
    ],
    "4: an upgrade right after the renewal": [
        ("2026-05-01", f"{TEXTS} 300", {}),
        ("2026-06-01", "plan change 1000 --yes", {"charge_cents": 2_000, "credits_now": 700}),
    ],
    "4: an upgrade on the last day of a month": [
        ("2026-06-01", f"{TEXTS} 300", {}),
        ("2026-06-30", "plan change 1000 --yes", {"charge_cents": 67, "credits_now": 700}),
    ],
    "4: an upgrade on 29 February": [
        ("2028-02-01", f"{TEXTS} 300", {}),
        ("2028-02-29", "plan change 1000 --yes", {"charge_cents": 69, "credits_now": 700}),
    ],
    "5: two upgrades in one month": [
        ("2026-07-01", f"{TEXTS} 300", {}),
        ("2026-07-05", "plan change 1000 --yes", {"charge_cents": 1_742, "credits_now": 700}),
        ("2026-07-20", "plan change 3000 --yes", {"charge_cents": 1_742, "credits_now": 2_000}),
    ],
    "6: a downgrade takes back what the smaller plan doesn't give": [
        ("2026-08-01", f"{TEXTS} 1000", {}),
        ("2026-08-05", "charge 100", {}),
        ("2026-08-10", "plan change 300 --yes", {"effective": "now", "charge_cents": 0, "credits_now": -700}),
        ("2026-08-10", "balance", {"available": 200, "plan": "300", "pending_plan": None}),
        ("2026-09-01", "balance", {"available": 500}),
        ("2026-09-01", ORDER, [{"charge_cents": 1_000, "credits": 300}]),
    ],
    "7: a downgrade never takes more than is left, and the way back gives what was kept less": [
        ("2026-08-01", f"{TEXTS} 1000", {}),
        ("2026-08-05", "charge 900", {}),
        ("2026-08-10", "plan change 300 --yes", {"credits_now": -100}),
        ("2026-08-10", "balance", {"available": 0}),
        ("2026-08-25", "plan change 1000 --yes", {"charge_cents": 452, "credits_now": 100}),
    ],
    "8: a lot can be used until the day before it expires": [
        ("2025-09-01", f"{TEXTS} 300", {}),
        ("2025-09-02", "charge 260", {}),
        ("2026-08-31T23:59:59", "balance", {"available": 3_340, "lots": [{"remaining": 40}]}),
        ("2026-09-01", LINES, [{"kind": "granted", "delta": 300}, {"kind": "expired", "delta": -40}]),
    ],
    "9: what is held over midnight of its expiry can be sent, and lapses where it comes back": [
        ("2025-09-01", f"{TEXTS} 300", {}),
        ("2025-09-02", "charge 260", {}),
        ("2026-08-31T23:59", send([*ARRIVING[:20], *REFUSED[:10]], options="--no-wait"), {"credits": 30}),
        ("2026-09-01", "balance", {"available": 3_600, "held": 30, "used": 0}),
        ("2026-09-01", LINES, [{"kind": "granted", "delta": 300}, {"kind": "expired", "delta": -10}]),
        ("2026-09-01T00:01", "run --once", {}),
        ("2026-09-01T00:01", "balance", {"available": 3_600, "held": 0, "used": 0}),  # in August
    ],
    "11: a reply is received also where it can't be paid": [
        ("2026-04-16", f"{TEXTS} 300", {}),
        ("2026-04-16", "charge 298", {}),
        (
            "2026-04-17",
            "charge 1 --kind mms --inbound",
            {"charged": 2, "waived": 1, "available": 0},
        ),
        ("2026-04-18", "charge 1 --inbound", {"charged": 0, "waived": 1, "available": 0}),
        (
            "2026-04-18",
            LINES,
            [
                {"kind": "waived", "delta": 0, "amount": 1},
                {"kind": "waived", "delta": 0, "amount": 1},
                {"kind": "used", "delta": -2},
            ],
        ),
    ],
    "12: emails that are left lapse with the month": [
        ("2026-04-01", f"{EMAIL} free", {}),
        ("2026-04-20", "charge 3999", {}),
        ("2026-04-20", "notices", []),
        ("2026-04-21", "charge 1", {}),
        ("2026-04-21", "notices", [{"threshold": 80, "kind": "fired"}]),
        ("2026-05-01", LINES, [{"kind": "granted", "delta": 5_000}, {"kind": "expired", "delta": -1_000}]),
        ("2026-05-01", "balance", {"available": 5_000, "used": 0}),
    ],
    "13: a larger email plan costs the difference, whatever day it is": [
        ("2026-04-01", f"{EMAIL} free", {}),
        ("2026-04-20", "charge 4900", {}),
        ("2026-04-30", "plan change 10000 --yes", {"charge_cents": 900}),
        ("2026-04-30", "balance", {"available": 5_100}),
        ("2026-05-01", LINES, [{"kind": "granted", "delta": 10_000}, {"kind": "expired", "delta": -5_100}]),
        ("2026-05-01", ORDER, [{"charge_cents": 900}]),
    ],
    "14: a smaller email plan begins at the renewal": [
        ("2026-04-01", f"{EMAIL} 25000", {}),
        ("2026-04-05", "charge 3000", {}),
        ("2026-04-12", "plan change 10000 --yes", {"effective": "2026-05-01", "charge_cents": 0}),
        ("2026-04-12", "balance", {"available": 22_000, "plan": "25000", "pending_plan": "10000"}),
        ("2026-05-01", "balance", {"available": 10_000, "plan": "10000", "pending_plan": None}),
        ("2026-05-01", ORDER, [{"charge_cents": 900}]),
    ],
    "15: cancelling leaves the free plan's number in all": [
        ("2026-04-01", f"{EMAIL} 10000", {}),
        ("2026-04-05", "charge 2000", {}),
        ("2026-04-12", "plan cancel --yes", {"to": "free", "effective": "now", "credits_now": -5_000}),
        ("2026-04-12", "balance", {"available": 3_000}),
    ],
    "15: cancelling leaves nothing where more than the free plan's number was used": [
        ("2026-04-01", f"{EMAIL} 10000", {}),
        ("2026-04-05", "charge 7000", {}),
        ("2026-04-12", "plan cancel --yes", {"credits_now": -3_000}),
        ("2026-04-12", "balance", {"available": 0}),
    ],
    "17: renewals are worked out from the anchor day, never from the last one": [
        ("2026-01-31", f"{COMMUNITY} 200", {"anchor": "2026-01-31"}),
        ("2026-01-31", "balance", {"period": {"starts": "2026-01-31", "ends": "2026-02-28"}}),
        ("2026-02-28", "balance", {"period": {"starts": "2026-02-28", "ends": "2026-03-31"}}),
        ("2026-03-31", "balance", {"period": {"starts": "2026-03-31", "ends": "2026-04-30"}}),
        ("2026-04-30", "balance", {"period": {"starts": "2026-04-30", "ends": "2026-05-31"}}),
    ],
    "17: the 30th in a leap year's February": [
        ("2028-01-30", f"{COMMUNITY} 200", {}),
        ("2028-01-30", "balance", {"period": {"starts": "2028-01-30", "ends": "2028-02-29"}}),
    ],
    "18: three months' credits roll over, purchased ones beside them": [
        ("2026-01-15", f"{COMMUNITY} 200", {}),
        ("2026-02-15", "balance", {"allotted": 800}),
        ("2026-03-15", "balance", {"allotted": 1_200}),
        ("2026-03-20", "buy 500 --yes", {"charge_cents": 1_000}),
        ("2026-04-15", LINES, [{"kind": "forfeited", "delta": -400}, {"kind": "granted", "delta": 400}]),
        ("2026-04-15", "balance", {"allotted": 1_200, "purchased": 500}),
    ],
    "18: only what is above is forfeited": [
        ("2026-01-15", f"{COMMUNITY} 200", {}),
        ("2026-03-20", "charge 300", {"available": 900}),
        ("2026-04-15", LINES, [{"kind": "forfeited", "delta": -100}, {"kind": "granted", "delta": 400}]),
    ],
    "19: allotted credits are used before purchased ones, and what fails goes back where it came from": [
        ("2026-04-01", f"{COMMUNITY} 200", {}),
        ("2026-04-02", "charge 250", {}),
        ("2026-04-02", "buy 500 --yes", {}),
        ("2026-04-02", "balance", {"allotted": 150, "purchased": 500}),
        ("2026-04-03", send([*ARRIVING[:18], *REFUSED[:2]], TEN_SEGMENTS, "--no-wait"), {"credits": 200}),
        ("2026-04-03", "balance", {"allotted": 0, "purchased": 450}),
        ("2026-04-03", "run --once", {}),
        ("2026-04-03", "balance", {"allotted": 0, "purchased": 470, "used": 250, "held": 180}),
        ("2026-04-03T00:01", "balance", {"allotted": 0, "purchased": 470, "used": 250 + 180, "held": 0}),
    ],
    "20: purchases are counted by the calendar month, not by the billing cycle": [
        ("2026-04-10", f"{COMMUNITY} 200 --anchor 2026-01-15", {}),
        ("2026-04-10", "buy 99 --yes", {"error": {"code": "too-few"}}),
        ("2026-04-14", "buy 2000 --yes", {"charge_cents": 4_000, "left_this_month": 0}),
        ("2026-04-16", "buy 100 --yes", {"error": {"code": "too-many"}}),
        ("2026-05-01", "buy 100 --yes", {"charge_cents": 200, "left_this_month": 1_900}),
    ],
    "21: less than the least purchase that is left can't be bought": [
        ("2026-04-10", f"{COMMUNITY} 200", {}),
        ("2026-04-11", "buy 1950 --yes", {"left_this_month": 50}),
        ("2026-04-12", "buy 50 --yes", {"error": {"code": "too-many", "left": 50, "least": 100}}),
        ("2026-04-12", "buy 100 --yes", {"error": {"code": "too-many", "left": 50, "least": 100}}),
    ],
    "22: a trial turns into a subscription": [
        ("2026-04-03", f"{COMMUNITY} trial", {}),
        ("2026-04-03", "buy 100 --yes", {"error": {"code": "no-purchases"}}),
        ("2026-04-05", "charge 4", {"available": 6}),
        ("2026-04-10", "plan change 200 --yes", {"from": "trial", "to": "200", "charge_cents": 2_000}),
        ("2026-04-10", LINES, [{"kind": "granted", "delta": 400}, {"kind": "ended", "delta": -6}]),
        ("2026-04-10", "balance", {"available": 400, "period": {"ends": "2026-05-10"}}),
        ("2026-04-10", "account list", [{"anchor": "2026-04-10"}]),
    ],
    "23: where credits are lacking nothing is held, and it is said how many to buy": [
        ("2026-04-03", f"{COMMUNITY} 200", {}),
        ("2026-04-03", "buy 100 --yes", {}),
        ("2026-04-03", "charge 50", {"available": 450}),
        (
            "2026-04-04",
            send(ARRIVING, FIVE_SEGMENTS),
            {"error": {"code": "not-enough-credits", "needed": 500, "available": 450, "buy": 100}},
        ),
        ("2026-04-04", "balance", {"available": 450, "held": 0}),
    ],
    "24, 25: four thresholds at once tell once, and more credits begin anew": [
        ("2026-04-16", f"{TEXTS} 300", {}),
        ("2026-04-20", "charge 100", {}),
        ("2026-05-02", "charge 390", {}),
        ("2026-05-02", "balance", {"capacity": 500, "percent": 78.0}),
        ("2026-05-02", "notices", []),
        ("2026-05-03", "charge 90", {}),
        ("2026-05-03", "balance", {"percent": 96.0}),
        ("2026-05-03", "notices", FOUR_AT_ONCE),
        ("2026-05-04", "plan change 1000 --yes", {"credits_now": 700}),
        ("2026-05-04", "balance", {"capacity": 1_200, "used": 480, "percent": 40.0}),
        ("2026-05-05", "charge 479", {}),
        ("2026-05-05", "notices", FOUR_AT_ONCE),
        ("2026-05-06", "charge 1", {}),
        ("2026-05-06", "notices", (TOLD_80, *FOUR_AT_ONCE)),
    ],
    "26: what comes back and is used again tells nobody twice": [
        ("2026-04-16", f"{TEXTS} 300", {}),
        ("2026-04-20", "charge 100", {}),
        ("2026-05-02", "charge 395", {}),
        ("2026-05-03", send(REFUSED[:5]), {"credits": 5}),
        ("2026-05-03", "balance", {"percent": 79.0}),
        ("2026-05-04", "charge 5", {}),
        ("2026-05-04", "balance", {"percent": 80.0}),
        ("2026-05-04", "notices", (TOLD_80,)),
    ],
    "27: an upgrade that brings nothing costs nothing": [
        ("2026-08-01", f"{TEXTS} 3000", {}),
        ("2026-08-09", "charge 2733", {}),
        ("2026-08-10", "plan change 300 --yes", {"credits_now": -267}),
        ("2026-08-12", "plan quote 1000", {"charge_cents": 0, "credits_now": 0}),
        ("2026-08-12", "plan quote 3000", {"charge_cents": 4_194, "credits_now": 267}),  # 20/31 of $65.00
        ("2026-08-12", "plan change 1000 --yes", {"charge_cents": 0, "credits_now": 0}),
    ],
    "29: a yearly plan that is cancelled goes on until its year is over": [
        ("2026-01-31", f"{COMMUNITY} 200 --billing yearly", {"charge_cents": 20_000}),
        ("2026-02-01", "plan cancel --yes", {"effective": "2027-01-31", "credits_now": 0}),
        ("2026-12-31", "balance", {"plan": "200", "pending_plan": "none", "allotted": 1_200}),
        ("2026-12-31", LINES, [{"kind": "forfeited"}, {"kind": "granted", "delta": 400, "on": "2026-12-31"}]),
        ("2027-01-31", "balance", {"plan": "none", "pending_plan": None, "allotted": 1_200}),
    ],
    "29: a smaller yearly plan begins when the year is over": [
        ("2026-01-31", f"{COMMUNITY} 200 --billing yearly", {"order": 1, "charge_cents": 20_000}),
        (
            "2026-02-01",
            "plan change 100 --yes",
            {
                "effective": "2027-01-31",
                "next_renewal": {"on": "2027-01-31", "charge_cents": 15_000, "credits": 200},
            },
        ),
        ("2026-12-31", "charge 1200", {}),
        ("2026-12-31", "balance", {"plan": "200", "pending_plan": "100", "available": 0}),
        ("2027-01-31", ORDER, [{"cause": "renewal", "charge_cents": 15_000, "credits": 200}]),
        ("2027-01-31", "balance", {"plan": "100", "pending_plan": None, "available": 200}),
    ],
    "30: a community's upgrade is prorated in price and credits": [
        ("2026-04-15", f"{COMMUNITY} 200", {}),
        ("2026-04-25", "plan quote 400", {"charge_cents": 667, "credits_now": 267}),
        ("2026-05-14", "plan change 400 --yes", {"charge_cents": 33, "credits_now": 14}),
        ("2026-05-15", ORDER, [{"charge_cents": 3_000, "credits": 800}]),
    ],
    "31: a community's upgrade in a paid year": [
        ("2026-04-15", f"{COMMUNITY} 200 --billing yearly", {"charge_cents": 20_000}),
        ("2026-10-15", "plan change 400 --yes", {"charge_cents": 4_986, "credits_now": 400}),
    ],
    "33: subscribing anew with more than rolls over": [
        ("2026-01-31", f"{COMMUNITY} 400", {}),
        ("2026-03-31", "plan cancel --yes", {"effective": "2026-04-30"}),
        ("2026-05-05", "balance", {"plan": "none", "available": 2_400}),
        ("2026-05-05", "plan change 50 --yes", {"charge_cents": 1_000, "credits_now": 100}),
        ("2026-06-05", LINES, [{"kind": "forfeited", "delta": -2_300}, {"kind": "granted", "delta": 100}]),
        ("2026-06-05", "balance", {"available": 300}),
    ],
}


def assert_has(found: Any, expected: Any, where: str) -> None:
    """Raises where a value lacks what another has; see `Step`. An empty list is one, and nothing else."""
    if isinstance(expected, dict):
        assert isinstance(found, dict), f"{where}: {found!r}"
        for key, part in expected.items():
            assert_has(found[key], part, f"{where} {key}")
    elif isinstance(expected, tuple) or (
        expected and isinstance(expected, list) and type(expected[0]) is dict
    ):
        enough = len(found) == len(expected) if isinstance(expected, tuple) else len(found) >= len(expected)
        assert enough, f"{where}: {found!r}"
        for at, part in enumerate(expected):
            assert_has(found[at], part, f"{where} {at}")
    else:
        assert found == expected, f"{where}: {found!r}"


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_worked_example(textmeter: Textmeter, example: str) -> None:
    for time, command, expected in EXAMPLES[example]:
        name, *arguments = shlex.split(command)
        json = arguments.index("--") if "--" in arguments else len(arguments)
        done = textmeter("--now", time, name, *arguments[:json], "--json", *arguments[json:])
        assert done.code == EXIT_CODES.get(expected["error"]["code"] if "error" in expected else "", 0), done
        assert_has(done.json, expected, f"{time} {command[:60]}")
    assert textmeter("verify").code == 0


def test_months_away_are_caught_up_once_by_two_processes_at_once(
    textmeter: Textmeter, tmp_path: Path
) -> None:
    """Example 10."""
    assert textmeter("--now", "2026-02-01", *shlex.split(f"{TEXTS} 300")).code == 0
    assert textmeter("--now", "2026-02-10", "charge", "250").code == 0
    program = "import sys; from tui.commands import main; sys.exit(main(sys.argv[1:]))"
    database = str(tmp_path / "textmeter.sqlite3")
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program, "--database", database, "--now", "2026-06-03", "balance"],
            cwd=CHECKOUT,
            stdout=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]
    assert [process.wait() for process in both] == [0, 0]
    assert textmeter("balance", "--json").json["available"] == 1_250
    granted = textmeter("history", "--kind", "granted", "--json").json
    assert [(line["on"], line["delta"], line["balance"]) for line in granted] == [
        ("2026-06-01", 300, 1_250),
        ("2026-05-01", 300, 950),
        ("2026-04-01", 300, 650),
        ("2026-03-01", 300, 350),
        ("2026-02-01", 300, 300),
    ]
    charged = [(order["on"], order["charge_cents"]) for order in textmeter("orders", "--json").json]
    assert charged == [
        ("2026-06-01", 1_000),
        ("2026-05-01", 1_000),
        ("2026-04-01", 1_000),
        ("2026-03-01", 1_000),
        ("2026-02-01", 1_000),
    ]
