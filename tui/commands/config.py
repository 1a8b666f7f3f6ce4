"""`textmeter config`: what this installation is told from outside, and where each setting comes from."""

from __future__ import annotations

import sys

import click

from store.config.schema import entry
from store.errors import WrongUsage
from store.sentences import sentence
from tui.commands.click_ext import Command, Group, argument
from tui.commands.context import Session, can_ask
from tui.i18n.language import Language
from tui.i18n.sanitize import plain
from tui.settings import queries
from tui.settings.presentation import origin_words, value_words, why_not_here
from tui.settings.queries import Seen, all_settings, seen


def command(language: Language) -> click.Command:
    _ = language.gettext
    key = argument("key", _("KEY"), _("The setting, such as serve.idle."))
    return Group(
        language,
        "config",
        about=_("Show and change settings."),
        more=_(
            "Options override environment variables, which override the file, which overrides "
            "the defaults. Secrets are never shown. They come from the environment, systemd "
            "credentials, the system keyring, or a file only you can read."
        ),
        commands=[
            Command(
                language,
                "list",
                list_settings,
                about=_("List all settings and where each value comes from."),
                examples=["textmeter config list", "textmeter config list --json"],
            ),
            Command(
                language,
                "get",
                get,
                about=_("Print one setting. For a secret, shows only whether it is set and where."),
                params=[key],
                examples=["textmeter config get database"],
            ),
            Command(
                language,
                "set",
                put,
                about=_("Save a setting to the file; an empty value removes it."),
                more=_(
                    "The rest of the file stays as it is, comments included. For a secret, give - as the "
                    "value: it is read from standard input and kept in the system keyring if there is "
                    "one."
                ),
                params=[key, argument("value", _("VALUE"), _("The value, or - for a secret."))],
                examples=[
                    "textmeter config set serve.idle 30",
                    "textmeter config set mail.password - < password.txt",
                ],
            ),
            Command(
                language,
                "path",
                path,
                about=_("Print the settings file's path, even if it doesn't exist yet."),
                examples=["textmeter config path"],
            ),
            Command(
                language,
                "schema",
                schema,
                about=_("Print a JSON Schema of the settings file, for your editor."),
                more=_(
                    "Editors with TOML support complete and check the file with it. A settings file made by "
                    "Textmeter names its schema in the first line."
                ),
                examples=["textmeter config schema > config.schema.json"],
            ),
        ],
    )


def list_settings(session: Session) -> None:
    found = all_settings(session.options)
    language = session.language
    if session.json:
        session.answer_array(_as_data(session, one) for one in found)
        return
    _ = language.gettext
    session.table(
        [_("Setting"), _("Value"), _("From"), _("What for")],
        [
            [one.entry.key, value_words(language, one), origin_words(language, one), _(one.entry.help)]
            for one in found
        ],
    )
    for one in found:
        if one.trouble is not None:
            session.warn(one.trouble)


def get(session: Session, key: str) -> None:
    _answer(session, seen(entry(key), session.options))


def put(session: Session, key: str, value: str) -> None:
    setting = entry(key)
    queries.put(setting, _typed_secret(session, key, value) if setting.secret else session.text(value))
    now = seen(setting, session.options)
    if (why := why_not_here(now)) is not None:
        session.warn(why)
    _answer(session, now)


def _typed_secret(session: Session, key: str, value: str) -> str:
    """What standard input, or somebody at the terminal, says for "-"; "" takes the secret out."""
    if value and value != "-":
        raise WrongUsage(
            sentence(
                "A secret on the command line stays in your shell's history. Nothing was changed. "
                "Run `textmeter config set {key} -` and type it when asked.",
                key=key,
            ),
            code="usage",
        )
    if value and can_ask():
        import getpass

        return getpass.getpass(session.language.gettext("Secret:") + " ", sys.stderr)
    return session.text(value)


def path(session: Session) -> None:
    from store import config

    file = str(config.path())
    if session.json:
        session.answer({"path": file})
    else:
        session.say(plain(file))


def schema(session: Session) -> None:
    import json

    from store.config.json_schema import json_schema

    found = json_schema(session.language.gettext)
    if session.json:
        session.answer(found)
    else:
        session.say(json.dumps(found, indent=2, ensure_ascii=False))


def _answer(session: Session, one: Seen) -> None:
    language = session.language
    if session.json:
        session.answer(_as_data(session, one))
    elif one.entry.secret:
        says = sentence(
            "{value} ({origin})", value=value_words(language, one), origin=origin_words(language, one)
        )
        session.say(plain(language.say(says)) if one.is_set else value_words(language, one))
    else:
        session.say("" if one.value is None else plain(str(one.value)))
    if one.trouble is not None:
        session.warn(one.trouble)


def _as_data(session: Session, one: Seen) -> dict[str, object]:
    """value: null for a secret, and where there is none."""
    return {
        "key": one.entry.key,
        "value": one.value,
        "from": one.origin,
        "help": session.language.gettext(one.entry.help),
        "set": one.is_set,
    }
