"""An app that asks a store in threads, and speaks one session's language."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from textual.binding import Binding
from textual.worker import get_current_worker

from store.errors import TextmeterError
from store.roles import Person, Role
from store.sentences import N_, Sentence
from tui.base.theme import ThemedApp
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store import Store

Severity = Literal["information", "warning", "error"]
Answer = TypeVar("Answer")

KEY_NAMES = {
    "escape": N_("Esc"),
    "enter": N_("Enter"),
    "space": N_("Space"),
    "tab": N_("Tab"),
    "delete": N_("Del"),
    "pageup": N_("PgUp"),
    "pagedown": N_("PgDn"),
    "slash": "/",
}


TOLD_FOR = 8.0
READ_WITHIN = 2.0
"""Seconds for which a toast stands, and after which it makes way for another one."""


class AskingApp(ThemedApp):
    """What Textmeter's app stands on. language: the session's."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self.language = language
        self._store: Store | None = None
        self.composing = asyncio.Lock()
        """Held while a screen is composed anew: an answer would find it without its widgets."""

    # The store

    @property
    def store(self) -> Store:
        """The open store; screens may ask for it from `StoreOpened` on."""
        assert self._store is not None, "the store is opened after the first frame"
        return self._store

    def ask(
        self,
        question: Callable[[Store], Answer],
        answer: Callable[[Answer], None],
        *,
        group: str = "ask",
        exclusive: bool = False,
        failed: Callable[[TextmeterError], None] | None = None,
    ) -> None:
        """Asks the store in a thread and hands its answer back on the screen's own thread.

        exclusive: a newer question of the same group makes an older one's answer void. An error is told as
        a toast, or given to `failed`.
        """

        def in_thread() -> None:
            worker = get_current_worker()

            def unless_void(callback: Callable[[Any], None], found: object) -> None:
                if not worker.is_cancelled:
                    callback(found)

            try:
                with self.store.connection():
                    found = question(self.store)
            except TextmeterError as error:
                self.hand_back(unless_void, failed or self.tell_error, error)
            else:
                self.hand_back(unless_void, answer, found)

        self.run_worker(in_thread, thread=True, group=group, exclusive=exclusive, exit_on_error=True)

    def hand_back(self, callback: Callable[..., object], *arguments: object) -> None:
        """Runs a callback on the app's own thread and waits for it; not any more once the app is leaving."""

        async def unless_left() -> None:
            async with self.composing:
                if self.is_running:
                    callback(*arguments)

        if self.is_running:
            run: Callable[[], object] = unless_left
            self.call_from_thread(run)

    # The person's role

    @property
    def person(self) -> Person | None:
        """Who is at work; None where the database isn't open yet."""
        return self._store.person if self._store is not None else None

    def lacks(self, needed: Role) -> Sentence | None:
        """Why the person can't do what needs a role; None where they can, or the database isn't open yet."""
        return self.person.lacks(needed) if self.person is not None else None

    def only_for_owners(self) -> bool:
        """Whether the person is no owner, as it takes to do what was asked for; if so, they are told why."""
        says = self.lacks(Role.OWNER)
        if says is not None:
            self.tell(says, severity="warning")
        return says is not None

    # Telling

    def _fatal_error(self) -> None:
        """Something that nobody foresaw: Textual would print a traceback with all that it held. The app is
        left instead, and whoever runs it says a sentence (see `tui.launch`). What was typed is in the drafts.
        """
        self._close_messages_no_wait()

    def tell(self, says: Sentence, severity: Severity = "information", *, seconds: float = TOLD_FOR) -> None:
        """A toast with a sentence, whatever it quotes drawn literally; once while it stands, which is so
        long. What could be read already makes way for it, unless it tells of an error.
        """
        message = plain(self.language.say(says), lines=True)
        for standing in list(self._notifications):
            if standing.severity != "error" and standing.time_left < TOLD_FOR - READ_WITHIN:
                self._unnotify(standing)
        if all(message != standing.message for standing in self._notifications):
            self.notify(message, severity=severity, markup=False, timeout=seconds)

    def tell_error(self, error: TextmeterError) -> None:
        """An error as a toast."""
        self.tell(error.says, severity="error")

    def get_key_display(self, binding: Binding) -> str:
        """A key as keyboards name it: F1, ^P, Esc, Enter, and single letters as they are typed."""
        *modifiers, key = binding.key.split("+")
        shown = KEY_NAMES.get(key) or (
            key.upper() if key[1:].isdecimal() else super().get_key_display(Binding(key, ""))
        )
        for modifier in reversed(modifiers):
            shown = f"^{shown.upper()}" if modifier == "ctrl" else f"{modifier.title()}+{shown}"
        return self.language.gettext(shown)
