"""One person: who it is, and all that happened with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult

from store.people.model import Contact
from store.people.tasks import Task
from store.roles import Role
from store.sentences import N_, Key, Sentence, sentence
from tui.base.actions import Action
from tui.contacts.doing import UNDO, WithPerson
from tui.contacts.person_view import PersonView
from tui.contacts.queries import Known, known
from tui.contacts.timeline_view import TimelineView


class ContactScreen(WithPerson):
    """Who somebody is, and beside or below it what happened with them."""

    NAME = N_("Contact")
    CSS_PATH = "contacts.tcss"
    AUTO_FOCUS = "#happened"
    HELP: ClassVar[str] = N_(
        "Everything you know about one person and everything that happened with them, newest "
        "first: texts and emails both ways, opt-ins and opt-outs, notes and tasks. {filter} "
        "filters by type, Enter opens a line. {undo} undoes your changes to this person, even tomorrow."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {
        "filter": Key("contact.filter", "f"),
        "undo": UNDO,
    }
    view = getters.query_one(PersonView)

    def __init__(self, contact: Contact) -> None:
        super().__init__()
        self._contact = contact
        self._known: Known | None = None

    @property
    def person(self) -> Contact | None:
        return self._contact

    def actions(self) -> Iterable[Action]:
        yield Action("contact.back", "escape", N_("Back"), N_("Back to the contacts"), self.leave)
        yield Action(
            "contact.open",
            "enter",
            N_("Open"),
            N_("Open this text, conversation, note or task"),
            partial(self._with_timeline, TimelineView.open),
            why_not=self._why_not_open,
        )
        yield Action(
            "contact.mark",
            "space",
            N_("Done"),
            N_("Check off this task; press the same key to undo"),
            partial(self._with_timeline, TimelineView.tick),
            why_not=lambda: self.app.lacks(Role.SENDER),
            words=lambda: self.gettext("Done") if self._is_to_do() else self.gettext("Not done"),
            shown=lambda: self._ticked() is not None,
        )
        yield from self.person_actions()
        yield Action(
            "contact.filter",
            "f",
            N_("Filter"),
            N_("Show only texts, emails, consent, or notes and tasks"),
            partial(self._with_timeline, TimelineView.show_next),
        )
        yield Action(
            "contact.new",
            "n",
            N_("Note"),
            N_("Add a note about this person, dated today"),
            partial(self._with_timeline, TimelineView.note),
            why_not=lambda: self.app.lacks(Role.SENDER),
        )
        yield Action(
            "contact.put",
            "plus",
            N_("Task"),
            N_("Add a task about this person, with a date"),
            lambda: self.load(self.view.timeline.add_task),
            why_not=lambda: self.app.lacks(Role.SENDER),
        )
        yield Action(
            "contact.household",
            "h",
            N_("Greet first"),
            N_("When people share a number, greet this person in the text"),
            self.name_first,
            why_not=self._why_not_first,
            shown=lambda: self._known is not None and bool(self._known.sharing),
        )

    def _with_timeline(self, do: Callable[[TimelineView], object]) -> None:
        do(self.view.timeline)

    def _ticked(self) -> Task | None:
        """The one under the cursor."""
        line = self.view.timeline.current if self.is_attached and self.query(PersonView) else None
        return line.about if line is not None and isinstance(line.about, Task) else None

    def _is_to_do(self) -> bool:
        task = self._ticked()
        return task is not None and task.done_at is None

    def _why_not_open(self) -> Sentence | None:
        if not self.query("#happened") or self.view.timeline.current is None:
            return sentence("Nothing has happened with this person yet.")
        return None

    def _why_not_first(self) -> Sentence | None:
        return self.app.owners_only()

    def body(self) -> ComposeResult:
        yield PersonView()
        self.call_after_refresh(self._show)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.load(self.read)

    def data_changed(self) -> None:
        self.load(self.read)

    async def read(self) -> None:
        """Reads what is known, and shows it; goes back where the person is gone."""
        account, contact = self.app.account, self._contact
        assert account is not None
        found = await self.app.fetch(lambda store: known(store, contact.id, account))
        if found is None:
            self.leave()
        else:
            self._known, self._contact = found, found.contact
            self._show()

    def people_changed(self, *, gone: bool = False) -> None:
        if gone:
            self.leave()
        elif self.is_attached:
            self.load(self.read)

    async def name_first(self) -> None:
        """Lets texts to those who share a number greet this person."""
        contact = self._contact
        await self.app.fetch(lambda store: store.people.name_first(contact.id))
        await self.read()

    def _show(self) -> None:
        if self.is_attached and self._known is not None:
            self.view.show(self._known)
            self.refresh_bindings()
