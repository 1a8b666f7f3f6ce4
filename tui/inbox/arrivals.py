"""What is told of texts that come in while the app is open."""

from __future__ import annotations

from collections.abc import Sequence

from store import Store
from store.messages.model import Heard
from store.sentences import Sentence, sentence, sentences
from tui.inbox.presentation import shown

MOST_QUOTED = 60
"""Characters of a text that are quoted."""


class Arrivals:
    """What has come in for one account since it was looked at last."""

    def __init__(self) -> None:
        self._account_id = 0
        self._last = 0

    def new(self, store: Store, account_id: int) -> list[Heard]:
        """The latest that came in since; nothing the first time, and after another account was chosen.
        Called in threads, one at a time."""
        begins = account_id != self._account_id
        found = store.conversations.heard(account_id, after=0 if begins else self._last, limit=20)
        self._account_id = account_id
        if begins:
            self._last = 0
        if found:
            self._last = found[-1].id
        return [] if begins else found


def told(heard: Sequence[Heard], country: str) -> Sentence:
    """Who wrote what, in one line: "Zoë Côté: Yes! Friday?"; of several, who and how many."""
    names = dict.fromkeys(one.name or shown(one.phone, country) for one in heard)
    if len(heard) == 1:
        [one], [name] = heard, names
        text = " ".join(one.text.split())
        if not text:
            return sentence("{name} sent a picture.", name=name)
        return sentence(
            "{name}: {text}",
            name=name,
            text=text if len(text) <= MOST_QUOTED else text[: MOST_QUOTED - 1] + "…",
        )
    if len(names) == 1:
        return sentences(
            "{count} text from {name}", "{count} texts from {name}", len(heard), name=next(iter(names))
        )
    return sentences("{count} person wrote to you.", "{count} people wrote to you.", len(names))
