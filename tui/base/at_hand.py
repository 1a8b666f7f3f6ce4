"""What the palette has at once: what can be done on the present screen and everywhere, other accounts, looks
and languages.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.dom import DOMNode

from tui.base.actions import Acting, Action, action_of
from tui.base.finds import ACCOUNTS, EVERYWHERE, GO, HERE, LANGUAGES, LOOKS, Find, posts
from tui.base.navigation import ShowAccount
from tui.i18n.language import Language, available

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.base.session_app import SessionApp


def at_hand(everywhere: Acting, screen: Screen[object]) -> Iterator[Find]:
    """All of it, in the order in which it stands before anything is typed. Each name is there once: what its
    key means here, before what it means elsewhere."""
    app = everywhere.app
    listed: set[str] = set()
    for active in screen.active_bindings.values():
        action = action_of(active)
        if action is None or action.label in listed or action.id in ("palette", "finder.back"):
            continue
        listed.add(action.label)
        yield found(everywhere, active.node, action, app.get_key_display(active.binding))
    here = [everywhere, screen] if isinstance(screen, Acting) else [everywhere]
    means = {key: active.binding.id for key, active in screen.active_bindings.items()}
    for node in here:
        for action in node.acts.values():
            # What has no key, and what of the app has one that means something else here.
            is_shadowed = node is everywhere and means.get(action.key, action.id) != action.id
            if (not action.key or is_shadowed) and action.label not in listed and action.shown():
                listed.add(action.label)
                yield found(everywhere, node, action, "")
    yield from _accounts(app)
    yield from _looks(app)


def found(everywhere: Acting, node: DOMNode, action: Action, key: str) -> Find:
    """What can be done, as the palette has it."""
    assert isinstance(node, Acting)
    language = everywhere.app.language
    alike = (action, *(one for one in everywhere.acts.values() if one.label == action.label))
    also = next((one.also for one in alike if one.also), "")
    name = action.words() if action.words is not None else ""
    goes, heading = action.id.startswith("go."), HERE
    if node is everywhere:
        heading = GO if goes else EVERYWHERE
    return Find(
        action.id,
        heading,
        name if name and (goes or not action.key) else language.gettext(action.label),
        lambda _app: node.action_act(action.id),
        action.about(language),
        key,
        language.gettext(also) if also else "",
        action.why_not(),
    )


def stands_at_first(find: Find) -> bool:
    """Whether it is there before anything is typed."""
    return find.heading in (HERE, GO, EVERYWHERE)


def _accounts(app: SessionApp) -> Iterator[Find]:
    """The way to each account that isn't shown."""
    _ = app.language.gettext
    for account in app.accounts:
        if app.account is not None and account.id != app.account.id:
            yield Find(
                f"account.{account.id}",
                ACCOUNTS,
                _("Account {number}: {plan}").format(number=account.id, plan=app.plan_words(account)),
                posts(partial(ShowAccount, account)),
                _("Switch to this account, now and at the next start"),
            )


def _looks(app: SessionApp) -> Iterator[Find]:
    """The looks and the languages."""
    _ = app.language.gettext
    for look, name in app.looks():
        label = _("Theme: {name}").format(name=name)
        chooses = partial(_choose_look, look)
        yield Find(f"look.{look}", LOOKS, label, chooses, _("Change the colors"))
    for tag in available():
        yield Find(
            f"language.{tag}",
            LANGUAGES,
            _("Language: {name}").format(name=Language(tag).own_name()),
            partial(_choose_language, tag),
            _("Change the language, now and at the next start"),
        )


def _choose_look(look: str, app: SessionApp) -> None:
    app.choose_theme(look)


def _choose_language(tag: str, app: SessionApp) -> None:
    app.choose_language(tag)
