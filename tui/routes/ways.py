"""The actions that lead to a screen from wherever one is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from store.sentences import N_
from tui.base.actions import Action
from tui.base.navigation import BuyCredits
from tui.demo.mode import CLOCK_STEPS
from tui.routes.way_around import WayAround


def by_f_key(app: WayAround) -> Iterable[Action]:
    """To where one goes most."""
    go = partial(_go, app)
    yield go("f2,g h", "home", N_("Home"), N_("What is left, at a glance"))
    yield go("f3,g c,g w", "compose", N_("Write"), app.write_tooltip, N_("compose send text email message"))
    yield go(
        "g i,shift+f3", "inbox", N_("Inbox"), N_("Read and answer replies"), N_("reply replies messages")
    )
    yield go("f9,g y", "history", N_("History"), N_("Every credit you got or used"))
    yield go("f10,g p", "contacts", N_("Contacts"), N_("Your address book"), N_("people import group"))
    yield go(
        "f12,g l",
        "plans",
        N_("Plans"),
        N_("Compare your plan with all the others"),
        N_("subscription upgrade billing payment"),
    )


def by_letter(app: WayAround) -> Iterable[Action]:
    """To everywhere else, after g."""
    go = partial(_go, app)
    yield go(
        "g m",
        "smartplans",
        N_("SmartPlans"),
        N_("Series of emails, texts and tasks that run by themselves"),
    )
    yield go("g u", "usage", N_("Usage"), N_("What you used, by day, type and month"))
    yield Action(
        "go.campaigns",
        "g e",
        N_("Sent emails"),
        N_("Their progress and how each one did"),
        partial(app.go, "campaigns"),
        shown=lambda: app.account is not None and app.product.sends == "emails",
        in_bar=False,
    )
    yield go(
        "g s",
        "scheduled",
        N_("Scheduled"),
        N_("See, move or cancel what goes out later"),
        N_("schedule"),
    )
    yield go(
        "g x",
        "consent",
        N_("Opt-outs"),
        N_("Who you may text, since when and why"),
        N_("unsubscribe consent"),
    )
    yield go("g t", "templates", N_("Templates"), N_("Texts you can reuse, with their cost"))
    yield Action(
        "go.notices",
        "g n",
        N_("Notices"),
        N_("Usage thresholds you have reached"),
        partial(app.go, "notices"),
        words=app.notices_words,
        in_bar=False,
    )
    yield Action(
        "go.buy",
        "g b",
        N_("Buy credits"),
        N_("Extra credits on top of your plan"),
        lambda: app.post_message(BuyCredits()),
        why_not=app.owners_only,
        shown=lambda: app.sells_credits,
        in_bar=False,
    )
    yield Action(
        "go.rates",
        "g r,ctrl+r",
        N_("Rates"),
        N_("What a text costs in each country"),
        app.open_rates,
        shown=lambda: app.account is not None,
        in_bar=False,
    )
    yield go("g v", "diagnostics", N_("Diagnostics"), N_("Versions, paths, database and log; find problems"))
    yield Action(
        "go.orders",
        "g o",
        N_("Orders"),
        N_("All orders and their receipts"),
        app.open_orders,
        shown=lambda: app.account is not None,
        in_bar=False,
    )
    yield go(
        "g comma",
        "settings",
        N_("Settings"),
        N_("Theme, language, mail, payments and limits"),
        N_("preferences options"),
    )
    yield Action(
        "go.keys",
        "g k",
        N_("Keys"),
        N_("Every action with its keys, and putting it on others"),
        app.open_keys,
        in_bar=False,
        needs_store=False,
    )
    yield Action(
        "go.senders",
        "g f",
        N_("Senders"),
        N_("The numbers and addresses you send from"),
        app.open_senders,
        shown=lambda: app.account is not None,
        in_bar=False,
    )
    yield Action(
        "go.accounts",
        "g a",
        N_("Accounts"),
        N_("Switch to another account, or open one"),
        app.open_accounts,
        shown=lambda: app.account is not None,
        in_bar=False,
    )


def through_demo(app: WayAround) -> Iterable[Action]:
    """To what is there only with demo data, or a demo clock."""
    yield Action(
        "go.clock",
        "g d",
        N_("Clock"),
        N_("What the demo clock says, and what comes next"),
        app.open_clock,
        shown=lambda: app.clock_shown,
        in_bar=False,
    )
    for step, name in CLOCK_STEPS.items():
        yield Action(
            f"clock.{step}",
            "",
            name,
            N_("Processes every renewal and expiry on the way"),
            partial(app.forward, step),
            why_not=app.owners_only,
            shown=lambda: app.clock_shown,
        )
    yield Action(
        "go.tour",
        "",
        N_("Tour"),
        N_("A six-step tour of the demo data"),
        app.tour,
        shown=lambda: app.demo_shown,
    )


def _go(
    app: WayAround, key: str, mode: str, label: str, tooltip: str | Callable[[], str], also: str = ""
) -> Action:
    return Action(f"go.{mode}", key, label, tooltip, partial(app.go, mode), in_bar=False, also=also)
