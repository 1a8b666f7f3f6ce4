"""Who somebody is, and all that happened with them, for their own screen as for the side of the list."""

from __future__ import annotations

from collections.abc import Iterator

from textual import getters
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.credits.model import Account
from store.sentences import Sentence, sentence
from tui.base.session_app import SessionApp
from tui.contacts.presentation import (
    called,
    number_words,
    other_numbers,
    said_words,
)
from tui.contacts.queries import Known
from tui.contacts.timeline_view import TimelineView
from tui.i18n.sanitize import literal


class PersonView(Container):
    """Draws what is known of one person; two columns where the screen gives it room for them."""

    app = getters.app(SessionApp)
    _facts = getters.query_one("#facts", Static)
    timeline = getters.query_one(TimelineView)
    """What happened with them."""

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="who"):
            yield Static(id="facts")
        yield TimelineView()

    def show(self, found: Known | None) -> None:
        """Shows somebody, or nobody."""
        account = self.app.account
        self.set_class(found is None, "-nobody")
        if found is not None and account is not None:
            self._facts.update(Content("\n").join(self._lines_of_facts(found, account)))
            self.timeline.show(found.contact)

    def _lines_of_facts(self, found: Known, account: Account) -> Iterator[Content]:
        _, language, contact = self.app.language.gettext, self.app.language, found.contact
        yield literal(called(language, contact)).stylize("bold")
        if contact.company and contact.company != contact.name:
            yield literal(contact.company)
        yield Content("")
        others = ((_("Number"), number) for number in other_numbers(contact))
        texted = [(_("Texts to"), contact.texted)] if contact.texted is not None else []
        for label, number in (*texted, *others):
            yield _fact(label, number_words(language, number))
            if said := found.said.get(number.phone):
                yield _fact("", said_words(language, said, account.timezone, found.now))
        for email in contact.emails:
            yield _fact(_("Email"), email)
            if said := found.said.get(email.lower()):
                yield _fact("", said_words(language, said, account.timezone, found.now))
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
        there = self.app.language.gettext("{zone}, {time} there")
        return there.format(zone=name, time=time) if time else ""

    def _shares(self, found: Known) -> Sentence:
        language = self.app.language
        others = language.listing([called(language, other) for other in found.sharing])
        same_number = [other for other in found.sharing if other.phone == found.contact.phone]
        if not same_number or not found.contact.phone:
            return sentence("Lives with {others}.", others=others)
        first = min((found.contact, *same_number), key=lambda one: (one.place, one.id))
        return sentence(
            "Shares a number with {others}: they get one text, and it greets {first}.",
            others=others,
            first=called(language, first),
        )


def _fact(label: str, value: str) -> Content:
    name = literal(label).truncate(12, ellipsis=True, pad=True)
    return Content.assemble(name.stylize("$quiet"), "  ", literal(value))
