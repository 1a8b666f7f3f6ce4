"""The inbox: who wrote, what was said, and answering it in place."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static, TextArea

from store.messages.model import Line, Place, Purpose, Template, Thread
from store.people.model import ConsentState
from store.roles import Role
from store.sentences import N_, Key, Sentence, sentence
from tui.base.actions import Action
from tui.base.navigation import ChooseTemplate, Go, OpenContact, OpenInbox, SaveTemplate, StoreOpened
from tui.base.picker import PickScreen
from tui.base.screen import TextmeterScreen
from tui.base.undoing import Deed
from tui.compose.editor import Composer
from tui.consent.noting import noted, noted_deed
from tui.i18n.sanitize import literal, plain
from tui.inbox import presentation as words
from tui.inbox.answering import Answering
from tui.inbox.assigning import AssignScreen
from tui.inbox.pictures import SavePictureScreen, why_not_saved
from tui.inbox.presentation import Pictured, pictured
from tui.inbox.queries import PAGE, Opened, draft_to, earlier, opened
from tui.inbox.thread_view import ThreadView
from tui.widgets.line_list import PagedList

DECIDING = {"out": Key("inbox.out", "o"), "no": Key("inbox.yes", "y")}

SAY_ANSWERING = 10.0
"""Seconds after which whoever is writing is shown to the others again."""


class ThreadList(PagedList[Thread]):
    """Two lines a conversation: with whom and when, and what was said last."""

    ROWS = 2

    def _fill(self, items: Sequence[Thread]) -> None:
        """What comes in is seen by whoever looks at the top of the list."""
        at_top = self.scroll_offset.y == 0
        super()._fill(items)
        if at_top and (self._cursor + 1) * self.ROWS <= self.size.height:
            self.scroll_to(y=0, animate=False, force=True, immediate=True)


class InboxScreen(TextmeterScreen):
    """The conversations at the left, the chosen one at the right; on a narrow terminal one of them."""

    NAME = N_("Inbox")
    CSS_PATH = "inbox.tcss"
    AUTO_FOCUS = "#threads"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (100, "-wide")]
    HELP: ClassVar[str] = N_(
        "Everyone who wrote to you, latest first. A dot marks messages nobody has read; a ! marks one that "
        "may be an opt-out, such as “wrong number”, for you to decide. Enter opens a conversation: type "
        "your reply at the bottom and press Enter to send it. Shift+Enter or Ctrl+J starts a new line."
    )
    threads: getters.query_one[ThreadList] = getters.query_one("#threads", ThreadList)
    search = getters.query_one("#search", Input)
    empty = getters.query_one("#empty", Static)
    head = getters.query_one("#who", Static)
    view = getters.query_one(ThreadView)
    reply = getters.query_one("#reply", Composer)
    cost = getters.query_one("#cost", Static)

    def __init__(self) -> None:
        super().__init__()
        self._search = ""
        self._answers = 0
        self._phone = ""
        self._wanted = ""
        """A conversation that is to be opened as soon as it is there."""
        self._opened: Opened | None = None
        self._place: Place | None = None
        self._said_at = 0.0
        self._answer = Answering(self, self._show_cost)

    # What can be done

    def actions(self) -> Iterable[Action]:
        yield Action("inbox.back", "escape", N_("Back"), N_("Back to the list, or Home"), self.back)
        yield Action(
            "inbox.send",
            "enter",
            N_("Send"),
            N_("Send this reply now"),
            self.send,
            why_not=self._why_not_send,
            words=self._send_words,
            shown=lambda: self.is_mounted and self.reply.has_focus,
            priority=True,
        )
        yield Action(
            "inbox.open",
            "enter",
            N_("Reply"),
            N_("Open the conversation to read it and reply"),
            self.open,
            why_not=self._nothing,
            shown=self._not_typing,
        )
        yield Action(
            "inbox.out",
            "o",
            N_("Opt out"),
            N_("They don't want texts: send them nothing more"),
            lambda: self._decide(out=True),
            why_not=self._why_not_out,
            shown=self._not_typing,
        )
        yield Action(
            "inbox.yes",
            "y",
            N_("Dismiss"),
            N_("They didn't mean to opt out: you may still text them"),
            lambda: self._decide(out=False),
            role=Role.SENDER,
            shown=lambda: self._not_typing() and self._asks(),
        )
        yield Action(
            "inbox.unread",
            "u",
            N_("Unread"),
            N_("Mark as unread, or as read"),
            self.toggle_unread,
            why_not=lambda: self._nothing() or self.app.lacks(Role.SENDER),
            words=lambda: self.gettext("Read") if self._is_unread() else self.gettext("Unread"),
            shown=self._not_typing,
        )
        yield Action(
            "inbox.search",
            "slash",
            N_("Find"),
            N_("Search your conversations"),
            self.find,
            shown=self._not_typing,
            anywhere=True,
        )
        yield Action(
            "inbox.people",
            "p",
            N_("Contact"),
            N_("Everything about this person"),
            self.contact,
            why_not=self._why_not_contact,
            shown=self._not_typing,
        )
        yield Action(
            "inbox.who",
            "f4",
            N_("Assign"),
            N_("Choose who on the team replies"),
            self.assign,
            why_not=lambda: self._nothing() or self.app.lacks(Role.SENDER),
        )
        yield Action(
            "inbox.save",
            "s,ctrl+s",
            N_("Save picture"),
            N_("Save a received picture to a file"),
            self.save_picture,
            why_not=self._why_not_save,
            shown=lambda: self._not_typing() and bool(self._pictures()),
        )

        yield Action(
            "inbox.template",
            "ctrl+t",
            N_("Template"),
            N_("Insert one into your text, after seeing what it costs"),
            self.insert_template,
            why_not=self._nothing,
            shown=lambda: self.is_mounted and self.reply.has_focus,
        )
        yield Action(
            "inbox.save_template",
            "",
            N_("Save as a template"),
            N_("Save what you're writing, or wrote last, as a template"),
            self.save_as_template,
            why_not=self._why_no_template,
        )

    def _not_typing(self) -> bool:
        return self.is_mounted and not (self.reply.has_focus or self.search.has_focus)

    def _chosen(self) -> Thread | None:
        """The conversation that is looked at: as it was opened, or as it is in the list."""
        if self._opened is not None and self._opened.thread.phone == self._phone:
            return self._opened.thread
        return self.threads.current if self.is_mounted else None

    def _nothing(self) -> Sentence | None:
        return None if self._chosen() else sentence("There is no conversation here to do that with.")

    def _asks(self) -> bool:
        thread = self._chosen()
        return thread is not None and thread.asks

    def _is_unread(self) -> bool:
        thread = self._chosen()
        return thread is not None and bool(thread.unread)

    def _why_not_out(self) -> Sentence | None:
        if (why := self._nothing() or self.app.lacks(Role.SENDER)) is not None:
            return why
        if self._opened is not None and self._opened.said.state is ConsentState.OUT:
            return sentence("They already opted out.")
        return None

    def _why_not_contact(self) -> Sentence | None:
        if self._opened is not None and self._opened.contact is None:
            return sentence("They write from a short code or a name, so no contact has this number.")
        return self._nothing()

    def _to_keep(self) -> str:
        """What may become a template: what is being written, else what was written last; "" for nothing."""
        if not self.is_mounted:
            return ""
        ours = (line for line in reversed(self.view.lines) if line.out and not line.notice)
        written = (line.text for line in ours if line.text.strip())
        return self._answer.body if self._answer.body.strip() else next(written, "")

    def _why_no_template(self) -> Sentence | None:
        if not self._to_keep():
            return sentence("You haven't written anything in this conversation.")
        return self.app.lacks(Role.SENDER)

    def save_as_template(self) -> None:
        """Asks for the name under which it is kept."""
        template = Template("", self._to_keep(), Purpose.CONVERSATION, self.app.language.code)
        self.post_message(SaveTemplate(template))

    def insert_template(self) -> None:
        """Offers the templates, and puts the one that is chosen into the answer."""
        self.post_message(ChooseTemplate(lambda template: self.reply.insert_here(template.text)))

    def _why_not_send(self) -> Sentence | None:
        return self._answer.why_not()

    def _send_words(self) -> str:
        return self._answer.words()

    def _pictures(self) -> list[Pictured]:
        """Those of the texts that are there, the newest text's first."""
        return pictured(reversed(self.view.lines)) if self.is_mounted else []

    def _why_not_save(self) -> Sentence | None:
        return self.app.no_files() or why_not_saved(self._pictures())

    # What is there

    def body(self) -> ComposeResult:
        _ = self.gettext
        with Horizontal(id="panes"):
            with Vertical(id="list"):
                yield Input(self._search, placeholder=_("Search by name, number or words"), id="search")
                yield Static(id="empty")
                yield ThreadList(self._thread_line, key=attrgetter("phone"), id="threads")
            with Vertical(id="thread"):
                yield Static(id="who")
                yield ThreadView(self._line)
                reply = Composer(self._answer.body, placeholder=_("Write your reply"), id="reply")
                reply.taken = self._key_in_reply
                yield reply
                yield Static(id="cost")
        self.call_after_refresh(self._draw)

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self._answer.means_changed()
        self.threads.restart()

    def on_mount(self) -> None:
        self._answer.means_changed()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.data_changed()

    def balance_changed(self) -> None:
        super().balance_changed()
        self._answer.means_changed()

    def data_changed(self) -> None:
        """Others write and answer: what is typed and looked at stays where it is."""
        self.threads.restart(keep_line=True)
        if self._phone:
            self.load(self._read)

    def keep_typed(self) -> None:
        self._answer.before_leaving()

    def on_unmount(self) -> None:
        self.keep_typed()

    @on(OpenInbox)
    def _open_inbox(self, message: OpenInbox) -> None:
        """Shows who answered a blast, or one conversation."""
        message.stop()  # it came from the app
        self._answers, self._wanted = message.blast_id, message.phone
        self._search = self.search.value = ""
        self._to_list()
        self.threads.restart()
        if message.phone:
            self._look_at(message.phone)
            self.set_class(True, "-thread")
            self.reply.focus()

    def on_descendant_focus(self) -> None:
        """What the line above the conversation says of keys depends on where one types."""
        self._draw()

    # The list

    @on(PagedList.PageWanted, "#threads")
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        if self.app.account is not None:
            self.load(self._read_page, wanted, self.app.account.id, newest_only=True)

    async def _read_page(self, wanted: PagedList.PageWanted, account_id: int) -> None:
        search, answers, limit = self._search, self._answers, max(PAGE, wanted.count)
        found = await self.app.fetch(
            lambda store: store.conversations.threads(
                account_id, search=search, answers=answers, after=wanted.after, limit=limit
            )
        )
        self.threads.extend(wanted.query, found, complete=len(found) < limit)
        self.empty.display = not self.threads.items
        if search or answers:
            says = self.gettext("Nothing found. Esc shows everything again.")
        else:
            says = self.gettext(
                "No messages yet. Replies to your texts and emails appear here. F3 writes one."
            )
        self.empty.update(Content(says))
        self.refresh_bindings()

    def _thread_line(self, thread: Thread, width: int) -> Content:
        account, language = self.app.account, self.app.language
        assert account is not None
        now = self.app.store.clock.now()
        when = words.when(language, thread.at, now, account.timezone)
        name = literal(words.who(thread, account.country))
        room = max(width - len(when) - 3, 4)
        first = Content.assemble(
            (words.sign(thread), "$warning" if thread.asks else "$primary"),
            " ",
            name.truncate(room, ellipsis=True, pad=True).stylize("bold" if thread.unread else ""),
            " ",
            (when, "$quiet"),
        )
        said = literal(words.last_words(language, thread)).truncate(max(width - 2, 1), ellipsis=True)
        return first + Content("\n  ") + said.stylize("$quiet")

    @on(PagedList.Moved, "#threads")
    def _moved(self, moved: PagedList.Moved) -> None:
        """Beside the list, the conversation follows the cursor; not while one is writing in another."""
        if moved.item is not None and self.has_class("-wide") and not self.reply.has_focus:
            self._look_at(moved.item.phone)
        self.refresh_bindings()

    @on(PagedList.Chosen, "#threads")
    def _choose(self, chosen: PagedList.Chosen) -> None:
        self._look_at(chosen.item.phone)
        self.set_class(True, "-thread")
        if chosen.item.asks:  # the keys that decide come first; Enter once more goes on to the answer
            self.view.focus()
        else:
            self.reply.focus()
        self._mark(chosen.item.phone, unread=False)

    @on(Input.Changed, "#search")
    def _search_changed(self, changed: Input.Changed) -> None:
        if changed.value != self._search:
            self._search = changed.value
            self.threads.restart()

    @on(Input.Submitted, "#search")
    def _search_done(self) -> None:
        self.threads.focus()

    # One conversation

    def _look_at(self, phone: str) -> None:
        """Goes on with a conversation; what is being written in the one before is kept."""
        if phone == self._phone:
            return
        self._phone, self._opened, self._place = phone, None, None
        self._answer.leave()
        self.reply.show("")
        self.load(self._begin, newest_only=True)

    async def _begin(self) -> None:
        """Reads what was being written there, then the conversation."""
        account, phone = self.app.account, self._phone
        if account is None:
            return
        draft = await self.app.fetch(lambda store: draft_to(store, account, phone))
        if phone != self._phone:
            return
        typed = self.reply.text  # meanwhile
        self._answer.begin(phone, draft)
        self.reply.show(draft.body + typed)
        if typed:
            self._answer.written(draft.body + typed)
        await self._read()

    async def _read(self) -> None:
        account, phone, before = self.app.account, self._phone, self._opened
        if account is None or not phone:
            return
        limit = max(PAGE, len(self.view.lines) + PAGE if before is not None else 0)
        found = await self.app.fetch(lambda store: opened(store, account, phone, limit))
        if phone != self._phone or not self.is_attached:
            return
        self._opened = found
        if found is not None:
            self._place = found.place
            self.view.show(found.lines[::-1], complete=found.place is None, anew=before is None)
            self._answer.estimate.people_may_have_changed()
        self._draw()
        self.refresh_bindings()

    @on(ThreadView.EarlierWanted)
    def _want_earlier(self) -> None:
        self.load(self._read_earlier)

    async def _read_earlier(self) -> None:
        account, phone, place = self.app.account, self._phone, self._place
        if account is None or place is None:
            return
        lines, more = await self.app.fetch(lambda store: earlier(store, account, phone, place))
        if (phone, place) == (self._phone, self._place):
            self._place = more
            self.view.show([*lines[::-1], *self.view.lines], complete=more is None)

    def _draw(self) -> None:
        """The line above the conversation, and the cost below it."""
        account, found = self.app.account, self._opened
        if account is None or not self.is_attached:
            return
        if found is None:
            self.head.update("")
            return
        there = found.contact.zone if found.contact is not None else ""
        about = words.about_person(
            self.app.language, found.thread, found.said, found.now, there, account.country, account.timezone
        )
        name = literal(words.who(found.thread, account.country)).stylize("bold")
        lines = [Content.assemble(name, "   ", (about, "$quiet"))]
        if found.thread.asks:
            says = sentence("Is this an opt-out? {out} opts them out, {no} dismisses it.", **DECIDING)
            if self.reply.has_focus:
                says = sentence(
                    "Is this an opt-out? Esc, then {out} opts them out, {no} dismisses it.", **DECIDING
                )
            lines.append(Content.styled(f"! {self.app.language.say(says)}", "$warning"))
        self.head.update(Content("\n").join(lines))
        self._show_cost()

    def _line(self, line: Line, width: int) -> list[Content]:
        """A text, ours further right, and below it when it was and what became of it."""
        account, language = self.app.account, self.app.language
        assert account is not None
        indent = min(width // 4, 12) if line.out else 0
        pictures = [words.picture_words(language, picture) for picture in line.media]
        subject = [literal(line.subject).stylize("bold")] if line.subject else []
        said = Content("\n").join(
            [*subject, *(literal(part, lines=True) for part in (line.text, *pictures) if part)]
        ) or literal(self.gettext("[picture]"))
        now = self._opened.now if self._opened is not None else line.at
        about = words.facts(language, line, now, account.timezone)
        edge = Content.styled("│", "$primary" if line.out else "$secondary")
        rows = [
            Content(" " * indent) + edge + Content(" ") + row for row in said.wrap(max(width - indent - 2, 1))
        ]
        small = literal(about).truncate(max(width - indent - 2, 1), ellipsis=True)
        return [*rows, Content(" " * (indent + 2)) + small.stylize("$quiet"), Content("")]

    # Answering

    def _key_in_reply(self, key: str) -> bool:
        if key == "ctrl+j":
            self.reply.write_over("\n", 0, 0)
            return True
        return False

    @on(TextArea.Changed, "#reply")
    def _written(self) -> None:
        if not self._answer.phone or self.reply.text == self._answer.body:
            return
        self._answer.written(self.reply.text)
        self._show_cost()
        if time.monotonic() - self._said_at > SAY_ANSWERING and self.app.lacks(Role.SENDER) is None:
            self._said_at = time.monotonic()
            self.load(self._say_answering)

    @on(Composer.TooMuch)
    def _too_much(self, message: Composer.TooMuch) -> None:
        self.app.hint(message.says)

    async def _say_answering(self) -> None:
        account, phone = self.app.account, self._phone
        if account is not None:
            await self.app.fetch(lambda store: store.conversations.answering(account.id, phone))

    def _show_cost(self) -> None:
        """What the answer costs, and who else is answering."""
        if not self.is_attached:
            return
        self.refresh_bindings()
        parts, found = [self._answer.cost()], self._opened
        if found is not None and found.thread.answering:
            says = self.gettext("{name} is replying too").format(name=plain(found.thread.answering))
            parts.append(Content.styled(says, "$warning"))
        self.cost.update(Content("   ").join(filter(None, parts)))

    def send(self) -> None:
        """Sends the answer; its credits are held at once."""
        self.app.finish(self._send(), once="send answer")

    async def _send(self) -> None:
        is_here = await self._answer.send()
        self.app.refresh_balance()
        if is_here and self.is_attached:
            self.reply.show("")
            self.data_changed()

    # What is done with a conversation

    def back(self) -> None:
        """From the answer to the list, from a search to all, from the list Home."""
        if self.reply.has_focus or self.view.has_focus or self.has_class("-thread"):
            self._to_list()
        elif self._search or self._answers or self.search.has_focus:
            self._search = self.search.value = ""
            self._answers = 0
            self.threads.focus()
            self.threads.restart()
        else:
            self.post_message(Go("home"))

    def _to_list(self) -> None:
        self.set_class(False, "-thread")
        self.threads.focus()

    def find(self) -> None:
        """Puts the cursor into the search."""
        self._to_list()
        self.search.focus()

    def open(self) -> None:
        """Opens the conversation under the cursor, or goes on with the answer."""
        if self.view.has_focus:
            self.reply.focus()
        else:
            self.threads.action_choose()

    def _mark(self, phone: str, *, unread: bool) -> None:
        if self.app.lacks(Role.SENDER) is None:
            self.app.finish(self._mark_read(phone, unread))

    async def _mark_read(self, phone: str, unread: bool) -> None:
        account = self.app.account
        assert account is not None
        await self.app.fetch(lambda store: store.conversations.mark_read(account.id, phone, unread=unread))
        self._changed()

    def toggle_unread(self) -> None:
        """As unread what was read, and the other way round."""
        if (thread := self._chosen()) is not None:
            self.app.finish(self._toggled(thread))

    async def _toggled(self, thread: Thread) -> None:
        account, unread, phone = self.app.account, not thread.unread, thread.phone
        assert account is not None
        await self._mark_read(phone, unread)
        name = words.who(thread, account.country)
        back = Deed(
            sentence("Undone: {name} is marked as before.", name=name),
            lambda store: store.conversations.mark_read(account.id, phone, unread=not unread, back=True),
        )
        says = sentence("{name}: read.", name=name)
        if unread:
            says = sentence("{name}: unread.", name=name)
        self.app.did(says, back)

    def _decide(self, *, out: bool) -> None:
        if (thread := self._chosen()) is not None:
            self.app.finish(self._decided(thread, out))

    async def _decided(self, thread: Thread, out: bool) -> None:
        account = self.app.account
        assert account is not None
        name, phone = words.who(thread, account.country), thread.phone
        if out and not thread.asks:  # nothing that they wrote says so
            state = ConsentState.OUT
            before = await self.app.fetch(lambda store: noted(store, state, [phone], account.id, ""))
            deed = noted_deed(self.app.language, before, account.id, state, name)
        else:
            await self.app.fetch(lambda store: store.conversations.decide(account.id, phone, out=out))
            deed = None
        if out:
            says = sentence("{name} opted out and gets no more texts.", name=name)
            if "@" in thread.phone:
                says = sentence("{name} opted out and gets no more emails.", name=name)
            if deed is not None:
                self.app.did(says, deed)
            else:
                self.app.tell(says)
        else:
            self.app.tell(sentence("You can still text {name}.", name=name))
        self._changed()

    def _changed(self) -> None:
        self.app.data_changed()

    def contact(self) -> None:
        """All that is known of who wrote."""
        if self._opened is not None and self._opened.contact is not None:
            self.post_message(OpenContact(self._opened.contact))

    async def assign(self) -> None:
        """Asks who answers."""
        account, thread = self.app.account, self._chosen()
        if account is None or thread is None:
            return
        team = await self.app.fetch(lambda store: store.conversations.team(account.id))

        def chosen(name: str | None) -> None:
            if name is not None:
                self.app.finish(self._assign(thread, name))

        if not team:
            self.app.push_screen(AssignScreen(thread.assigned), chosen)
            return
        choices = [("", self.gettext("nobody in particular")), *((name, plain(name)) for name in team)]
        self.app.push_screen(PickScreen(self.gettext("Who replies?"), choices, thread.assigned), chosen)

    async def _assign(self, thread: Thread, name: str) -> None:
        account, phone, before = self.app.account, thread.phone, thread.assigned
        assert account is not None
        await self.app.fetch(lambda store: store.conversations.assign(account.id, phone, name))
        who = words.who(thread, account.country)
        back = Deed(
            sentence("Undone: who answers {who} is as before.", who=who),
            lambda store: store.conversations.assign(account.id, phone, before, instead_of=name),
        )
        says = sentence("{name} answers {who}.", name=name, who=who)
        if not name:
            says = sentence("Nobody in particular answers {who}.", who=who)
        self.app.did(says, back)
        self._changed()

    def save_picture(self) -> None:
        """Asks which picture, where there are several, and for a file."""
        account, language = self.app.account, self.app.language
        there = self._pictures()
        if account is None or not there:
            return

        def chosen(at: str | None) -> None:
            if at is not None:
                self.app.push_screen(SavePictureScreen(there[int(at)].picture))

        if len(there) == 1:
            chosen("0")
            return
        now = self._opened.now if self._opened is not None else there[0].line.at
        choices = [
            (str(at), words.pictured_words(language, one, now, account.timezone))
            for at, one in enumerate(there)
        ]
        self.app.push_screen(PickScreen(self.gettext("Save which picture?"), choices, "0"), chosen)
