"""What can be done with one person, in the list as on their own screen."""

from __future__ import annotations

from collections.abc import Iterable

from store.messages.model import Draft
from store.people.model import Change, Contact
from store.sentences import N_, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.navigation import WriteText
from tui.base.picker import PickScreen
from tui.base.screen import TextmeterScreen
from tui.contacts.groups import GroupsScreen
from tui.contacts.presentation import called, described
from tui.i18n.sanitize import plain

UNDONE = {
    "add": N_("Undone: {what} is no longer in your contacts."),
    "edit": N_("Undone: {what} is as before."),
    "delete": N_("Undone: {what} is back."),
    "tag": N_("Undone: the groups are as before."),
    "merge": N_("Undone: {what} is as before the merge."),
    "apart": N_("Undone: {what} may be proposed as a duplicate again."),
    "group": N_("Undone: the groups are as before."),
}


class WithPerson(TextmeterScreen):
    """A screen on which one person is looked at."""

    @property
    def person(self) -> Contact | None:
        """Who is looked at."""
        raise NotImplementedError

    def people_changed(self, *, gone: bool = False) -> None:
        """Called when something was done. gone: the person was deleted."""
        raise NotImplementedError

    def person_actions(self) -> Iterable[Action]:
        """What a screen's actions end with."""
        change = self._why_not_change
        yield Action(
            "contact.edit", "e", N_("Edit"), N_("Change what is known of them"), self.edit, why_not=change
        )
        yield Action(
            "contacts.write",
            "w",
            N_("Write to"),
            N_("Write a text to this person"),
            self.write,
            why_not=self._why_not_write,
        )
        yield Action(
            "contact.tag", "t", N_("Groups"), N_("Choose the groups they are in"), self.tag, why_not=change
        )
        yield Action(
            "contact.merge",
            "m",
            N_("Merge"),
            N_("Make one of two contacts that are the same person"),
            self.merge,
            why_not=change,
        )
        yield Action(
            "contacts.delete",
            "d",
            N_("Delete"),
            N_("Delete this person; z brings them back"),
            self.delete,
            why_not=change,
        )
        yield Action(
            "contacts.undo",
            "z",
            N_("Undo"),
            N_("Undo your last change of contacts or groups; up to 20, one after another"),
            self.undo,
            why_not=self.app.owners_only,
        )

    def nobody(self) -> Sentence | None:
        """Why nothing can be done with a person."""
        if self.person is None:
            return sentence("There is nobody in the list to do that with.")
        return None

    def _why_not_change(self) -> Sentence | None:
        return self.app.owners_only() or self.nobody()

    def _why_not_write(self) -> Sentence | None:
        if self.person is not None and not self.person.phone:
            return sentence("This person has no number to text. e adds one.")
        return self.nobody()

    def edit(self) -> None:
        """A form with what is known."""
        from tui.contacts.form import ContactFormScreen

        self.app.push_screen(ContactFormScreen(self.person))

    def write(self) -> None:
        """A new text."""
        if self.person is not None:
            self.post_message(WriteText(Draft(contacts=(self.person.id,))))

    def delete(self) -> None:
        """Deletes at once, since it can be undone."""
        if (contact := self.person) is not None:
            self.app.finish(self._delete(contact), once="delete contact")

    async def _delete(self, contact: Contact) -> None:
        await self.app.fetch(lambda store: store.people.delete(contact.id))
        self.app.tell(
            sentence("{name} is deleted. z brings them back.", name=called(self.app.language, contact))
        )
        self.people_changed(gone=True)

    async def tag(self) -> None:
        """Asks for the groups, and puts the person into them."""
        if (contact := self.person) is None:
            return
        groups = await self.app.fetch(lambda store: store.people.groups())

        def chosen(named: tuple[str, ...] | None) -> None:
            if named is not None:
                self.app.finish(self._tag(contact, named))

        self.app.push_screen(GroupsScreen(contact, [name for name, _ in groups]), chosen)

    async def _tag(self, contact: Contact, groups: tuple[str, ...]) -> None:
        leaves = [group for group in contact.groups if group not in groups]
        await self.app.fetch(lambda store: store.people.tag([contact.id], add=groups, remove=leaves))
        self.people_changed()

    async def merge(self) -> None:
        """Proposes who may be the same person, and merges the one who is chosen into this one."""
        if (contact := self.person) is None:
            return
        others = await self.app.fetch(lambda store: store.people.duplicates(contact))
        if not others:
            self.app.hint(
                sentence(
                    "Nobody else has the number, the address, or the name and company of {name}.",
                    name=called(self.app.language, contact),
                )
            )
            return

        def chosen(id: str | None) -> None:
            if id is not None:
                self.app.finish(self._merge(contact, int(id)))

        title = self.gettext("Who is the same person as {name}?").format(
            name=plain(called(self.app.language, contact))
        )
        choices = [(str(other.id), plain(described(self.app.language, other))) for other in others]
        self.app.push_screen(PickScreen(title, choices, ""), chosen)

    async def _merge(self, contact: Contact, other: int) -> None:
        await self.app.fetch(lambda store: store.people.merge(contact.id, [other]))
        self.app.tell(
            sentence("Merged into {name}. z takes them apart.", name=called(self.app.language, contact))
        )
        self.people_changed()

    def undo(self) -> None:
        """Undoes one's own last change."""
        self.app.finish(self._undo(), once="undo contacts")

    async def _undo(self) -> None:
        change = await self.app.fetch(lambda store: store.people.undo())
        if change is None:
            self.app.hint(sentence("There is nothing of yours to undo."))
            return
        self.app.tell(undone(change))
        self.people_changed()


def undone(change: Change) -> Sentence:
    """What undoing came to."""
    if change.kind == "import":
        return sentences(
            "Undone: the import of {file}, {count} person.",
            "Undone: the import of {file}, {count} people.",
            change.people,
            file=change.what,
        )
    return Sentence(UNDONE[change.kind], {"what": change.what})
