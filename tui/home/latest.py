"""The last texts, emails and replies, as lines of Home; on the first day, how to begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from tui.base.navigation import Go, GoOnWriting, OpenBlast, OpenCampaign, OpenInbox
from tui.home.rows import heading, named, one_line
from tui.widgets.link_list import Row

if TYPE_CHECKING:
    from textual.message import Message

    from tui.base.session_app import SessionApp
    from tui.home.queries import Overview

    Post = Callable[[Message], object]

NARROW, WITH_NAMES = 70, 74
"""Cells of a line from which on it has room for two statuses, and for whom it went to."""


def sent(
    app: SessionApp, overview: Overview | None, post: Post, key: Callable[[str], str], width: int
) -> list[Row]:
    """The last texts or emails, the open draft first. key: how the key of an action is written, by its id;
    width: cells of a line."""
    _ = app.language.gettext
    if overview is None:
        return [heading(_("Latest texts"))]
    if overview.is_first_day:
        return _first_steps(app, overview, post, key)
    head = heading(_("Latest emails") if overview.sends_emails else _("Latest texts"))
    rows = (
        _emails(app, overview, post, width) if overview.sends_emails else _texts(app, overview, post, width)
    )
    return [head, *(rows or [_first_one(app, overview, post, key)])]


def _first_steps(app: SessionApp, overview: Overview, post: Post, key: Callable[[str], str]) -> list[Row]:
    """Whom to write to, then the first text."""
    _ = app.language.gettext
    people = Content(_("Look through your contacts") if overview.knows_people else _("Import your contacts"))
    first = Row("1", people, run=lambda: post(Go("contacts")), key=key("home.people"))
    return [heading(_("First steps")), first, replace(_first_one(app, overview, post, key), label="2")]


def _first_one(app: SessionApp, overview: Overview, post: Post, key: Callable[[str], str]) -> Row:
    """The way to the first text, for where none was sent."""
    _ = app.language.gettext
    write = Content(_("Write your first email") if overview.sends_emails else _("Write your first text"))
    return Row("", write, run=lambda: post(GoOnWriting()), key=key("home.write"))


def _texts(app: SessionApp, overview: Overview, post: Post, width: int) -> list[Row]:
    # Only now, since the first frame shouldn't wait for what it doesn't need.
    from store.clock import local_date
    from store.texts.merge import sketch
    from tui.blasts.presentation import people, standing

    language, draft, rows = app.language, overview.draft, []
    if draft is not None and (draft.body or draft.media):
        rows.append(_draft(app, one_line(sketch(draft.body)), post))
    for blast in overview.blasts:
        end = standing(language, blast, most=2 if width >= NARROW else 1)
        if width >= WITH_NAMES:
            end = f"{named(people(language, blast)).plain}  ·  {end}"
        day = language.near_day(local_date(blast.created_at, overview.timezone), overview.today)
        says = _said(app, blast.as_sent.body)
        rows.append(Row(day, says, Content(end), partial(_open_blast, post, blast.id)))
    return rows


def _emails(app: SessionApp, overview: Overview, post: Post, width: int) -> list[Row]:
    from store.clock import local_date
    from store.texts.merge import sketch
    from tui.emails.presentation import people, standing

    language, draft, rows = app.language, overview.draft, []
    if draft is not None and (draft.subject or draft.body):
        rows.append(_draft(app, one_line(sketch(draft.subject or draft.body)), post))
    for campaign in overview.campaigns:
        end = standing(language, campaign, most=2 if width >= NARROW else 1)
        if width >= WITH_NAMES:
            end = f"{people(language, campaign)}  ·  {end}"
        day = language.near_day(local_date(campaign.created_at, overview.timezone), overview.today)
        says = _said(app, sketch(campaign.subject))
        rows.append(Row(day, says, Content(end), partial(_open_campaign, post, campaign.id)))
    return rows


def replies(app: SessionApp, overview: Overview | None, post: Post) -> list[Row]:
    """The conversations whose last word is theirs, the latest first."""
    if overview is None or not overview.threads:
        return []
    from tui.inbox.presentation import last_words, sign, when, who

    language, country = app.language, overview.balance.account.country
    rows = [heading(language.gettext("Last replies"))]
    for thread in overview.threads:
        ago = when(language, thread.at, overview.now, overview.timezone)
        mark = f"{sign(thread)} "
        says = Content(mark) + one_line(last_words(language, thread))
        end = Content(named(who(thread, country)).plain)
        rows.append(Row(ago, says, end, partial(_open_conversation, post, thread.phone)))
    return rows


def _draft(app: SessionApp, says: Content, post: Post) -> Row:
    _ = app.language.gettext
    text = says or Content(_("A picture"))
    return Row(_("Draft"), text, Content(_("not sent yet")), run=lambda: post(Go("compose")))


def _said(app: SessionApp, text: str) -> Content:
    return one_line(text) if text.strip() else Content(app.language.gettext("A picture"))


def _open_blast(post: Post, number: int) -> None:
    post(OpenBlast(number))


def _open_campaign(post: Post, number: int) -> None:
    post(OpenCampaign(number))


def _open_conversation(post: Post, phone: str) -> None:
    post(OpenInbox(phone=phone))
