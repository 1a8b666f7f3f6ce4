"""One person: who it is, and all that happened with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.messages.model import Line, Texted
from store.people.model import Contact
from store.sentences import N_, Sentence, sentence
from tui.base.actions import Action
from tui.consent.presentation import SIGNS, STATES
from tui.contacts.doing import WithPerson
from tui.contacts.presentation import (
    called,
    number_words,
    other_numbers,
    reply_line,
    text_line,
    timeline_line,
)
from tui.contacts.queries import Known, known
from tui.i18n.sanitize import literal


class ContactScreen(WithPerson):
    """Who somebody is, and beside or below it what happened with them."""

    NAME = N_("Contact")
    CSS_PATH = "contacts.tcss"
    AUTO_FOCUS = "#who"
    HELP: ClassVar[str] = N_(
        "All that is known of one person, and every text and email, the newest first. What you change here "
        "can be undone by z, also tomorrow."
    )
    facts = getters.query_one("#facts", Static)
    happened = getters.query_one("#happened", Static)

    def __init__(self, contact: Contact) -> None:
        super().__init__()
        self._contact = contact
        self._known: Known | None = None

    @property
    def person(self) -> Contact | None:
        return self._contact

    def actions(self) -> Iterable[Action]:
        yield Action("contact.back", "escape", N_("Back"), N_("Back to the contacts"), self.leave)
        yield from self.person_actions()
        yield Action(
            "contact.first",
            "h",
            N_("Greet first"),
            N_("Texts to those who share a number greet this person"),
            self.name_first,
            why_not=self._why_not_first,
            shown=lambda: self._known is not None and bool(self._known.sharing),
        )

    def _why_not_first(self) -> Sentence | None:
        return self.app.owners_only()

    def body(self) -> ComposeResult:
        with Container(id="contact"):
            with VerticalScroll(id="who"):
                yield Static(id="facts")
            with VerticalScroll(id="timeline"):
                yield Static(id="happened")
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
            self.facts.update(Content("\n").join(self._facts(self._known)))
            self.happened.update(Content("\n").join(self._happened(self._known)))
            self.refresh_bindings()

    def _facts(self, found: Known) -> Iterator[Content]:
        _, language, contact = self.gettext, self.app.language, found.contact
        account = self.app.account
        assert account is not None
        yield literal(called(contact)).stylize("bold")
        if contact.company and contact.company != contact.name:
            yield literal(contact.company)
        yield Content("")
        others = ((_("Number"), number) for number in other_numbers(contact))
        texted = [(_("Texts to"), contact.texted)] if contact.texted is not None else []
        for label, number in (*texted, *others):
            words = number_words(language, number, account.country)
            if state := found.said.get(number.phone):
                words += f"  {SIGNS[state]} {_(STATES[state])}"
            yield _fact(label, words)
        for email in contact.emails:
            yield _fact(_("Email"), email)
        for label, value in (
            (_("Time zone"), self._there(contact.zone, found)),
            (_("Language"), contact.language),
            (_("Address"), contact.address),
            (_("Household"), contact.household),
            *contact.fields,
            (_("Groups"), " ".join(f"#{group}" for group in contact.groups)),
            (_("Note"), contact.note),
        ):
            if value:
                yield _fact(label, value)
        if found.sharing:
            yield Content("")
            yield literal(language.say(self._shares(found)))

    def _there(self, name: str, found: Known) -> str:
        """A time zone with the hour there; what is none as it is."""
        try:
            time = self.app.language.time(found.now, name) if name else ""
        except (KeyError, ValueError, OSError):
            return name
        return self.gettext("{zone}, {time} there").format(zone=name, time=time) if time else ""

    def _shares(self, found: Known) -> Sentence:
        others = self.app.language.listing([called(other) for other in found.sharing])
        same_number = [other for other in found.sharing if other.phone == found.contact.phone]
        if not same_number or not found.contact.phone:
            return sentence("Lives with {others}.", others=others)
        first = min((found.contact, *same_number), key=lambda one: (one.place, one.id))
        return sentence(
            "Shares a number with {others}: one text goes there, and greets {first}.",
            others=others,
            first=called(first),
        )

    def _happened(self, found: Known) -> Iterator[Content]:
        account, language = self.app.account, self.app.language
        assert account is not None
        yield Content.styled(self.gettext("What happened"), "bold")
        yield Content("")
        if not found.happened:
            yield Content.styled(self.gettext("Nothing yet. w writes a text."), "dim")
        for one in found.happened:
            if isinstance(one, Texted):
                yield literal(text_line(language, one, account.timezone))
            elif isinstance(one, Line):
                yield literal(reply_line(language, one, account.timezone))
            else:
                yield literal(timeline_line(language, one, account.timezone))


def _fact(label: str, value: str) -> Content:
    name = literal(label).truncate(12, ellipsis=True, pad=True)
    return Content.assemble(name.stylize("dim"), "  ", literal(value))
