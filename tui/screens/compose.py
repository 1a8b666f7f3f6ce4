"""Compose: who gets a text, what it says, and what that costs at every key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar, NamedTuple, TypeAlias

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static, TextArea

from store import Store
from store.credits.catalog import Product
from store.errors import TextmeterError
from store.messages import media
from store.messages.audience import Audience
from store.messages.estimate import MOST_CHARACTERS as SENDABLE
from store.messages.estimate import Funds, is_instant
from store.messages.media import Attachments
from store.messages.model import BlastSummary, Draft
from store.people.model import Contact
from store.sentences import N_, Sentence, sentence
from store.texts.alphabet import normalise
from tui.app import TextmeterApp
from tui.keeper import Keeper, is_empty
from tui.literal import plain
from tui.screens.base import TextmeterScreen
from tui.widgets.composer import MOST_CHARACTERS, Composer
from tui.widgets.fixes import fixes
from tui.widgets.keybar import KeyBar
from tui.widgets.preview import Preview
from tui.widgets.reading import NEXT_STEPS, Reading, read
from tui.widgets.recipients import Recipients, Suggestion, Token

KEEP_AFTER = 0.3
"""Seconds after a change until the draft is kept."""
TRY_AGAIN_AFTER = 3.0

Question: TypeAlias = Callable[[Store], Draft | None]
"""Which draft to open."""


class _Begun(NamedTuple):
    """What the screen needs from the store to begin with. people, groups: those of the draft."""

    draft: Draft | None
    people: Mapping[int, Contact]
    groups: Mapping[str, int]
    product: Product


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
        Binding(
            "f5",
            "send",
            N_("Send"),
            id="compose.send",
            tooltip=N_("Look over it once more, then send"),
        ),
        Binding(
            "f6",
            "fix",
            N_("Fix characters"),
            id="compose.fix",
            tooltip=N_("Put plain characters in the place of those that make the text Unicode"),
        ),
        Binding(
            "f7",
            "picture",
            N_("Picture"),
            id="compose.picture",
            tooltip=N_("Attach a picture, or take one off"),
        ),
        Binding(
            "f8",
            "preview",
            N_("Preview as"),
            id="compose.preview",
            tooltip=N_("See the text as the next person gets it"),
        ),
        Binding(
            "f4",
            "who",
            N_("Who"),
            id="compose.who",
            show=False,
            tooltip=N_("Everybody who gets it, and who is left out and why"),
        ),
        Binding(
            "ctrl+n",
            "new",
            N_("New draft"),
            id="compose.new",
            show=False,
            tooltip=N_("Begin another text; this one is kept"),
        ),
        Binding(
            "ctrl+o",
            "drafts",
            N_("Open another draft"),
            id="compose.drafts",
            show=False,
            tooltip=N_("Choose among the drafts that were kept"),
        ),
        Binding(
            "escape",
            "leave",
            N_("Home"),
            id="compose.leave",
            show=False,
            tooltip=N_("Back to Home; the draft is kept"),
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._draft = Draft()
        self._tokens: tuple[Token, ...] = ()
        self._change = 0
        self._keeper = Keeper()
        self._kept_id = 0
        self._keep_timer: Timer | None = None
        self._trouble: Sentence | None = None
        self._product: Product | None = None
        self._audience = Audience()
        self._attachments = Attachments()
        self._place = 0
        self._reading: Reading | None = None
        self._reading_now = False
        self._stale = False

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
            self._ask_for(lambda store: store.messages.latest_draft(), unless_written=True)

    def _take_up(self) -> None:
        draft = self.textmeter.draft_to_write
        self.textmeter.draft_to_write = None
        self._keep()
        self._ask_for(lambda store: draft)

    def _ask_for(self, which: Question, *, unless_written: bool = False) -> None:
        account = self.textmeter.account
        assert account is not None

        def question(store: Store) -> _Begun:
            draft = which(store)
            wanted = draft.contacts if draft else ()
            people = {id: contact for id in wanted if (contact := store.people.contact(id))}
            groups = dict(store.people.groups()) if draft and draft.groups else {}
            return _Begun(draft, people, groups, store.credits.product(account))

        self.textmeter.ask(question, partial(self._begun, unless_written), group="draft-open", exclusive=True)

    def _begun(self, unless_written: bool, found: _Begun) -> None:
        self._product = found.product
        if found.draft is not None and (not unless_written or is_empty(self._draft)):
            self._show_draft(found.draft, found.people, found.groups)
        else:
            self._people_changed()
            self._pictures_changed()

    def _show_draft(self, draft: Draft, people: Mapping[int, Contact], groups: Mapping[str, int]) -> None:
        """Makes a draft the one that is written; the former one is kept."""
        self._keep()
        self._keeper = Keeper(draft.id)
        self._kept_id, self._change, self._place = draft.id, 0, 0
        self._draft = replace(draft, body=normalise(draft.body))
        self._tokens = (
            *(_contact_token(people[id]) for id in draft.contacts if id in people),
            *(self._group_token(name, groups.get(name, 0)) for name in draft.groups),
            *(Token("number", number, number) for number in draft.to),
        )
        composer = self.query_one(Composer)
        composer.show(self._draft.body)
        composer.focus()
        if not draft.id:
            self._changed()
        self._people_changed()
        self._pictures_changed()

    def _show_all(self) -> None:
        """Shows what is known in widgets that are new: at first, and after a change of language."""
        self._show_status()
        self._show_people()
        if self._reading is not None:
            self.query_one(Preview).show(self._reading)

    # What changes

    @on(TextArea.Changed)
    def _text_changed(self, changed: TextArea.Changed) -> None:
        body = changed.text_area.text
        if body != self._draft.body:
            self._draft = replace(self._draft, body=body)
            self._changed()
            self._read()

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
        self._changed()
        self._people_changed()

    def _people_changed(self) -> None:
        self._show_people()
        account, draft = self.textmeter.account, self._draft
        if account is not None:
            self.textmeter.ask(
                lambda store: store.messages.audience(
                    draft.to, draft.contacts, draft.groups, account.country
                ),
                self._audience_found,
                group="audience",
                exclusive=True,
            )

    def _audience_found(self, audience: Audience) -> None:
        self._audience = audience
        self._place = 0
        self._show_people()
        self._read()

    def _set_media(self, paths: Sequence[str]) -> None:
        self._draft = replace(self._draft, media=tuple(paths))
        self._changed()
        self._pictures_changed()

    def _pictures_changed(self) -> None:
        self._show_status()
        paths = self._draft.media
        self.textmeter.ask(
            lambda _store: media.inspect(paths), self._pictures_inspected, group="pictures", exclusive=True
        )

    def _pictures_inspected(self, attachments: Attachments) -> None:
        self._attachments = attachments
        self._read()

    @on(Recipients.Left)
    def _recipients_left(self) -> None:
        self.query_one(Composer).focus()

    # Suggestions

    @on(Recipients.Typed)
    def _typed(self, message: Recipients.Typed) -> None:
        if self.textmeter.account is None:
            return
        text = message.text

        def question(store: Store) -> list[Suggestion]:
            wanted = text.removeprefix("#").casefold()
            groups = [found for found in store.people.groups() if wanted in found[0].casefold()][:4]
            people = [] if text.startswith("#") else store.people.contacts(text, limit=8)
            return [
                *(Suggestion(self._group_token(*group), self.gettext("group")) for group in groups),
                *(Suggestion(_contact_token(contact), contact.phone or contact.email) for contact in people),
            ]

        self.textmeter.ask(
            question, partial(self.query_one(Recipients).suggest, text), group="suggestions", exclusive=True
        )

    def _group_token(self, name: str, members: int) -> Token:
        return Token("group", name, f"#{name} ({self.textmeter.language.number(members)})")

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
        self._read()

    def _read(self) -> None:
        """Reads the draft anew: at once where that takes no time, else in a thread, the latest state last."""
        balance, product = self.textmeter.balance, self._product
        if balance is None or product is None or not self.is_mounted:
            return
        work = partial(
            read, self._draft.body, self._audience, self._place, product, Funds.of(balance), self._attachments
        )
        if is_instant(self._draft.body, self._audience):
            self._stale = False
            self._show_reading(work())
        elif self._reading_now:
            self._stale = True
        else:
            self._reading_now = True
            self.textmeter.ask(lambda _store: work(), self._read_in_thread, group="reading")

    def _read_in_thread(self, reading: Reading) -> None:
        self._reading_now = False
        if reading.body == self._draft.body:
            self._show_reading(reading)
        if self._stale:
            self._stale = False
            self._read()

    def _show_reading(self, reading: Reading) -> None:
        labels = self._labels()
        self._reading = reading
        self.query_one(Preview).show(reading)
        if labels != self._labels():
            self.query_one(KeyBar).refresh()

    def _labels(self) -> tuple[object, ...]:
        """What the key bar's look hangs on."""
        reading = self._reading
        if reading is None:
            return ()
        return (
            reading.estimate.credits,
            reading.reader,
            self.why_not("send") is None,
            self.why_not("fix") is None,
        )

    def key_label(self, binding: Binding) -> str:
        label, reading = super().key_label(binding), self._reading
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
        reading = self._reading
        if action == "preview" and not self._audience.recipients:
            return sentence("There is nobody to preview it as yet. Add a number or a contact.")
        if action == "who" and not self._tokens:
            return sentence("There is nobody to send this to yet. Add a number or a contact.")
        if action == "fix" and not (reading and fixes(reading.body)):
            return sentence("Nothing needs to be fixed: the text is plain as it is.")
        if action == "send":
            if reading is None or reading.body != self._draft.body:
                return sentence("Still counting what this costs. Try again in a moment.")
            wrong = [problem for problem in reading.estimate.problems if problem.blocking]
            # What is missing yet explains less than what is wrong.
            wrong.sort(key=lambda problem: problem.code in NEXT_STEPS)
            return wrong[0].says if wrong else None
        return None

    # What is shown around the text

    def _show_people(self) -> None:
        _, language, audience = self.gettext, self.textmeter.language, self._audience
        summary = ""
        if self._tokens:
            count = len(audience.recipients)
            summary = self.ngettext("{count} person", "{count} people", count).format(
                count=language.number(count)
            )
            if audience.left_out:
                left_out = self.ngettext("{count} left out", "{count} left out", len(audience.left_out))
                summary += f", {left_out.format(count=language.number(len(audience.left_out)))}"
        self.query_one(Recipients).show(self._tokens, summary)

    def _show_status(self) -> None:
        _, language = self.gettext, self.textmeter.language
        parts = [Content.styled(f"▣ {plain(Path(path).name)}", "$primary") for path in self._draft.media]
        if self._trouble is not None:
            parts.append(Content.styled(plain(language.say(self._trouble)), "$error"))
        elif self._kept_id:
            parts.append(
                Content(_("Draft {number}, kept as you type").format(number=language.number(self._kept_id)))
            )
        self.query_one("#compose-status", Static).update(Content("  ·  ").join(parts))

    # Keeping

    def _changed(self) -> None:
        """The draft is not what was kept any more."""
        self._change += 1
        if self._keep_timer is None:
            self._keep_timer = self.set_timer(KEEP_AFTER, self._keep)

    def _keep(self) -> None:
        """Keeps the draft, in a thread."""
        timer, self._keep_timer = self._keep_timer, None
        if timer is None:
            return  # nothing changed since
        timer.stop()
        if self.textmeter.account is None:
            self._keep_timer = self.set_timer(KEEP_AFTER, self._keep)
            return
        keeper, draft, change = self._keeper, self._draft, self._change
        self.textmeter.ask(
            lambda store: keeper.keep(store, draft, change),
            partial(self._kept, keeper),
            group="draft-keep",
            failed=self._not_kept,
        )

    def _kept(self, keeper: Keeper, id: int) -> None:
        if keeper is self._keeper and (id != self._kept_id or self._trouble):
            self._kept_id, self._trouble = id, None
            self._show_status()

    def _not_kept(self, error: TextmeterError) -> None:
        self._trouble = sentence("Not kept: {why}", why=error.says)
        self._show_status()
        if self._keep_timer is None:
            self._keep_timer = self.set_timer(TRY_AGAIN_AFTER, self._keep)

    def on_screen_suspend(self) -> None:
        self._keep()

    def on_app_blur(self) -> None:
        self._keep()

    def on_unmount(self) -> None:
        """The app is leaving: what isn't kept yet is kept now, while it still can wait for the store."""
        if self._keep_timer is None or self.textmeter.account is None:
            return
        try:
            with self.textmeter.store.connection():
                self._keeper.keep(self.textmeter.store, self._draft, self._change)
        except TextmeterError as error:
            self.textmeter.failure = error

    # Actions

    def action_send(self) -> None:
        """Asks once more, then sends."""
        from tui.screens.compose_send import SendScreen

        if not self.refused("send") and self._reading is not None:
            self.app.push_screen(
                SendScreen(self._reading, self._draft, self._keeper, self._change, self._sent)
            )

    def _sent(self, blast: BlastSummary) -> None:
        from tui.screens.blast import BlastScreen

        self._renew()
        self.textmeter.refresh_balance()
        self.app.push_screen(BlastScreen(blast.id))
        self.textmeter.deliver()

    def action_new(self) -> None:
        """Begins an empty draft; the present one is kept."""
        if not is_empty(self._draft):
            self._keep()
            self._renew()
        self.query_one(Recipients).focus()

    def _renew(self) -> None:
        if self._keep_timer is not None:
            self._keep_timer.stop()
            self._keep_timer = None
        self._show_draft(Draft(), {}, {})

    def action_drafts(self) -> None:
        """Lists the drafts that were kept."""
        from tui.screens.compose_drafts import DraftsScreen

        self._keep()
        self.app.push_screen(
            DraftsScreen(lambda draft: self._ask_for(lambda store: store.messages.draft(draft.id)))
        )

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
            self._place = (self._place + 1) % len(self._audience.recipients)
            self._read()

    def action_who(self) -> None:
        """Shows everybody who gets it, and who doesn't."""
        from tui.screens.compose_who import WhoScreen

        if not self.refused("who"):
            self.app.push_screen(WhoScreen(self._audience))

    def action_leave(self) -> None:
        """Back to Home."""
        self.textmeter.action_go("home")

    def on_click(self, event: events.Click) -> None:
        if event.widget is not None and event.widget.id == "to-summary":
            self.action_who()


def _contact_token(contact: Contact) -> Token:
    return Token("contact", str(contact.id), contact.name or contact.phone or contact.email)


def _first_word(name: str) -> str:
    """How one calls somebody in a key's label."""
    return plain(name if name.startswith("+") else name.split()[0])[:16]
