"""Which lines of the history are shown, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from store.credits.history_query import Filter, Matching, Sort
from store.credits.model import Kind, Pool
from store.sentences import N_
from tui.history.presentation import kind_words
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

_SORTS = {
    Sort.NEWEST: N_("newest first"),
    Sort.OLDEST: N_("oldest first"),
    Sort.LARGEST: N_("largest first"),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody chose. since, until: local days, both included. text: what the lines are to contain."""

    pool: Pool = Pool.ALLOTTED
    kind: Kind | None = None
    since: date | None = None
    until: date | None = None
    text: str = ""
    sort: Sort = Sort.NEWEST

    @property
    def narrowed(self) -> bool:
        """Whether lines are left out."""
        return bool(self.kind or self.since or self.until or self.text)

    def filter(self, matching: Matching | None) -> Filter:
        """The same for the ledger."""
        return Filter(self.pool, self.kind, self.since, self.until, matching)

    def words(self, language: Language) -> str:
        """All that is chosen: "Only used · from May 1, 2026 · the newest first"."""
        _ = language.gettext
        parts = []
        if self.kind:
            parts.append(_("only {kind}").format(kind=kind_words(language, self.kind)))
        if self.since and self.since == self.until:
            parts.append(_("on {day}").format(day=language.day(self.since)))
        else:
            if self.since:
                parts.append(_("since {day}").format(day=language.day(self.since)))
            if self.until:
                parts.append(_("until {day}").format(day=language.day(self.until)))
        if self.text:
            parts.append(_("with “{text}”").format(text=plain(self.text)))
        words = " · ".join([*(parts or [_("all lines")]), _(_SORTS[self.sort])])
        return words[:1].upper() + words[1:]
