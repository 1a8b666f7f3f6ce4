"""What a person is told beside what they look at: toasts, few at once, what they quote drawn literally."""

from __future__ import annotations

from typing import Literal

from textual.notifications import Notification

from store.errors import TextmeterError
from store.logs import log
from store.redaction import Word
from store.sentences import Sentence
from tui.base.keyed_app import KeyedApp
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

Severity = Literal["information", "warning", "error"]

TOLD_FOR = 8.0
READ_WITHIN = 2.0
"""Seconds for which a toast stands, and after which it makes way for another one."""
MOST_TOLD = 2
"""Toasts that stand at once."""


class TellingApp(KeyedApp):
    """An app that tells something in the session's language."""

    def __init__(self, language: Language) -> None:
        super().__init__(language)
        self._hints: set[str] = set()
        """The hints that were told."""

    def tell(self, says: Sentence, severity: Severity = "information", *, seconds: float = TOLD_FOR) -> None:
        """A toast with a sentence, whatever it quotes drawn literally; once while it stands, which is so
        long. What could be read already makes way for it, unless it tells of an error.
        """
        message = plain(self.language.say(says), lines=True)
        for standing in list(self._notifications):
            if standing.severity != "error" and standing.time_left < TOLD_FOR - READ_WITHIN:
                self._unnotify(standing)
        for standing in list(self._notifications)[: 1 - MOST_TOLD]:
            if standing.message != message:
                self._unnotify(standing)
        if all(message != standing.message for standing in self._notifications):
            # At once, as `notify` would not: what is told next by the same handler counts it.
            self._notifications.add(Notification(message, "", severity, seconds, markup=False))
            self._refresh_notifications()

    def hint(self, says: Sentence) -> None:
        """A toast about what can be done where one is: it goes when something is done, or when one goes
        elsewhere."""
        self.tell(says, severity="warning")
        self._hints.add(plain(self.language.say(says), lines=True))

    def forget_hints(self) -> None:
        """Takes away what only held for what was to be done."""
        for standing in list(self._notifications):
            if standing.message in self._hints:
                self._unnotify(standing)
        self._hints.clear()

    def tell_error(self, error: TextmeterError) -> None:
        """An error as a toast."""
        log().warning("told of %s", Word(error.code))
        self.tell(error.says, severity="error")
