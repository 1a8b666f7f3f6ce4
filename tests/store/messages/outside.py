"""A provider outside: a server that outlives the workers that hand it texts, and can have them, or something
else, die meanwhile."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from enum import Enum
from http.client import HTTPConnection
from urllib.parse import urlsplit

from store.messages.providers import (
    Accepted,
    CantTell,
    Had,
    LookedUp,
    NeverHad,
    NoAnswer,
    Outcome,
    Outgoing,
    Profile,
)
from tests.store.messages.providers.loopback import Answer, Asked, Loopback
from tests.store.messages.scripted import Taking

IN_FLIGHT = 4


class Moment(Enum):
    """When something dies of a question: before it is heard, once it is done and not answered, or so many
    milliseconds after that, while its answer is on the way, kept, or the next text taken."""

    BEFORE = "before"
    AFTER = "after"
    LATER = "later"


class Outside(Loopback):
    """repeatable: a text that comes again under its id leaves once, and everybody may ask which it has.

    left: how often each text left, by our ids; hands: the processes that handed texts over.
    """

    def __init__(self, *, repeatable: bool) -> None:
        super().__init__()
        self.repeatable = repeatable
        self.left: Counter[int] = Counter()
        self.hands: set[int] = set()
        self.together = 1
        """So many processes must have come before the first one is answered."""
        self._change = threading.Condition()
        self._deadly = 0
        self._death: tuple[Callable[[], None], Moment, float] = (lambda: None, Moment.BEFORE, 0.0)

    def kill(self, dies: Callable[[], None], at: int, moment: Moment, milliseconds: float = 0.0) -> None:
        """Has something die at a question from now on, the first being 1."""
        with self._change:
            self._deadly, self._death = at, (dies, moment, milliseconds)

    def take(self, asked: Asked) -> Answer | None:
        with self._change:
            self.hands.add(int(asked.headers["X-Process"]))
            self._change.notify_all()
            assert self._change.wait_for(lambda: len(self.hands) >= self.together, timeout=60)
            self._deadly -= 1
            dies, moment, milliseconds = self._death
            is_deadly = self._deadly == 0
            if is_deadly and moment is Moment.BEFORE:
                dies()
                return None
            answer = self._answer(asked.method, int(asked.path.rpartition("/")[2]))
            if is_deadly and moment is Moment.AFTER:
                dies()
                return None
        if is_deadly:
            threading.Timer(milliseconds / 1_000, dies).start()
        return answer

    def _answer(self, method: str, id: int) -> Answer:
        if method == "GET":
            return Answer(200 if id in self.left else 404)
        if not (self.repeatable and id in self.left):
            self.left[id] += 1
        return Answer(200)


class Carrier(Taking):
    """What a worker hands its texts to."""

    def __init__(self, url: str, *, repeatable: bool) -> None:
        self.profile = Profile(in_flight=IN_FLIGHT, repeatable=repeatable)
        self._host = urlsplit(url).netloc

    def send(self, outgoing: Outgoing) -> Outcome:
        return Accepted(f"outside-{outgoing.id}") if self._ask("POST", outgoing.id) == 200 else NoAnswer()

    def lookup(self, outgoing: Outgoing, since: datetime) -> LookedUp:
        if not self.profile.repeatable:
            return CantTell()
        return Had(f"outside-{outgoing.id}") if self._ask("GET", outgoing.id) == 200 else NeverHad()

    def _ask(self, method: str, id: int) -> int:
        with closing(HTTPConnection(self._host, timeout=20)) as connection:
            connection.request(method, f"/texts/{id}", headers={"X-Process": str(os.getpid())})
            return connection.getresponse().status
