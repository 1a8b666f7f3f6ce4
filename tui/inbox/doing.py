"""What can be done with the conversation that is looked at, in the list or opened."""

from __future__ import annotations

from collections.abc import Iterable

from textual import getters

from store.messages.model import Thread
from store.people.model import ConsentState
from store.roles import Role
from store.sentences import N_, Sentence, sentence
from tui.base.actions import Action
from tui.base.navigation import OpenContact
from tui.base.picker import PickScreen
from tui.base.screen import TextmeterScreen
from tui.base.undoing import Deed
from tui.consent.noting import noted, noted_deed
from tui.i18n.sanitize import plain
from tui.inbox import presentation as words
from tui.inbox.assigning import AssignScreen
from tui.inbox.pictures import SavePictureScreen, why_not_saved
from tui.inbox.presentation import Pictured, pictured
from tui.inbox.queries import Opened
from tui.inbox.thread_view import ThreadView


class WithConversation(TextmeterScreen):
    """A screen on which one conversation is looked at."""

    view = getters.query_one(ThreadView)

    def __init__(self) -> None:
        super().__init__()
        self._phone = ""
        """With whom it is; "" as long as none is."""
        self._opened: Opened | None = None
        """The conversation as it was read last; None until it is."""

    def _chosen(self) -> Thread | None:
        """The conversation that is looked at: as it was opened, or as it is in the list."""
        raise NotImplementedError

    def _not_typing(self) -> bool:
        """Whether letters are keys here."""
        raise NotImplementedError

    def deciding_actions(self) -> Iterable[Action]:
        """Whether they want no more texts, and whether it is to be read."""
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

    def person_actions(self) -> Iterable[Action]:
        """Who it is, who answers them, and what they sent."""
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

    # What can't be done, and why

    def _nothing(self) -> Sentence | None:
        return None if self._chosen() else sentence("There is no conversation here to do that with.")

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

    def _why_not_save(self) -> Sentence | None:
        return self.app.no_files() or why_not_saved(self._pictures())

    def _asks(self) -> bool:
        thread = self._chosen()
        return thread is not None and thread.asks

    def _is_unread(self) -> bool:
        thread = self._chosen()
        return thread is not None and bool(thread.unread)

    def _pictures(self) -> list[Pictured]:
        """Those of the texts that are there, the newest text's first."""
        return pictured(reversed(self.view.lines)) if self.is_mounted else []

    # Whether it is read

    def _mark(self, phone: str, *, unread: bool) -> None:
        if self.app.lacks(Role.SENDER) is None:
            self.app.finish(self._mark_read(phone, unread))

    async def _mark_read(self, phone: str, unread: bool) -> None:
        account = self.app.account
        assert account is not None
        await self.app.fetch(lambda store: store.conversations.mark_read(account.id, phone, unread=unread))
        self.app.data_changed()

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

    # Whether they want texts

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
        self.app.data_changed()

    # Who it is, and who answers

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
        self.app.data_changed()

    # Pictures

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
