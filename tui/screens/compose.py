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
from tui.app import TextmeterApp
from tui.counting import Counting
from tui.keeping import Keeping, is_empty
from tui.literal import plain
from tui.screens.base import TextmeterScreen
from tui.screens.compose_store import Opened, Which, open_draft, suggestions
from tui.widgets.composer import MOST_CHARACTERS, Composer
from tui.widgets.keybar import KeyBar
from tui.widgets.preview import Preview
from tui.widgets.reading import NEXT_STEPS
from tui.widgets.recipients import Recipients, Token


class ComposeScreen(TextmeterScreen):
    """Holds a draft as data; widgets show it and report changes, and the store hears of them in threads."""

    NAME = N_("Compose")
    CSS_PATH = "../styles/compose.tcss"
    HELP: ClassVar[str] = N_(
        "Choose who gets the text, write it, and see at every key what it will cost. Nothing is sent before "
        "you press F5 and then Enter. What you write is kept as you type."
    )
    AUTO_FOCUS = "Composer"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "send", N_("Send"), id="compose.send", tooltip=N_("Look over it once more, then send")),
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
        if self.textmeter.account is not None:
            self._begin()

    @on(TextmeterApp.StoreOpened)
    def _store_opened(self) -> None:
        self._begin()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.textmeter.account is not None and self.textmeter.draft_to_write is not None:
            self._take_up()

    def _begin(self) -> None:
        """Takes up what was asked for, else the latest draft."""
        if self.textmeter.draft_to_write is not None:
            self._take_up()
        else:
            self._open(lambda store: store.messages.latest_draft(), unless_written=True)

    def _take_up(self) -> None:
        draft, self.textmeter.draft_to_write = self.textmeter.draft_to_write, None
        self._keeping.now()
        self._open(lambda store: draft)

    def _open(self, which: Which, *, unless_written: bool = False) -> None:
        account, language = self.textmeter.account, self.textmeter.language
        if account is not None:
            self.textmeter.ask(
                lambda store: open_draft(store, account, which, language),
                partial(self._opened, unless_written),
                group="draft-open",
                exclusive=True,
            )

    def _opened(self, unless_written: bool, opened: Opened) -> None:
        self._counting.product = opened.product
        if opened.draft is not None and (not unless_written or is_empty(self._draft)):
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
        self.textmeter.tell(
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
        text, language = message.text, self.textmeter.language
        if self.textmeter.account is not None:
            self.textmeter.ask(
                lambda store: suggestions(store, text, language),
                partial(self.query_one(Recipients).suggest, text),
                group="suggestions",
                exclusive=True,
            )

    @on(Recipients.Unknown)
    def _unknown(self, message: Recipients.Unknown) -> None:
        self.textmeter.tell(
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
        self._counting.again()

    def _show_cost(self) -> None:
        reading = self._counting.reading
        if not self.is_mounted or reading is None:
            return
        self._show_people()
        self.query_one(Preview).show(reading)
        actions = [self.why_not(action) is None for action in ("send", "fix", "preview")]
        labels = (reading.estimate.credits, reading.reader, *actions)
        if labels != self._labels:  # what the key bar's look hangs on
            self._labels = labels
            self.query_one(KeyBar).refresh()

    def key_label(self, binding: Binding) -> str:
        label, reading = super().key_label(binding), self._counting.reading
        if reading is None:
            return label
        if binding.action == "send" and reading.estimate.credits:
            count = reading.estimate.credits
            return self.ngettext("Send {count} credit", "Send {count} credits", count).format(
                count=self.textmeter.language.number(count)
            )
        if binding.action == "preview" and reading.reader:
            return self.gettext("Preview as {reader}").format(reader=_first_word(reading.reader))
        return label

    def why_not(self, action: str) -> Sentence | None:
        reading = self._counting.reading
        if action == "preview" and not self._counting.audience.recipients:
            return sentence("There is nobody to preview it as yet. Add a number or a contact.")
        if action == "who" and not self._tokens:
            return sentence("There is nobody to send this to yet. Add a number or a contact.")
        if action == "preview" and reading is not None and reading.text == reading.body:
            return sentence(
                "Everybody gets the same text. A field such as {field} makes it another for each.",
                field="{first_name}",
            )
        if action == "fix" and not (reading and reading.fixable):
            return sentence("Nothing needs to be fixed: the text is plain as it is.")
        if action == "send":
            if unfinished := self.query_one(Recipients).unfinished:
                return sentence(
                    "{text} stands behind To, but nobody is chosen by it yet. Press Enter there, or "
                    "delete it.",
                    text=unfinished,
                )
            if reading is None or not self._counting.settled:
                return sentence("Still counting what this costs. Try again in a moment.")
            wrong = [problem for problem in reading.estimate.problems if problem.blocking]
            # What is missing yet explains less than what is wrong.
            wrong.sort(key=lambda problem: problem.code in NEXT_STEPS)
            return wrong[0].says if wrong else None
        return None

    # What is shown around the text

    def _show_all(self) -> None:
        """Shows what is known in widgets that are new: at first, and after a change of language."""
        self._show_status()
        self._show_people()
        self._show_cost()

    def _show_people(self) -> None:
        _, language, audience = self.gettext, self.textmeter.language, self._counting.audience
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
        _, language = self.gettext, self.textmeter.language
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
        from tui.screens.compose_send import SendScreen

        reading = self._counting.reading
        if not self.refused("send") and reading is not None:
            self.app.push_screen(SendScreen(reading, self._draft, self._keeping, self._sent))

    def _sent(self, blast: BlastSummary) -> None:
        from tui.screens.blast import BlastScreen

        self._keeping.forget()
        self._show_draft(Draft(), ())
        self.textmeter.refresh_balance()
        self.app.push_screen(BlastScreen(blast.id))
        self.textmeter.deliver()

    def action_new(self) -> None:
        """Begins an empty draft; the present one is kept."""
        self._show_draft(Draft(), ())
        self.query_one(Recipients).focus()

    def action_drafts(self) -> None:
        """Lists the drafts that were kept."""
        from tui.screens.compose_drafts import DraftsScreen

        self._keeping.now()
        self.app.push_screen(DraftsScreen(self._open_kept))

    def _open_kept(self, draft: Draft) -> None:
        self._open(lambda store: store.messages.draft(draft.id))

    def action_fix(self) -> None:
        """Shows which characters can be replaced, and replaces those that are chosen."""
        from tui.screens.compose_fix import FixScreen

        if not self.refused("fix"):
            self.app.push_screen(FixScreen(self._draft.body, self._rewrite))

    def _rewrite(self, body: str) -> None:
        composer = self.query_one(Composer)
        composer.rewrite(body)
        composer.focus()

    def action_picture(self) -> None:
        """Attaches a picture, or takes one off."""
        from tui.screens.compose_picture import PictureScreen

        self.app.push_screen(PictureScreen(self._draft.media, self._set_media))

    def action_preview(self) -> None:
        """Goes on to the text as the next person gets it."""
        if not self.refused("preview"):
            self._counting.next_reader()

    def action_who(self) -> None:
        """Shows everybody who gets it, and who doesn't."""
        from tui.screens.compose_who import WhoScreen

        if not self.refused("who"):
            self.app.push_screen(WhoScreen(self._counting.audience))

    def action_leave(self) -> None:
        """Back to Home."""
        self.textmeter.action_go("home")

    def on_click(self, event: events.Click) -> None:
        if event.widget is not None and event.widget.id == "to-summary":
            self.action_who()


def _first_word(name: str) -> str:
    """How one calls somebody in a key's label."""
    return plain(name if name.startswith("+") else name.split()[0])[:16]
