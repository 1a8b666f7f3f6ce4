"""The last look before a text is sent, at once or later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store import Store
from store.messages.model import AT_ONCE, BlastSummary, Draft, Estimate, Purpose, When
from store.sentences import N_, Key, Sentence, sentences
from tui.base.actions import Action
from tui.blasts.leaving import leaves_words, withdrawn_words
from tui.compose.actions import lacking, send_words
from tui.compose.autosave import Keeper
from tui.compose.beside import as_read
from tui.compose.cost import bought_credits
from tui.compose.draft_view import Reading
from tui.compose.giving_reasons import WHEN, ReasonScreen
from tui.compose.leaving import Timing, paid_words, split_words
from tui.compose.preview import kind_words, line_below
from tui.compose.when import WhenScreen
from tui.i18n.sanitize import literal, plain

TEXT_WIDTH = 76
LATER = Key("send.later", "l")


class Rest(NamedTuple):
    """What it would be, if those in quiet hours got it after them."""

    timing: Timing
    estimate: Estimate


class SendScreen(ReasonScreen[Reading, BlastSummary]):
    """Of a text. go_by: called with another time for it to leave, whereupon `show` is called with
    what that takes. asks_when: whether it asks for that first."""

    CSS_PATH = "compose.tcss"
    HELP: ClassVar[str] = N_(
        "Enter holds the credits and starts sending. You can still cancel what hasn't gone out, and its "
        "credits come back. An emergency asks for a reason, which is saved with the text. {when} schedules "
        "it for a day, or for an hour in each recipient's own time zone, once or repeatedly; {rest} sends "
        "it now to everyone who can get it, and to the rest after their quiet hours."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {"when": WHEN, "rest": LATER}

    def __init__(
        self,
        reading: Reading,
        draft: Draft,
        keeper: Keeper,
        change: int,
        explain: Callable[[str], tuple[Draft, int]],
        sent: Callable[[BlastSummary], None],
        others: Callable[[], None],
        go_by: Callable[[When], None],
        *,
        asks_when: bool = False,
    ) -> None:
        super().__init__(reading, draft, keeper, change, explain, sent, others)
        self._go_by = go_by
        self._asks_when = asks_when
        self._when = reading.timing.when if reading.timing else AT_ONCE
        self._rest: Rest | None = None
        self._also: Sentence | None = None
        """What of an emergency goes out by email too."""

    def actions(self) -> Iterable[Action]:
        *asked, back = self.sending()
        yield from asked
        yield Action(
            "send.when",
            "t",
            N_("When"),
            N_("Now, on a day, at an hour, or repeatedly"),
            self.choose_when,
            why_not=self._why_not_later,
            shown=lambda: not self._asks_why,
        )
        yield Action(
            "send.later",
            "l",
            N_("Rest later"),
            N_("Now to everyone who can get it, and to the rest after their quiet hours"),
            self.send_rest_later,
            why_not=self._why_no_rest,
            shown=lambda: self._rest is not None and not self._asks_why,
        )
        yield back

    def anyway_words(self) -> str:
        return self.gettext("Text them anyway")

    def anyway_question(self) -> str:
        return self.gettext("Why text them anyway? The reason is saved with the text.")

    def send_words(self) -> str:
        return send_words(self._reading, self.app.language)

    def hand_over(self, store: Store, account_id: int, draft: Draft, key: str) -> BlastSummary:
        agreed = self._reading.estimate
        agreed = replace(agreed, problems=self._still_wrong(draft, agreed.problems))
        if draft.purpose is Purpose.EMERGENCY and self._when == AT_ONCE:
            return store.emergency.send(account_id, draft, idempotency_key=key, agreed=agreed).blast
        return store.messages.send(account_id, draft, when=self._when, idempotency_key=key, agreed=agreed)

    # When it leaves

    def on_mount(self) -> None:
        self.load(self._read_rest)
        self.load(self._read_also)
        if self._asks_when and self._why_not_later() is None:
            self.choose_when()

    def choose_when(self) -> None:
        """At once or later, once or again and again."""
        if (timing := self._reading.timing) is not None:
            asks_first, self._asks_when = self._asks_when, False
            self.app.push_screen(
                WhenScreen(self._when, timing.timezone, timing.now, again=True),
                lambda when: self.leave() if when is None and asks_first else self._leave_at(when),
            )

    def _leave_at(self, when: When | None) -> None:
        if when is not None and when != self._when:
            self._when, self._rest, self._counting = when, None, True
            self._outcome = Content("")
            self._go_by(when)

    async def _read_rest(self) -> None:
        """What it would be with those who are left out for quiet hours."""
        account, draft, timing = self.app.account, self._draft, self._reading.timing
        left_out = any(one.code == "quiet-hours" for one in self._reading.estimate.left_out)
        if account is None or timing is None or not left_out or self._counting:
            return
        later = replace(timing.when, later=True)

        def read(store: Store) -> Rest:
            audience = store.messages.audience(account.id, draft, later)
            found = store.messages.estimate(account.id, draft, later)
            return Rest(replace(timing, when=later, audience=audience), found)

        rest = await self.app.fetch(read)
        if rest.timing.after_quiet_hours and timing is self._reading.timing:
            self._rest = rest
            self.refresh(recompose=True)
            self.refresh_bindings()

    async def _read_also(self) -> None:
        account, draft = self.app.account, self._draft
        if account is not None and draft.purpose is Purpose.EMERGENCY:
            self._also = await self.app.fetch(lambda store: store.emergency.also(account.id, draft))
            self.query_one("#send-when", Static).update(Content("\n").join(self._when_lines()))

    def _why_no_rest(self) -> Sentence | None:
        wrong = lacking(self._rest.estimate) if self._rest else []
        return self._under_way() or (wrong[0].says if wrong else None)

    def send_rest_later(self) -> None:
        """Sends it to those who can get it at its time, and to the rest after their quiet hours."""
        if (rest := self._rest) is not None:
            self._when = rest.timing.when
            self._reading = replace(self._reading, estimate=rest.estimate, timing=rest.timing)
            super().send()

    # What is shown

    def show(self, reading: Reading) -> None:
        super().show(reading)
        if not self._sending:  # what was put off and then refused leaves as it is shown again
            self._when = reading.timing.when if reading.timing else AT_ONCE
        self._rest = None
        self.load(self._read_rest)

    def body(self) -> ComposeResult:
        language, reading = self.app.language, self._reading
        with VerticalScroll(id="send", can_focus=False):
            yield Static(Content(self._question()), id="send-question")
            yield Static(self._takes())
            yield self.purpose_line()
            yield Static(Content("\n").join(self._when_lines()), id="send-when")
            yield from self.reason_lines()
            if self._rest is not None and not self._asks_why:
                yield Static(self._rest_line(self._rest), id="send-rest")
            if reading.text and reading.reader:
                yield Static(literal(as_read(reading.reader, language)), classes="heading")
                yield Static(self._text(), id="send-text")
            yield from self.left_out_lines()
        outcome = Static(self._outcome, id="send-outcome")  # seen however much stands above it
        outcome.display = bool(self._outcome)
        yield outcome

    def _when_lines(self) -> list[Content]:
        """When it leaves, to whom not, and what is held for it now."""
        language, timing = self.app.language, self._reading.timing
        if timing is None:
            return []
        says = leaves_words(timing.when, language, timing.timezone, timing.now)
        key = "" if self._why_not_later() else f"  {language.key_shown(WHEN)}"
        lines = [Content.assemble((says, "bold" if timing.is_later else ""), (key, "bold $primary"))]
        paid = paid_words(timing, self._reading.estimate.credits, language)
        more = withdrawn_words(timing.when), paid, self._also
        return lines + [Content.styled(language.say(one), "$quiet") for one in more if one]

    def _rest_line(self, rest: Rest) -> Content:
        language = self.app.language
        credits = language.say(sentences("{count} credit", "{count} credits", rest.estimate.credits))
        says = split_words(rest.timing, language)
        key = language.key_shown(LATER)
        return Content.assemble("  ", (key, "bold $primary"), f" {says}  ·  ", (credits, "bold $secondary"))

    def _question(self) -> str:
        reading, cost = self._reading, self._reading.estimate
        if not cost.recipients:
            return self.gettext("Right now, nobody would get this text.")
        if cost.recipients == 1 and reading.reader:
            name = plain(self.app.language.phone(reading.reader))
            return self.gettext("Send this text to {name}?").format(name=name)
        people = sentences(
            "Send this text to {count} person?", "Send this text to {count} people?", cost.recipients
        )
        households = sentences(
            "Send this text to {count} household?", "Send this text to {count} households?", cost.recipients
        )
        return self.app.language.say(households if self._draft.household else people)

    def _takes(self) -> Content:
        _, number = self.gettext, self.app.language.number
        cost = self._reading.estimate
        credits = self.ngettext("{count} credit", "{count} credits", cost.credits).format(
            count=number(cost.credits)
        )
        if bought := bought_credits(cost):
            of_them = self.ngettext("{count} purchased", "{count} purchased", bought)
            credits += f" ({of_them.format(count=number(bought))})"
        left = _("{count} left after").format(count=number(cost.available_after))
        if (timing := self._reading.timing) is not None and timing.after_renewal:
            left = _("estimated")
        return Content.assemble(
            (credits, "bold $secondary"), f"  ·  {left}  ·  {kind_words(self._reading, self.app.language)}"
        )

    def _text(self) -> Content:
        reading = self._reading
        below = line_below(reading, self.app.language, TEXT_WIDTH)
        text = literal(reading.own_text, lines=True)
        return Content("\n").join([text, *(line.stylize("$quiet") for line in below)])
