"""`textmeter templates`: texts that are kept under a name."""

from __future__ import annotations

import click

from store.messages.model import Purpose, Template
from store.sentences import sentence
from store.texts.merge import sketch
from tui.commands.click_ext import Choice, Command, Group, argument, option
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

SHOWN = 60
"""Characters of a text in a list."""


def command(language: Language) -> click.Command:
    _ = language.gettext
    name = argument("name", _("NAME"), _("The template's name; capitalization doesn't matter."))
    text = argument("text", _("TEXT"), _("The text, or - to read it from standard input."))
    purposes = [purpose.value for purpose in Purpose]
    return Group(
        language,
        "templates",
        about=_("Save texts as templates to send again."),
        commands=[
            Command(language, "list", list_templates, about=_("List templates by name.")),
            Command(
                language,
                "save",
                save,
                about=_("Save a text as a template, replacing any with the same name."),
                params=[
                    name,
                    text,
                    option(
                        "--purpose",
                        _("P"),
                        _("The purpose: {purposes}.").format(purposes=", ".join(purposes)),
                        Choice(purposes),
                        Purpose.NOTICE.value,
                    ),
                    option("--language", _("TAG"), _("The language, such as es (default: yours).")),
                ],
                examples=[
                    _("textmeter templates save 'Gate code' 'Hi {first_name|there}, the new code is 4711.'")
                ],
            ),
            Command(
                language,
                "delete",
                delete,
                about=_("Delete a template. One that came with Textmeter is no longer offered."),
                params=[name],
                examples=["textmeter templates delete 'Gate code'"],
            ),
        ],
    )


def list_templates(session: Session) -> None:
    with session.open_store() as store:
        account = session.account(store)
        community = store.credits.product(account).for_communities
        found = store.templates.all(session.language.code, community=community)
    if session.json:
        session.answer_array(map(_as_data, found))
        return
    _ = session.language.gettext
    if not found:
        session.say(_("There are no templates."))
        return
    rows = []
    for one in found:
        text = " ".join(sketch(one.text).split())
        rows.append([plain(one.name), plain(text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…")])
    session.table([_("Name"), _("Text")], rows)


def save(session: Session, name: str, text: str, purpose: str, language: str | None) -> None:
    template = Template(name, session.text(text), Purpose(purpose), language or session.language.code)
    with session.open_store() as store:
        saved = store.templates.save(template)
    if session.json:
        session.answer(_as_data(saved))
    else:
        session.say(plain(session.language.say(sentence("Saved as “{name}”.", name=saved.name))))


def delete(session: Session, name: str) -> None:
    with session.open_store() as store:
        deleted = store.templates.named(name, session.language.code)
        store.templates.delete(name)
    if session.json:
        session.answer(_as_data(deleted))
    else:
        session.say(plain(session.language.say(sentence("“{name}” deleted.", name=deleted.name))))


def _as_data(template: Template) -> dict[str, object]:
    return {
        "name": template.name,
        "text": template.text,
        "purpose": template.purpose.value,
        "language": template.language,
        "shipped": template.shipped,
    }
