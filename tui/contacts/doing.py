"""What can be done with one person or with all who are chosen, in the list as on a person's own screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from store import Store
from store.messages.model import Draft
from store.people.model import Change, ConsentState, Contact
from store.people.names import fold
from store.roles import Role
from store.sentences import N_, Key, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.navigation import WriteText
from tui.base.picker import PickScreen
from tui.base.screen import TextmeterScreen
from tui.consent.dialog import Answer, ReasonScreen
from tui.consent.noting import noted, noted_deed
from tui.consent.presentation import SIGNS, STATES
from tui.contacts.groups import GroupsScreen
from tui.contacts.presentation import called, described, number_words
from tui.contacts.taking_back import change_deed, changed, undone
from tui.i18n.sanitize import plain

EDIT, UNDO = Key("contact.edit", "e"), Key("contacts.undo", "z")

MOST_MERGED = 20
"""Contacts that may be made one at once: more are a slip of the finger."""
MOST_WRITTEN_TO = 2_000
"""People who are chosen one by one for a text; of more a group is made."""


class WithPerson(TextmeterScreen):
    """A screen on which one person is looked at, and several may be chosen."""

    @property
    def person(self) -> Contact | None:
        """Who is looked at."""
        raise NotImplementedError

    @property
    def chosen(self) -> Sequence[int]:
        """The ids of those with whom something is done: who is looked at, unless others were chosen."""
        return [] if self.person is None else [self.person.id]

    @property
    def only_one(self) -> Contact | None:
        """The one with whom something is done; None where they are several, or nobody."""
        return self.person if self.person is not None and self.chosen == [self.person.id] else None

    def people_changed(self, *, gone: bool = False) -> None:
        """Called when something was done. gone: those who were chosen aren't there any more."""
        raise NotImplementedError

    def person_actions(self) -> Iterable[Action]:
        """What a screen's actions end with."""
        change = self._nobody_chosen
        yield Action(
            "contacts.write",
            "c,w",
            N_("Write to"),
            lambda: self.app.by_what_is_sent(
                N_("Write a text to this person, or to everyone selected"),
                N_("Write an email to this person, or to everyone selected"),
            ),
            self.write,
            why_not=self._why_not_write,
        )
        yield Action(
            "contact.edit",
            "e",
            N_("Edit"),
            N_("Change this person's details"),
            self.edit,
            role=Role.OWNER,
            why_not=self.nobody,
        )
        yield Action(
            "contact.group",
            "number_sign",
            N_("Groups"),
            N_("Choose the groups they are in"),
            self.tag,
            role=Role.OWNER,
            why_not=change,
        )
        yield Action(
            "contact.merge",
            "m",
            N_("Merge"),
            N_("Combine contacts that are the same person"),
            self.merge,
            role=Role.OWNER,
            why_not=self._why_not_merge,
        )
        yield Action(
            "contacts.delete",
            "d,delete",
            N_("Delete"),
            sentence("Delete this person, or everyone selected; {key} brings them back", key=UNDO),
            self.delete,
            role=Role.OWNER,
            why_not=change,
        )
        yield self.undo_action()
        yield Action(
            "contacts.out",
            "o",
            N_("Opt out"),
            N_("Record that they don't want any more texts"),
            partial(self.note, ConsentState.OUT),
            role=Role.SENDER,
            why_not=lambda: self.nobody() or self._no_number(),
        )
        yield Action(
            "contacts.yes",
            "y",
            N_("Said yes"),
            N_("Record that they may be texted, and why"),
            partial(self.note, ConsentState.IN),
            role=Role.OWNER,
            why_not=lambda: self.nobody() or self._no_number(),
        )

    def undo_action(self) -> Action:
        """The key that undoes."""
        return Action(
            "contacts.undo",
            "z",
            N_("Undo"),
            N_("Take back what you did last; here also changes of contacts of earlier days"),
            self.undo,
            role=Role.OWNER,
        )

    def nobody(self) -> Sentence | None:
        """Why nothing can be done with a person."""
        if self.person is None:
            return sentence("There's nobody in the list.")
        return None

    def _nobody_chosen(self) -> Sentence | None:
        return None if self.chosen else self.nobody()

    def _why_not_write(self) -> Sentence | None:
        if len(self.chosen) > MOST_WRITTEN_TO:
            return sentence(
                "You can write to up to {most} people one by one. {key} puts the selected people into a "
                "group; write to the group.",
                key=Key("contact.group", "number_sign"),
                most=MOST_WRITTEN_TO,
            )
        if (one := self.only_one) is not None and self.app.account is not None:
            if self.app.product.sends == "emails" and not one.email:
                return sentence("This person has no email address. {key} adds one.", key=EDIT)
            if self.app.product.sends == "texts" and not one.phone:
                return sentence("This person has no number to text. {key} adds one.", key=EDIT)
        return self._nobody_chosen()

    def _why_not_merge(self) -> Sentence | None:
        if len(self.chosen) > MOST_MERGED:
            return sentence("You can merge up to {most} contacts at once. Select fewer.", most=MOST_MERGED)
        return self._nobody_chosen()

    def _no_number(self) -> Sentence | None:
        if (one := self.only_one) is not None and not one.numbers:
            return sentence("This person has no number to text. {key} adds one.", key=EDIT)
        return None

    def _called(self, contact: Contact) -> str:
        return called(self.app.language, contact)

    async def _those_chosen(self) -> list[Contact]:
        """As they are now, those who are gone left out; as they were listed where it is the one looked at."""
        if (one := self.only_one) is not None:
            return [one]
        ids = self.chosen
        return await self.app.fetch(lambda store: store.people.some(ids))

    # Changing

    def edit(self) -> None:
        """A form with what is known."""
        from tui.contacts.form import ContactFormScreen

        self.app.push_screen(ContactFormScreen(self.person))

    def write(self) -> None:
        """A new text."""
        self.post_message(WriteText(Draft(contacts=tuple(self.chosen))))

    def delete(self) -> None:
        """Deletes at once, since it can be undone."""
        self.app.finish(self._delete(self.only_one, self.chosen), once="delete contact")

    async def _delete(self, one: Contact | None, ids: Sequence[int]) -> None:
        def delete(store: Store) -> Change:
            store.people.delete(*ids)
            return changed(store)

        change = await self.app.fetch(delete)
        says = sentences("{count} person is deleted.", "{count} people are deleted.", len(ids))
        if one is not None:
            says = sentence("{name} is deleted.", name=self._called(one))
        self.app.did(says, change_deed(change))
        self.people_changed(gone=True)

    async def tag(self) -> None:
        """Asks for the groups that all of them are to be in; what else each is in stays."""
        people = await self._those_chosen()
        if not people:
            return
        known = await self.app.fetch(lambda store: store.people.groups())
        others = [{fold(group) for group in contact.groups} for contact in people[1:]]
        groups = [group for group in people[0].groups if all(fold(group) in other for other in others)]
        who = plain(self._called(people[0]))
        if len(people) > 1:
            who = self.ngettext("{count} person", "{count} people", len(people))
            who = who.format(count=self.app.language.number(len(people)))
        title = self.gettext("Groups of {name}").format(name=who)

        def chosen(named: tuple[str, ...] | None) -> None:
            if named is not None:
                leaves = [group for group in groups if group not in named]
                self.app.finish(self._tag([contact.id for contact in people], named, leaves))

        self.app.push_screen(GroupsScreen(title, groups, [name for name, _ in known]), chosen)

    async def _tag(self, ids: Sequence[int], groups: Sequence[str], leaves: Sequence[str]) -> None:
        def tag(store: Store) -> Change | None:
            people = store.people.tag(ids, add=groups, remove=leaves)
            return changed(store) if people else None

        change = await self.app.fetch(tag)
        if change is not None:
            self.app.did(
                sentences(
                    "Groups changed for {count} person.", "Groups changed for {count} people.", change.people
                ),
                change_deed(change),
            )
        self.people_changed()

    async def merge(self) -> None:
        """Merges those who are chosen, or proposes who may be the same as the only one. What is known of the
        one that stays counts."""
        people = await self._those_chosen()
        if len(people) == 1:
            await self._propose(people[0])
        elif people:
            title = self.gettext("Which contact do you want to keep?")
            self._pick(title, people, lambda id: self._merge(id, [one.id for one in people if one.id != id]))

    async def _propose(self, contact: Contact) -> None:
        others = await self.app.fetch(lambda store: store.people.duplicates(contact))
        name = self._called(contact)
        if not others:
            self.app.hint(
                sentence(
                    "No other contact has {name}'s number or address, or the same name and company.",
                    name=name,
                )
            )
            return
        title = self.gettext("Who is the same person as {name}?").format(name=plain(name))
        self._pick(title, others, lambda id: self._merge(contact.id, [id]))

    def _pick(self, title: str, people: Iterable[Contact], then: Callable[[int], object]) -> None:
        choices = [(str(one.id), plain(described(self.app.language, one))) for one in people]

        def picked(id: str | None) -> None:
            if id is not None:
                then(int(id))

        self.app.push_screen(PickScreen(title, choices, ""), picked)

    def _merge(self, keep: int, others: Sequence[int]) -> None:
        self.app.finish(self._merged(keep, others))

    async def _merged(self, keep: int, others: Sequence[int]) -> None:
        def merge(store: Store) -> tuple[Contact, Change]:
            return store.people.merge(keep, others), changed(store)

        kept, change = await self.app.fetch(merge)
        self.app.did(sentence("Merged into {name}.", name=self._called(kept)), change_deed(change))
        self.people_changed(gone=len(self.chosen) > 1)

    # Who may be texted

    async def note(self, state: ConsentState) -> None:
        """Notes for the number of each that they may be texted, or not; of one who has several, for the one
        that is picked."""
        people = await self._those_chosen()
        if len(people) == 1 and len(people[0].numbers) > 1:
            await self._pick_number(people[0], state)
        else:
            numbers = [contact.phone or contact.numbers[0].phone for contact in people if contact.numbers]
            self._ask_why(state, people, list(dict.fromkeys(numbers)))

    async def _pick_number(self, contact: Contact, state: ConsentState) -> None:
        account, language = self.app.account, self.app.language
        assert account is not None
        phones = [number.phone for number in contact.numbers]
        states = await self.app.fetch(lambda store: store.consent.states(phones, account.id))
        choices = []
        for number in contact.numbers:
            words = number_words(language, number)
            if (now := states.get(number.phone)) is not None:
                words += f"  {SIGNS[now]} {language.gettext(STATES[now])}"
            choices.append((number.phone, plain(words)))

        def picked(phone: str | None) -> None:
            if phone is not None:
                self._ask_why(state, [contact], [phone])

        title = self.gettext("Which number of {name}?").format(name=plain(self._called(contact)))
        self.app.push_screen(PickScreen(title, choices, ""), picked)

    def _ask_why(self, state: ConsentState, people: Sequence[Contact], numbers: Sequence[str]) -> None:
        account = self.app.account
        if account is None or not numbers:
            return
        out = state is ConsentState.OUT
        title = self.gettext("Stop texting {who}") if out else self.gettext("Opt in {who}")
        who = self._whom(people, numbers)
        asked = ReasonScreen(title.format(who=plain(who)), numbers[0], account.country, needed=not out)

        def answered(answer: Answer | None) -> None:
            if answer is not None:
                self.app.finish(self._note(state, who, numbers, answer.why))

        self.app.push_screen(asked, answered)

    def _whom(self, people: Sequence[Contact], numbers: Sequence[str]) -> str:
        if len(people) == 1:
            name, number = people[0].name, self.app.language.phone(numbers[0])
            return f"{name} {number}".strip()
        count = self.ngettext("{count} number", "{count} numbers", len(numbers))
        return count.format(count=self.app.language.number(len(numbers)))

    async def _note(self, state: ConsentState, who: str, numbers: Sequence[str], why: str) -> None:
        account = self.app.account
        assert account is not None
        before = await self.app.fetch(lambda store: noted(store, state, numbers, account.id, why))
        says = sentence("{who}: may be texted.", who=who)
        if state is ConsentState.OUT:
            says = sentence("{who}: no more texts.", who=who)
        self.app.did(says, noted_deed(self.app.language, before, account.id, state, who))
        self.people_changed()

    # Undoing

    def undo(self) -> None:
        """Takes back what was done last in this session; else one's own last change of contacts or groups,
        also of days ago."""
        account = self.app.account
        if account is not None and self.app.deeds.last(account.id) is not None:
            self.app.undo()
        else:
            self.app.finish(self._undo_earlier(), once="undo")

    async def _undo_earlier(self) -> None:
        change = await self.app.fetch(lambda store: store.people.undo())
        if change is None:
            self.app.hint(sentence("You have nothing to undo."))
            return
        self.app.tell(undone(change))
        self.people_changed()
