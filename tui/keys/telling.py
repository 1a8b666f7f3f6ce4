"""What is wrong with a person's own keys, as it is told while another screen is in front."""

from __future__ import annotations

from collections.abc import Iterator

from store.sentences import Key, Sentence, sentence, sentences
from store.toml_files import place
from tui.base.own_keys import News
from tui.i18n.language import Language
from tui.keys.catalog import Catalog
from tui.keys.clashes import clashes
from tui.keys.presentation import clash_words


def wrong_keys(news: News, catalog: Catalog, language: Language) -> Sentence | None:
    """For one toast: what comes first in full, and how much more there is; None where all is well."""
    wrong = [mistake.says for mistake in news.mistakes] + list(_clashes(news, catalog, language))
    if len(wrong) < 2:
        return next(iter(wrong), None)
    return sentences(
        "{says} {count} more mistake in {file}; {key} shows every key.",
        "{says} {count} more mistakes in {file}; {key} shows every key.",
        len(wrong) - 1,
        says=wrong[0],
        file=news.file,
        key=Key("go.keys", "g k"),
    )


def _clashes(news: News, catalog: Catalog, language: Language) -> Iterator[Sentence]:
    """Each pair once, where the file has the first of the two."""
    told: set[frozenset[str]] = set()
    for id in news.keys or ():
        for clash in clashes(id, news.keys or {}, catalog):
            pair = frozenset({id, clash.other.id, clash.key})
            if pair not in told:
                told.add(pair)
                where = place(news.file, id, news.lines[id])
                yield sentence("{place}: {clash}", place=where, clash=clash_words(clash, language))
