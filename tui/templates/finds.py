"""What the palette finds of templates. Called in threads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from store import Store
from store.people.names import fold
from store.texts.merge import sketch
from tui.base.finds import TEMPLATES, Asked, Find, posts
from tui.base.navigation import GoTo


def templates(store: Store, asked: Asked) -> Iterator[Find]:
    """Those that are offered to an account, by name; each puts the cursor on itself."""
    product = store.credits.product(asked.account)
    for one in store.templates.all(asked.language.code, community=product.for_communities):
        says = " ".join(sketch(f"{one.subject} {one.text}").split())
        shows = posts(partial(GoTo, "templates", fold(one.name)))
        yield Find(f"template.{fold(one.name)}", TEMPLATES, one.name, shows, says)
