"""Is the date right? Asked where so much is due at once that a wrong one would charge for years."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from store.clock import local_date
from store.sentences import N_, Money, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account, Waiting


class Question(NamedTuple):
    """All that is asked about: the computer's day, the one up to which all was done, what is due since."""

    today: date
    done_until: date
    due: Waiting


def read_question(store: Store, account: Account) -> Question:
    """Asks the store for all of it."""
    zone = account.timezone
    return Question(
        local_date(store.clock.of(account.id, None), zone),
        local_date(store.credits.account(account.id).clock_floor, zone),
        store.credits.waiting(account.id),
    )


class DateScreen(TextmeterScreen):
    """Only an owner can say yes, since that charges the card."""

    NAME = N_("Date")
    CSS_PATH = "home.tcss"
    HELP: ClassVar[str] = N_(
        "More than two months of renewals are due at once. That's normal after a long break, "
        "but with a wrong date you'd be charged for time that hasn't come yet. Nothing is "
        "renewed or charged until you confirm the date."
    )

    def __init__(self) -> None:
        super().__init__()
        self._question: Question | None = None

    def actions(self) -> Iterable[Action]:
        yield Action(
            "date.right",
            "enter",
            N_("Confirm date"),
            N_("Bring the account up to date and charge what is due"),
            self._confirm,
            why_not=self._why_not,
        )
        yield Action("date.back", "escape", N_("Not now"), N_("Leave the account as it is"), self.leave)

    def body(self) -> ComposeResult:
        yield Static(id="date")
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        self.load(self.read)

    async def read(self) -> None:
        """Reads what is due."""
        if (account := self.app.account) is not None:
            self._question = await self.app.fetch(lambda store: read_question(store, account))
            self._show()
            self.refresh_bindings()

    def _show(self) -> None:
        if self._question is None or not self.query("#date"):
            return
        lines = [Content(self.app.language.say(line)) for line in _lines(self._question)]
        self.query_one("#date", Static).update(Content("\n\n").join(lines))

    def _why_not(self) -> Sentence | None:
        if self._question is None:
            return sentence("Checking what is due.")
        return self.app.owners_only()

    def _confirm(self) -> None:
        if (account := self.app.account) is not None:
            self.app.finish(self._catch_up(account), once="date")
            self.leave()

    async def _catch_up(self, account: Account) -> None:
        await self.app.fetch(lambda store: store.credits.collect(account.id, confirmed=True))
        self.app.tell(sentence("The account is up to date."))
        self.app.refresh_balance()


def _lines(question: Question) -> tuple[Sentence, ...]:
    return (
        sentence(
            "This computer's date is {today}. The account was last up to date on {day}.",
            today=question.today,
            day=question.done_until,
        ),
        sentence(
            "If that's right, {due} since then, and {cents} will be charged.",
            due=sentences(
                "{count} renewal or expiry has come due",
                "{count} renewals and expiries have come due",
                question.due.boundaries,
            ),
            cents=Money(question.due.charge_cents),
        ),
        sentence("If it's wrong, press Esc and set the clock. Nothing has been renewed or charged."),
    )
