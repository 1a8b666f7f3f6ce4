"""Compose: who gets a text, what it says, and what that costs at every key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from store.messages.audience import Audience
from store.messages.media import Attachments
from store.messages.model import AT_ONCE, BlastSummary, Draft, Elsewhere, Recipient, When
from store.roles import Role
from store.sentences import N_, sentence
from tui.base.actions import Action
from tui.base.navigation import BuyCredits, ChoosePlan, TextSent
from tui.blasts.leaving import leaves_words
from tui.compose.actions import (
    Step,
    buy_words,
    fix_words,
    is_by_country,
    leads_back,
    next_step,
    send_words,
    what_for,
    why_not_fix,
)
from tui.compose.autosave import PARTED, Keeper
from tui.compose.cost import short_cost_lines
from tui.compose.counting import Texts
from tui.compose.draft_view import Costs, Reading
from tui.compose.editor import Composer
from tui.compose.field_list import FieldList
from tui.compose.for_a_purpose import PurposeScreen
from tui.compose.preview import Preview, kind_words
from tui.compose.reach import NUMBERS, Token
from tui.compose.recipients import Recipients
from tui.compose.text_and_cost import TextAndCost

FOR_WHEN = 110
"""Columns from which on the key bar has room for when it leaves."""


class ComposeScreen(PurposeScreen[Audience, Attachments, Reading]):
    """A text, with pictures maybe."""

    NAME = N_("Compose")
    HELP: ClassVar[str] = N_(
        "Choose who gets the text, write it, and watch the cost as you type. Nothing is sent "
        "until you press {key} and then Enter. Your draft is saved as you type."
    )
    SENDS = "texts"
    REACH = NUMBERS
    FOLLOWED = {
        Elsewhere.SENT: sentence("This text was sent from another window, so the draft is gone."),
        Elsewhere.CHANGED: sentence("This draft was changed in another window. This is the new version."),
    }
    PARTED = PARTED

    def __init__(self) -> None:
        self._texts = Texts()
        super().__init__(self._texts)

    def actions(self) -> Iterable[Action]:
        hidden = partial(Action, in_bar=False)
        yield from self.steps()
        yield self.step(
            "buy",
            N_("Buy credits"),
            N_("Buy what this text is short"),
            self.buy,
            why_not=self.app.owners_only,
            words=lambda: buy_words(self._priced_for(Role.OWNER), self.app.language),
        )
        yield self.step("upgrade", N_("Larger plans"), N_("Keeps the draft"), self.upgrade)
        yield Action(
            "compose.fix",
            "f6",
            N_("Fix characters"),
            N_("Use plain characters and fix fields"),
            self.fix,
            why_not=lambda: why_not_fix(self._estimate.reading),
            words=lambda: fix_words(self._estimate.reading, self.app.language),
        )
        yield from self.actions_of_all(N_("Picture"))
        yield from self.actions_of_purpose()
        yield Action(
            "compose.when",
            "ctrl+l,shift+f9",
            N_("When"),
            N_("Send it later: tomorrow at nine, or every first Monday"),
            self.send_later,
            why_not=self._why_not_send,
            refused=self._lead_to_what_lacks,
            # Where there is room for few keys, Send itself offers it.
            words=lambda: self.gettext("When") if self.app.size.width >= FOR_WHEN else "",
        )
        yield hidden(
            "compose.countries",
            "shift+f4",
            N_("What it costs"),
            N_("People and credits for each country"),
            self.show_countries,
            shown=lambda: is_by_country(self._estimate.reading),
        )

    def body(self) -> ComposeResult:
        self.call_after_refresh(self._show_all)
        yield Recipients(self.REACH)
        with TextAndCost(id="compose-body"):
            with Vertical(id="compose-text"):
                yield Composer(self._draft.body, placeholder=self.gettext("Write your text here"))
                yield Static(id="compose-status")
            yield Preview()
            yield FieldList()

    # What it costs

    def send_words(self) -> str:
        return send_words(self._priced_for(Role.SENDER), self.app.language)

    def costs(self, reading: Reading, width: int) -> Sequence[Content]:
        kind = Content.styled(kind_words(reading, self.app.language), "bold")
        return [kind, *short_cost_lines(reading.estimate, self.app.language, width)]

    def _cost_each(self) -> Callable[[Recipient], int] | None:
        reading, audience = self._estimate.reading, self._estimate.audience
        if reading is None:
            return None
        return Costs(reading.body, audience, self.app.product, mms=reading.pictures > 0).of

    def _next_step(self) -> Step:
        return next_step(self._estimate.reading)

    def _bar_of(self, reading: Reading) -> tuple[object, ...]:
        cost = reading.estimate
        return cost.credits, cost.buy, cost.sendable, bool(reading.fixes), reading.near_misses

    def _leave_at_once(self) -> None:
        if self._texts.when != AT_ONCE:
            self._texts.when = AT_ONCE
            self._show_status()

    # Actions

    def send(self) -> None:
        self._look_over()

    def send_later(self) -> None:
        """Asks when it leaves, then once more, then schedules it."""
        self._look_over(asks_when=True)

    def _look_over(self, *, asks_when: bool = False) -> None:
        from tui.compose.send import SendScreen

        reading, autosave = self._estimate.reading, self._autosave
        if reading is not None:
            sent = partial(self._sent, autosave.keeper)
            others = self._estimate.people_are_others
            draft = self._draft, autosave.keeper, autosave.change
            asking = SendScreen(
                reading, *draft, self._explain, sent, others, self._go_by, asks_when=asks_when
            )
            self._ask(asking)

    def _go_by(self, when: When) -> None:
        """It leaves at another time."""
        self._texts.when = when
        self._estimate.means_changed()
        self._estimate.people_changed(self._draft)
        self._show_status()

    def _show_draft(self, draft: Draft, tokens: tuple[Token, ...], *, focus: bool = True) -> None:
        self._texts.when = AT_ONCE  # which is said anew of each
        super()._show_draft(draft, tokens, focus=focus)

    def _told_beside(self) -> list[Content]:
        when, account = self._texts.when, self.app.account
        if when == AT_ONCE or account is None:
            return []
        reading = self._estimate.reading
        now = reading.timing.now if reading is not None and reading.timing is not None else when.at
        assert now is not None
        return [Content.styled(leaves_words(when, self.app.language, account.timezone, now), "$primary")]

    def _sent(self, keeper: Keeper, blast: BlastSummary) -> None:
        self._was_sent(keeper)
        self.app.post_message(TextSent(blast))

    def buy(self) -> None:
        """Goes to buy as many credits as the text lacks; it is still here afterwards."""
        reading = self._estimate.reading
        if reading is not None:
            self.post_message(BuyCredits(reading.estimate.buy, what_for(reading.estimate)))

    def upgrade(self) -> None:
        """Goes to the plans, which say how many credits the text lacks; it is still here afterwards."""
        reading = self._estimate.reading
        if reading is not None:
            lacking = -reading.estimate.available_after
            self.post_message(ChoosePlan(lacking, leads_back(reading.estimate)))

    def fix(self) -> None:
        """Shows which characters can be replaced, and replaces those that are chosen."""
        from tui.compose.fix import FixScreen

        reading = self._estimate.reading
        if reading is not None:
            fields = self._estimate.audience.fields
            self.app.push_screen(FixScreen(self._draft.body, fields, reading.values, self._rewrite))

    def attach(self) -> None:
        from tui.compose.attach import PictureScreen

        if self.app.account is not None:
            self.app.push_screen(PictureScreen(self._draft.media, self._set_media))

    def show_countries(self) -> None:
        """Shows what goes to each country."""
        from tui.compose.countries import CountriesScreen

        if (reading := self._estimate.reading) is not None:
            self.app.push_screen(CountriesScreen(reading.estimate))

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self.preview) if event.widget is self.preview else None
        if at is not None and at.y and is_by_country(self._estimate.reading):
            self.show_countries()
