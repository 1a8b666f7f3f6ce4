"""What the palette finds. Nothing else knows all rooms that have something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from importlib import import_module

from store.sentences import Key
from tui.base.actions import Acting, Action
from tui.base.at_hand import at_hand, stands_at_first
from tui.base.finds import ELSEWHERE, Find, Provider, posts
from tui.base.navigation import DoThere
from tui.base.palette import Sources
from tui.base.screen import TextmeterScreen
from tui.base.session_app import SessionApp
from tui.routes.screens import MODES, OF_EMAILS, WRITING, make

MOVING = {"enter", "escape", "space", "asterisk", "slash", "left", "right", "up", "down", "tab"}
"""Keys of what means nothing before one is there: opening what is under the cursor, going back."""


def sources(everywhere: Acting, used: Sequence[Find]) -> Sources:
    """All that there is, here and elsewhere. everywhere: the app; used: what the palette led to, the latest
    first."""
    now = list(at_hand(everywhere, everywhere.app.screen))
    later = partial(elsewhere, everywhere.app, everywhere)
    return Sources(now, stands_at_first, prepare, later, used, listed, searched)


def listed() -> Sequence[Provider]:
    """What rooms list whatever is typed, each read once."""
    from tui.billing.finds import orders, plans
    from tui.blasts.finds import sent
    from tui.compose.finds import drafts
    from tui.contacts.finds import groups
    from tui.emails.finds import campaigns
    from tui.scheduled.finds import scheduled
    from tui.settings.finds import settings
    from tui.smartplans.finds import smartplans
    from tui.templates.finds import templates

    return groups, templates, drafts, scheduled, plans, orders, settings, smartplans, sent, campaigns


def searched() -> Sequence[Provider]:
    """What rooms look up for what is typed."""
    from tui.contacts.finds import people
    from tui.history.finds import lines
    from tui.inbox.finds import conversations

    return people, conversations, lines


def prepare() -> None:
    """Imports the screens, which takes longer than a key may."""
    for place in MODES.values():
        import_module(place.partition(":")[0])


def elsewhere(app: SessionApp, everywhere: Acting) -> Iterator[Find]:
    """What can be done on the screens that aren't in front, but for the ways to what can be gone to from
    everywhere. What else it hangs on is asked there: a screen that isn't open has no state."""
    if app.account is None:
        return
    known = {action.label for action in everywhere.acts.values()}
    emails = app.product.sends == "emails"
    for mode in MODES:
        written_otherwise = mode in WRITING.values() and mode != WRITING[app.product.sends]
        if mode == app.current_mode or written_otherwise or (mode in OF_EMAILS and not emails):
            continue
        screen = make(mode)
        assert isinstance(screen, TextmeterScreen)
        for action in screen.acts.values():
            if _is_offered(action) and action.label not in known:
                yield _find(app, mode, screen.NAME, action)


def _is_offered(action: Action) -> bool:
    keys = set(action.key.split(","))
    return not action.id.startswith("go.") and (action.key == "" or not keys <= MOVING)


def _find(app: SessionApp, mode: str, name: str, action: Action) -> Find:
    language = app.language
    label = language.gettext(action.label)
    return Find(
        action.id,
        ELSEWHERE,
        f"{language.gettext(name)}: {label}",
        posts(partial(DoThere, mode, action.id)),
        action.tells(language),
        app.key_shown(Key(action.id, action.key)) if action.key else "",
        language.gettext(action.also) if action.also else "",
        app.lacks(action.role) if action.role is not None else None,
    )
