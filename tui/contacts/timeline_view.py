"""All that happened with one person, page by page, with what one line says in full below."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from store.clock import local_date, local_midnight
from store.messages.model import Line as Reply
from store.messages.model import Texted
from store.people.model import Contact, Said
from store.people.tasks import Task
from store.roles import Role
from store.sentences import N_, Key, sentence, sentences
from store.timeline import NEWEST, Emailed, Line, Noted, NotTexted, Source
from tui.base.navigation import Go, OpenBlast, OpenCampaign, OpenInbox
from tui.base.screen import TextmeterScreen
from tui.base.session_app import SessionApp
from tui.contacts.noting import NotingScreen, Typed
from tui.contacts.presentation import called
from tui.contacts.queries import ticked, ticked_deed, ticked_words
from tui.contacts.timeline_words import FILTERS, KINDS, Told, credits_of, told
from tui.i18n.cells import left
from tui.i18n.sanitize import literal, plain
from tui.widgets.line_list import PagedList

if TYPE_CHECKING:
    from store import Store

PAGE = 50
_NOTE, _TASK = N_("Note about {name}"), N_("Task about {name}")
NOTHING_YET = sentence("Nothing yet. {key} writes a text.", key=Key("contacts.write", "c"))
NARROW_WHEN, KIND = 14, 8
"""Cells for the day of what happened, where its time stands below the list, and for what it was."""
ROOMY, TROUBLE = 70, "✗×?"
"""Cells from which on a line says in words what became of it, and the signs beside which it always does."""


class TimelineView(Vertical):
    """Shows one person's timeline. only: a key of FILTERS."""

    app = getters.app(SessionApp)
    pages: getters.query_one[PagedList[Line]] = getters.query_one("#happened", PagedList)
    """The list of its lines."""
    _head = getters.query_one("#happened-head", Static)
    _about = getters.query_one("#happened-about", Static)

    def __init__(self) -> None:
        super().__init__(id="timeline")
        self.only = next(iter(FILTERS))
        self._contact: Contact | None = None
        self._place = NEWEST

    def compose(self) -> ComposeResult:
        yield Static(id="happened-head")
        yield PagedList(self._line, key=attrgetter("id"), id="happened")
        yield Static(id="happened-about")

    @property
    def current(self) -> Line | None:
        """The line under the cursor, if there is any."""
        return self.pages.current

    def show(self, contact: Contact) -> None:
        """Shows what happened with somebody, or what is new since."""
        same = self._contact is not None and self._contact.id == contact.id
        self._contact = contact
        self.pages.restart(keep_line=same)

    def show_next(self) -> None:
        """Shows only what the next filter lets through."""
        names = list(FILTERS)
        self.only = names[(names.index(self.only) + 1) % len(names)]
        self.pages.restart()

    @on(PagedList.PageWanted)
    def _want(self, wanted: PagedList.PageWanted) -> None:
        wanted.stop()
        screen = self.screen
        if self._contact is not None and isinstance(screen, TextmeterScreen):
            screen.load(self._read_page, self._contact, wanted, newest_only=True)

    async def _read_page(self, contact: Contact, wanted: PagedList.PageWanted) -> None:
        place = NEWEST if wanted.after is None else self._place
        sources, limit = FILTERS[self.only], max(PAGE, wanted.count)
        lines, self._place = await self.app.fetch(
            lambda store: store.timeline.lines(contact, sources=sources, place=place, limit=limit)
        )
        wanted.pages.extend(wanted.query, lines, complete=len(lines) < limit)
        self._show_around()

    @on(PagedList.Moved)
    def _moved(self) -> None:
        self._show_around()
        self.screen.refresh_bindings()  # what can be done hangs on what is under the cursor

    def _show_around(self) -> None:
        """Which part is shown, above the list, and below it all of the line under the cursor."""
        _ = self.app.language.gettext
        every = FILTERS[self.only] == frozenset(Source)
        head = Content.styled(_("What happened"), "bold")
        if not every:
            head += Content.styled(f"  ·  {_(self.only)}", "$quiet")
        self._head.update(head)
        line = self.current
        if line is not None:
            self._about.update(self._in_full(line))
        elif self.pages.complete:
            nothing = self.app.language.say(NOTHING_YET) if every else _("Nothing of that type.")
            self._about.update(Content.styled(nothing, "$quiet"))

    def _told(self, line: Line) -> Told:
        account, contact = self.app.account, self._contact
        assert account is not None
        assert contact is not None
        several = len(contact.numbers) + len(contact.emails) > 1
        return told(self.app.language, line, account.timezone, several=several)

    def _line(self, line: Line, width: int) -> Content:
        """When, what it was, what it says, and at the right what became of it."""
        sign, text, stands, _why = self._told(line)
        language, account = self.app.language, self.app.account
        assert account is not None
        quiet = self.app.theme_variables["quiet"]
        roomy = width >= ROOMY
        if roomy:
            when, for_when = language.date_and_time(line.at, account.timezone), language.most_date_and_time
        else:
            when, for_when = language.day(local_date(line.at, account.timezone)), NARROW_WHEN
        kind = Content(language.gettext(KINDS[line.source])).truncate(KIND, pad=True).stylize(quiet)
        if not roomy and (sign not in TROUBLE or line.source is Source.CONSENT):
            stands = ""  # which the sign says, and all of it what stands below the list
        end = literal(stands).truncate(max(width // 4, 14), ellipsis=True)
        room = max(width - 2 - for_when - 1 - KIND - 1 - (end.cell_length + 2 if end else 0), 8)
        said = literal(text).truncate(room, ellipsis=True, pad=True)
        return Content.assemble(
            f"{sign} ", (left(when, for_when), quiet), " ", kind, " ", said, "  " if end else "", end
        )

    def _in_full(self, line: Line) -> Content:
        """What the line says, then what became of it, why, what it cost, and when that was, where the list
        has no room for the time."""
        _sign, text, stands, why = self._told(line)
        credits = credits_of(line)
        cost = sentences("{count} credit", "{count} credits", credits) if credits else None
        say = self.app.language.say
        when = ""
        if self.pages.scrollable_content_region.width - 3 < ROOMY and self.app.account is not None:
            when = self.app.language.date_and_time(line.at, self.app.account.timezone)
        facts = [": ".join(filter(None, (stands, why))), say(cost) if cost else "", when]
        about = " · ".join(filter(None, facts))
        quiet = self.app.theme_variables["quiet"]
        return Content("\n").join([literal(text), literal(about).stylize(quiet)])

    # What can be done with a line

    @on(PagedList.Chosen)
    def _chosen(self, chosen: PagedList.Chosen) -> None:
        chosen.stop()
        self.open()

    def open(self) -> None:
        """Goes to what the line under the cursor is about: a text, a campaign, SmartPlans, a conversation, or
        who opted out; a note is written anew, and a task ticked."""
        line = self.current
        match line and line.about:
            case Texted(blast_id=blast_id):
                self.post_message(OpenBlast(blast_id))
            case Emailed(campaign=int(campaign)):
                self.post_message(OpenCampaign(campaign))
            case Emailed() | NotTexted():
                self.post_message(Go("smartplans"))
            case Reply():
                assert line is not None
                self.post_message(OpenInbox(phone=line.number))
            case Said():
                self.post_message(Go("consent"))
            case Noted() as note:
                if self.app.lacks(Role.SENDER) is None:
                    self._rewrite(note)
            case Task():
                if self.app.lacks(Role.SENDER) is None:
                    self.tick()

    def tick(self) -> None:
        """Notes that the task under the cursor is done, or that it is to be done after all."""
        if self.current is not None and isinstance(task := self.current.about, Task):
            self.app.finish(self._tick(task))

    async def _tick(self, task: Task) -> None:
        await self._change(partial(ticked, task=task))
        self.app.did(ticked_words(task), ticked_deed(task))

    def note(self) -> None:
        """Asks what is to be noted, and notes it today."""
        account, contact = self.app.account, self._contact
        if account is None or contact is None:
            return

        def typed(note: Typed | None) -> None:
            if note is not None:
                self.app.finish(
                    self._change(lambda store: store.notes.add(account.id, contact.id, note.text))
                )

        self.app.push_screen(NotingScreen(self._about_them(_NOTE)), typed)

    def _rewrite(self, noted: Noted) -> None:
        def typed(note: Typed | None) -> None:
            if note is not None:
                self.app.finish(self._change(lambda store: store.notes.change(noted.id, note.text)))

        self.app.push_screen(NotingScreen(self._about_them(_NOTE), noted.text, emptied=True), typed)

    async def add_task(self) -> None:
        """Asks what is to be done, and on which day, today unless another is typed."""
        account, contact = self.app.account, self._contact
        if account is None or contact is None:
            return

        def typed(task: Typed | None) -> None:
            if task is not None and task.day is not None:
                due = local_midnight(task.day, account.timezone)
                self.app.finish(
                    self._change(lambda store: store.tasks.add(account.id, contact.id, task.text, due))
                )

        today = await self.app.fetch(lambda store: store.credits.today(account.id))
        self.app.push_screen(NotingScreen(self._about_them(_TASK), day=today), typed)

    def _about_them(self, title: str) -> str:
        assert self._contact is not None
        language = self.app.language
        return language.gettext(title).format(name=plain(called(language, self._contact)))

    async def _change(self, change: Callable[[Store], object]) -> None:
        await self.app.fetch(change)
        if self.is_attached:
            self.pages.restart(keep_line=True)
