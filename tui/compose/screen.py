"""Compose: who gets a text, what it says, and what that costs at every key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from store.messages.estimate import MOST_CHARACTERS as SENDABLE
from store.messages.model import BlastSummary, Draft
from store.sentences import N_, Sentence, sentence
from store.texts.alphabet import normalise
from tui.base.key_bar import KeyBar
from tui.base.navigation import Go, StoreOpened
from tui.base.screen import TextmeterScreen
from tui.compose.actions import NOBODY, STEPS, action_label, next_step, why_not
from tui.compose.autosave import Keeping, is_empty
from tui.compose.editor import MOST_CHARACTERS, Composer
from tui.compose.live_estimate import Counting
from tui.compose.preview import Preview
from tui.compose.queries import Opened, Which, open_draft, suggestions
from tui.compose.recipients import Recipients, Token
from tui.i18n.sanitize import plain


class ComposeScreen(TextmeterScreen):
    """Holds a draft as data; widgets show it and report changes, and the store hears of them in threads."""

    NAME = N_("Compose")
    CSS_PATH = "compose.tcss"
    HELP: ClassVar[str] = N_(
        "Choose who gets the text, write it, and see at every key what it will cost. Nothing is sent before "
        "you press F5 and then Enter. What you write is kept as you type."
    )
    AUTO_FOCUS = "Composer"
    BINDINGS: ClassVar[list[BindingType]] = [
        # One of these at a time: what leads on towards sending.
        Binding("f5", "send", N_("Send"), id="compose.send", tooltip=N_("Look over it once more, then send")),
        Binding("f5", "buy", N_("Buy credits"), id="compose.buy", tooltip=N_("As many as the text lacks")),
        Binding("f5", "upgrade", N_("Larger plans"), id="compose.upgrade", tooltip=N_("Keeps the draft")),
        Binding("f5", "accounts", N_("Another account"), id="compose.accounts", tooltip=N_("One for texts")),
        Binding("f6", "fix", N_("Fix characters"), id="compose.fix", tooltip=N_("Make the text plain again")),
        Binding("f7", "picture", N_("Picture"), id="compose.picture", tooltip=N_("Attach or take off one")),
        Binding("f8", "preview", N_("Preview as"), id="compose.preview", tooltip=N_("As the next gets it")),
        Binding("f4", "who", N_("Who"), show=False, id="compose.who", tooltip=N_("Who gets it, and who not")),
        Binding("ctrl+n", "new", N_("New draft"), show=False, id="compose.new", tooltip=N_("Keeps this one")),
        Binding(
            "ctrl+o",
            "drafts",
            N_("Open another draft"),
            show=False,
            id="compose.drafts",
            tooltip=N_("All kept"),
        ),
        Binding("escape", "leave", N_("Home"), show=False, id="compose.leave", tooltip=N_("Keeps the draft")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._draft = Draft()
        self._tokens: tuple[Token, ...] = ()
        self._keeping = Keeping(self, self._show_status)
        self._counting = Counting(self, self._show_cost)
        self._labels: tuple[object, ...] = ()

    def body(self) -> ComposeResult:
        _ = self.gettext
        self.call_after_refresh(self._show_all)
        yield Recipients(_("To"), _("a name, a #group or a number"))
        with Horizontal(id="compose-body"):
            with Vertical(id="compose-text"):
                yield Composer(self._draft.body, placeholder=_("Write your text here"))
                yield Static(id="compose-status")
            yield Preview()

    # Beginning

    def on_mount(self) -> None:
        if self.app.account is not None:
            self._begin()

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self._begin()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.app.account is not None and self.app.draft_to_write is not None:
            self._take_up()

    def _begin(self) -> None:
        """Takes up what was asked for, else the latest draft."""
        self._counting.means_changed()
        if self.app.draft_to_write is not None:
            self._take_up()
        else:
            self._open(lambda store: store.messages.latest_draft(), unless_written=True)

    def _take_up(self) -> None:
        draft, self.app.draft_to_write = self.app.draft_to_write, None
        self._keeping.now()
        self._open(lambda store: draft)

    def _open(self, which: Which, *, unless_written: bool = False) -> None:
        language = self.app.language
        if self.app.account is not None:
            self.app.ask(
                lambda store: open_draft(store, which, language),
                partial(self._opened, unless_written),
                group="draft-open",
                exclusive=True,
            )

    def _opened(self, unless_written: bool, opened: Opened) -> None:
        if self.is_attached and opened.draft is not None and (not unless_written or is_empty(self._draft)):
            self._show_draft(opened.draft, opened.tokens)
        else:
            self._count_all()

    def _show_draft(self, draft: Draft, tokens: tuple[Token, ...]) -> None:
        """Makes a draft the one that is written; the former one is kept."""
        self._keeping.start(draft.id)
        self._draft, self._tokens = replace(draft, body=normalise(draft.body)), tokens
        composer = self.query_one(Composer)
        composer.show(self._draft.body)
        composer.focus()
        if not draft.id:
            self._keeping.changed(self._draft)
        self._show_status()
        self._count_all()

    def _count_all(self) -> None:
        self._counting.people_changed(self._draft)
        self._counting.pictures_changed(self._draft)

    # What changes

    @on(TextArea.Changed)
    def _text_changed(self, changed: TextArea.Changed) -> None:
        body = changed.text_area.text
        if body != self._draft.body:
            self._draft = replace(self._draft, body=body)
            self._keeping.changed(self._draft)
            self._counting.body_changed(self._draft)

    @on(Composer.TooMuch)
    def _too_much(self, message: Composer.TooMuch) -> None:
        self.app.tell(
            sentence(
                "That would be {length} characters, and {sent} can be sent. Nothing was inserted, and your "
                "text is as it was. Paste {most} at most, and cut them down here.",
                length=message.length,
                sent=SENDABLE,
                most=MOST_CHARACTERS,
            ),
            severity="warning",
        )

    @on(Recipients.Added)
    def _added(self, message: Recipients.Added) -> None:
        new = [token for token in dict.fromkeys(message.tokens) if token not in self._tokens]
        self._choose((*self._tokens, *new))

    @on(Recipients.Removed)
    def _removed(self) -> None:
        if self._tokens:
            self._choose(self._tokens[:-1])

    def _choose(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._draft = replace(
            self._draft,
            to=tuple(token.key for token in tokens if token.kind == "number"),
            contacts=tuple(int(token.key) for token in tokens if token.kind == "contact"),
            groups=tuple(token.key for token in tokens if token.kind == "group"),
        )
        self._keeping.changed(self._draft)
        self._counting.people_changed(self._draft)
        self._show_people()

    def _set_media(self, paths: Sequence[str]) -> None:
        self._draft = replace(self._draft, media=tuple(paths))
        self._keeping.changed(self._draft)
        self._counting.pictures_changed(self._draft)
        self._show_status()

    @on(Recipients.Left)
    def _recipients_left(self) -> None:
        self.query_one(Composer).focus()

    # Suggestions

    @on(Recipients.Typed)
    def _typed(self, message: Recipients.Typed) -> None:
        text, language = message.text, self.app.language
        if self.app.account is not None:
            self.app.ask(
                lambda store: suggestions(store, text, language),
                partial(self.query_one(Recipients).suggest, text),
                group="suggestions",
                exclusive=True,
            )

    @on(Recipients.Unknown)
    def _unknown(self, message: Recipients.Unknown) -> None:
        self.app.tell(
            sentence(
                "Nobody is called {name}, and it is no number. Type a number with its area code, or part of "
                "a name.",
                name=message.text,
            ),
            severity="warning",
        )

    # What it costs

    def balance_changed(self) -> None:
        super().balance_changed()
        self._counting.means_changed()

    def _show_cost(self) -> None:
        reading = self._counting.reading
        if not (self.is_mounted and self.is_attached) or reading is None:
            return
        self._show_people()
        self.query_one(Preview).show(reading)
        cost = reading.estimate
        actions = [self.why_not(action) is None for action in ("send", "fix", "preview")]
        labels = (cost.credits, cost.buy, reading.reader, next_step(reading), *actions)
        if labels != self._labels:  # what the key bar's look hangs on
            self._labels = labels
            self.query_one(KeyBar).refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in STEPS:
            return action == next_step(self._counting.reading)
        return super().check_action(action, parameters)

    def key_label(self, binding: Binding) -> str:
        label = action_label(binding.action, self._counting.reading, self.app.language)
        return label or super().key_label(binding)

    def why_not(self, action: str) -> Sentence | None:
        if action == "who" and not self._tokens:
            return NOBODY
        unfinished = self.query_one(Recipients).unfinished if action == "send" else ""
        return why_not(action, self._counting, unfinished, self.app)

    # What is shown around the text

    def _show_all(self) -> None:
        """Shows what is known in widgets that are new: at first, and after a change of language."""
        if not self.query("#compose-status"):  # the app was left before they could be shown
            return
        self._show_status()
        self._show_people()
        self._show_cost()

    def _show_people(self) -> None:
        _, language, audience = self.gettext, self.app.language, self._counting.audience
        summary = ""
        if self._tokens:
            count = len(audience.recipients)
            summary = self.ngettext("{count} person", "{count} people", count).format(
                count=language.number(count)
            )
            if audience.left_out:
                count = len(audience.left_out)
                says = self.ngettext("{count} left out", "{count} left out", count)
                summary += f", {says.format(count=language.number(count))}"
        refused = frozenset(left_out.to for left_out in audience.left_out)
        self.query_one(Recipients).show(self._tokens, summary, refused)

    def _show_status(self) -> None:
        _, language = self.gettext, self.app.language
        parts = [Content.styled(f"▣ {plain(Path(path).name)}", "$primary") for path in self._draft.media]
        keeping = self._keeping
        if keeping.trouble is not None:
            says = _("Not kept: {why}").format(why=language.say(keeping.trouble))
            parts.append(Content.styled(plain(says), "$error"))
        elif keeping.id:
            says = _("Draft {number}, kept as you type").format(number=language.number(keeping.id))
            parts.append(Content(says))
        self.query_one("#compose-status", Static).update(Content("  ·  ").join(parts))

    # Keeping

    def on_screen_suspend(self) -> None:
        self._keeping.now()

    def on_app_blur(self) -> None:
        self._keeping.now()

    def on_unmount(self) -> None:
        self._keeping.before_leaving()

    # Actions

    def action_send(self) -> None:
        """Asks once more, then sends."""
        from tui.compose.send import SendScreen

        reading = self._counting.reading
        if not self.refused("send") and reading is not None:
            self.app.push_screen(SendScreen(reading, self._draft, self._keeping, self._sent))

    def _sent(self, blast: BlastSummary) -> None:
        from tui.blasts.screen import BlastScreen

        self._keeping.forget()
        self._show_draft(Draft(), ())
        self.app.refresh_balance()
        self.app.push_screen(BlastScreen(blast.id))
        self.app.deliver()

    def action_buy(self) -> None:
        """Goes to buy as many credits as the text lacks; it is still here afterwards."""
        reading = self._counting.reading
        if reading is not None:
            estimate = reading.estimate
            needs = sentence(
                "Your text needs {needed} credits, and {available} are left. It stays as it is.",
                needed=estimate.credits,
                available=estimate.available_before,
            )
            self.app.buy(estimate.buy, needs)

    def action_upgrade(self) -> None:
        """Says how many credits the text lacks, and goes to the plans; it is still here afterwards."""
        if (why := self.why_not("send")) is not None:
            kept = sentence("{why} Your text is kept: F3 leads back to it.", why=why)
            self.app.tell(kept, severity="warning")
            self.post_message(Go("plans"))

    def action_accounts(self) -> None:
        """Goes on with another account."""
        self.app.action_accounts()

    def action_new(self) -> None:
        """Begins an empty draft; the present one is kept."""
        self._show_draft(Draft(), ())
        self.query_one(Recipients).focus()

    def action_drafts(self) -> None:
        """Lists the drafts that were kept."""
        from tui.compose.drafts import DraftsScreen

        self._keeping.now()
        self.app.push_screen(DraftsScreen(self._keeping.drafts(), self._open_kept))

    def _open_kept(self, draft: Draft) -> None:
        self._open(lambda store: store.messages.draft(draft.id))

    def action_fix(self) -> None:
        """Shows which characters can be replaced, and replaces those that are chosen."""
        from tui.compose.fix import FixScreen

        reading = self._counting.reading
        if not self.refused("fix") and reading is not None:
            self.app.push_screen(FixScreen(self._draft.body, reading.values, self._rewrite))

    def _rewrite(self, body: str) -> None:
        composer = self.query_one(Composer)
        composer.rewrite(body)
        composer.focus()

    def action_picture(self) -> None:
        """Attaches a picture, or takes one off."""
        from tui.compose.attach import PictureScreen

        if not self.refused("picture"):
            self.app.push_screen(PictureScreen(self._draft.media, self._set_media))

    def action_preview(self) -> None:
        """Goes on to the text as the next person gets it."""
        if not self.refused("preview"):
            self._counting.next_reader()

    def action_who(self) -> None:
        """Shows everybody who gets it, and who doesn't."""
        from tui.compose.audience import WhoScreen

        if not self.refused("who"):
            self.app.push_screen(WhoScreen(self._counting.audience))

    def action_leave(self) -> None:
        """Back to Home."""
        self.post_message(Go("home"))

    def on_click(self, event: events.Click) -> None:
        if event.widget is not None and event.widget.id == "to-summary":
            self.action_who()
