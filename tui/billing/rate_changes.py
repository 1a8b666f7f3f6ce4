"""How rates would change, in words: for the Rates screen and for `textmeter rates refresh`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from store.rates import Applied, NewCard, Way
from store.sentences import Sentence, sentence, sentences
from tui.billing.country_rates import folded
from tui.i18n.language import Language


class ChangedRate(NamedTuple):
    """A country that changes. name: in a language; before, after: credits for one segment."""

    region: str
    name: str
    before: int
    after: int
    is_new: bool


def differing(language: Language, card: NewCard) -> list[ChangedRate]:
    """The countries that change, by their names in the language's own letters."""
    rows = [
        ChangedRate(one.region, language.territory(one.region), one.before, one.after, one.way is Way.NEW)
        for one in card.of(Way.RISES, Way.FALLS, Way.NEW)
    ]
    return sorted(rows, key=lambda row: folded(row.name))


def summary(card: NewCard) -> Iterator[Sentence]:
    """How many countries change, and how."""
    rises, falls, new, same = (len(card.of(way)) for way in (Way.RISES, Way.FALLS, Way.NEW, Way.SAME))
    yield sentence(
        "With the prices at {source}: {rises}, {falls}, {new}, {same}.",
        source=card.source,
        rises=sentences("{count} country goes up", "{count} countries go up", rises),
        falls=sentences("{count} goes down", "{count} go down", falls),
        new=sentences("{count} is new", "{count} are new", new),
        same=sentences("{count} stays the same", "{count} stay the same", same),
    )
    if card.left:
        yield sentences(
            "{count} country in your rates has no price there and keeps its rate.",
            "{count} countries in your rates have no price there and keep their rates.",
            card.left,
        )
    if not card.is_other:
        yield sentence("Nothing to change.")


def outcome(applied: Applied) -> Iterator[Sentence]:
    """What was done."""
    yield sentence("The new rates are in effect. They are saved in {path}.", path=str(applied.path))
    if applied.backup is not None:
        yield sentence("The old ones are kept in {path}.", path=str(applied.backup))
