"""`textmeter groups`: the groups that contacts are in."""

from __future__ import annotations

import click

from store.sentences import Sentence, sentences
from tui.commands.click_ext import Command, Group, argument
from tui.commands.contacts import find_contact
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain


def command(language: Language) -> click.Command:
    _ = language.gettext
    name = _("NAME")
    who = click.Argument(["contacts"], metavar=_("CONTACT..."), nargs=-1, required=True)
    some = click.Argument(["contacts"], metavar=_("[CONTACT...]"), nargs=-1)
    return Group(
        language,
        "groups",
        about=_("List groups and choose who is in them."),
        commands=[
            Command(language, "list", list_groups, about=_("List groups and their number of people.")),
            Command(
                language,
                "add",
                add,
                about=_("Add contacts to a group; a new group is created if needed."),
                params=[argument("name", name, _("The group.")), who],
                examples=["textmeter groups add buyers 12 +14155550123"],
            ),
            Command(
                language,
                "remove",
                remove,
                about=_("Remove contacts from a group, or delete the group if you name none."),
                params=[argument("name", name, _("The group.")), some],
                examples=["textmeter groups remove buyers 12", "textmeter groups remove buyers"],
            ),
            Command(
                language,
                "rename",
                rename,
                about=_("Rename a group."),
                params=[argument("name", name, _("The group.")), argument("other", name, _("The new name."))],
                examples=["textmeter groups rename buyers 'Buyers 2026'"],
            ),
        ],
    )


def list_groups(session: Session) -> None:
    with session.open_store() as store:
        groups = [(name, store.people.count(group=name)) for name, _ in store.people.groups()]
    if session.json:
        session.answer_array({"group": name, "people": people} for name, people in groups)
        return
    _ = session.language.gettext
    if not groups:
        session.say(_("There are no groups yet."))
        return
    rows = [[name, session.language.number(people)] for name, people in groups]
    session.table([_("Group"), _("People")], rows, right=[1])


def add(session: Session, name: str, contacts: tuple[str, ...]) -> None:
    with session.open_store() as store:
        ids = [find_contact(session, store, written).id for written in contacts]
        count = store.people.tag(ids, add=[name])
    said = sentences(
        "{count} person added to #{group}.", "{count} people added to #{group}.", count, group=name
    )
    _answer(session, name, count, said)


def remove(session: Session, name: str, contacts: tuple[str, ...]) -> None:
    with session.open_store() as store:
        if contacts:
            ids = [find_contact(session, store, written).id for written in contacts]
            count = store.people.tag(ids, remove=[name])
        else:
            count = store.people.remove_group(name)
    said = sentences(
        "{count} person removed from #{group}.", "{count} people removed from #{group}.", count, group=name
    )
    _answer(session, name, count, said)


def rename(session: Session, name: str, other: str) -> None:
    with session.open_store() as store:
        count = store.people.rename_group(name, other)
    said = sentences(
        "The group is now #{group}, with {count} person.",
        "The group is now #{group}, with {count} people.",
        count,
        group=other,
    )
    _answer(session, other, count, said)


def _answer(session: Session, group: str, people: int, said: Sentence) -> None:
    if session.json:
        session.answer({"group": group, "people": people})
    else:
        session.say(plain(session.language.say(said)))
