"""`textmeter serve`: the app for people elsewhere, over SSH or in a browser."""

from __future__ import annotations

import os
import re
import sys

import click

from store import secrets
from store.config import number, text
from store.errors import WrongUsage
from store.log_file import write_log
from store.roles import LOCAL, Person, Role
from store.sentences import sentence, sentences
from tui.commands.click_ext import Choice, Command, Group, Number, flag, option
from tui.commands.context import Session
from tui.i18n.language import Language

HOST_KEY = "ssh_host_key"
PASSWORD = "TEXTMETER_WEB_PASSWORD"
SHORTEST = 12
"""Characters of that password."""
MINUTE = 60
_PUBLIC = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+/?")


def command(language: Language) -> click.Command:
    _ = language.gettext
    ssh = Command(
        language,
        "ssh",
        serve_ssh,
        about=_("Serve the app over SSH."),
        more=_(
            "Each session runs in its own process, with no shell and no access to this "
            "computer's files. With --demo, each visitor gets demo data that is deleted "
            "afterward. Otherwise people work on your database, with the role given before their "
            "key in the --authorized-keys file: owner, sender or viewer. Runs until Ctrl-C or "
            "SIGTERM, then lets sessions close cleanly."
        ),
        params=[
            *_where(language, "ssh_port"),
            option("--host-key", _("FILE"), _("The server's host key; created on first start and kept.")),
            flag("--demo", _("Give each visitor their own demo data.")),
            flag("--anonymous", _("With --demo: let people connect without a key.")),
            option(
                "--authorized-keys", _("FILE"), _('Who can connect: role="sender" ssh-ed25519 AAAA... name')
            ),
            *_limits(language),
        ],
        examples=[
            "textmeter serve ssh --demo --anonymous",
            "textmeter serve ssh --authorized-keys people.keys --host 0.0.0.0",
        ],
    )
    browser = Command(
        language,
        "web",
        serve_web,
        about=_("Serve the app in a browser."),
        more=_(
            "Each session runs in its own process, with no access to this computer's files, and "
            "the page loads nothing from other sites. A --demo served only to this computer is "
            "open to anyone using it. Otherwise people get in with a link that is printed here, "
            "works once, for one browser, and expires after half an hour; a new one is printed "
            "when it has been used, or on SIGUSR1. Or they get in with --password, read from the "
            "variable TEXTMETER_WEB_PASSWORD or saved with `textmeter config set web.password "
            "-`. Everyone signs in as --person with --role: for several people, start several "
            "servers or use serve ssh. This is plain HTTP: if others could listen in, put a TLS "
            "proxy in front and give its address with --public-url; limits per address then "
            "count everyone as one. Runs until Ctrl-C or SIGTERM, then lets sessions close "
            "cleanly."
        ),
        params=[
            *_where(language, "web_port"),
            flag("--demo", _("Give each visitor their own demo data.")),
            flag(
                "--password",
                _("Let people in with the password from TEXTMETER_WEB_PASSWORD or the settings."),
            ),
            option("--person", _("NAME"), _("The person who signs in (default: you).")),
            option(
                "--role", _("ROLE"), _("owner (default), sender or viewer"), Choice(ROLES), default="owner"
            ),
            option(
                "--public-url",
                _("URL"),
                _("The public address of a proxy in front, such as https://example.org."),
            ),
            *_limits(language),
        ],
        examples=[
            "textmeter serve web --demo",
            "textmeter serve web --host 0.0.0.0 --person maria --role sender",
        ],
    )
    session = Command(
        language,
        "session",
        serve_session,
        about=_("Run one session for someone who is already signed in."),
        more=_(
            "For OpenSSH's ForceCommand and command=: runs the app, or the requested command, in "
            "the current terminal, limited to a role and without access to this computer's files."
        ),
        params=[
            option("--person", _("NAME"), _("The person's name."), required=True),
            option("--role", _("ROLE"), _("owner, sender or viewer"), Choice(ROLES), required=True),
            *_times(language),
        ],
        examples=["textmeter serve session --person maria --role sender"],
    )
    return Group(
        language,
        "serve",
        about=_("Serve the app to other people."),
        commands=[ssh, browser, session],
    )


ROLES = tuple(role.value for role in Role)


def _where(language: Language, port: str) -> list[click.Parameter]:
    """Where it listens. port: the last word of the key of its setting."""
    _ = language.gettext
    return [
        option(
            "--host",
            _("ADDRESS"),
            _("The address to listen on (default: this computer only)."),
            default=text("serve.host"),
        ),
        option(
            "--port", _("N"), _("The port; 0 picks any free one."), Port(), default=number(f"serve.{port}")
        ),
    ]


def _times(language: Language) -> list[click.Parameter]:
    _ = language.gettext
    return [
        _set("--idle", _("MINUTES"), _("End a session after this long without a key press.")),
        _set("--longest", _("MINUTES"), _("End every session after this long.")),
    ]


def _limits(language: Language) -> list[click.Parameter]:
    _ = language.gettext
    return [
        *_times(language),
        _set("--sessions", _("N"), _("The most sessions at once.")),
        _set("--sessions-by-address", _("N"), _("The most sessions at once per address.")),
        _set("--attempts", _("N"), _("The most attempts per address per minute.")),
        option(
            "--metrics",
            _("PORT"),
            _("Serve Prometheus metrics on this local port."),
            Port(),
            default=number("serve.metrics"),
        ),
    ]


def _set(name: str, metavar: str, about: str) -> click.Option:
    """A number that is otherwise the one that is configured."""
    default = number("serve." + name.removeprefix("--").replace("-", "_"))
    return option(name, metavar, about, Number(), default=default)


class Port(Number):
    """A port: 0 to 65535."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if value in (0, "0"):
            return 0
        port = super().convert(value, param, ctx)
        if port > 65535:
            says = sentence("{port} isn't a valid port. Use 65535 or lower.", port=str(port))
            raise WrongUsage(says, code="usage")
        return port


def serve_ssh(
    session: Session,
    host: str,
    port: int,
    host_key: str | None,
    demo: bool,
    anonymous: bool,
    authorized_keys: str | None,
    idle: int,
    longest: int,
    sessions: int,
    sessions_by_address: int,
    attempts: int,
    metrics: int | None,
) -> None:
    if anonymous and not demo:
        raise WrongUsage(
            sentence(
                "Only a demo can be open to people without a key: add --demo, or leave out --anonymous."
            ),
            code="usage",
        )
    if not demo:
        authorized_keys = authorized_keys or text("serve.authorized_keys") or None
    host_key = host_key or text("serve.host_key") or None
    if not demo and authorized_keys is None:
        raise WrongUsage(
            sentence("Choose who can connect with --authorized-keys FILE, or serve a --demo."),
            code="usage",
        )
    import asyncio

    from store.config import default_database
    from store.paths import data_folder, expanded
    from tui.serving.log import log_to_stderr
    from tui.serving.rate_limits import Limits
    from tui.serving.server import serve
    from tui.serving.ssh import Config, Server

    config = Config(
        host=host,
        port=port,
        host_key=expanded(host_key) if host_key else data_folder() / HOST_KEY,
        database="" if demo else session.database or default_database(),
        demo=demo,
        authorized_keys=expanded(authorized_keys) if authorized_keys else None,
        anonymous=anonymous,
        limits=Limits(sessions, sessions_by_address, attempts, idle * MINUTE, longest * MINUTE),
        counters=metrics,
    )

    def listening(server: Server) -> None:
        if session.json:
            session.answer(
                {
                    "host": host,
                    "port": server.port,
                    "host_key": server.fingerprint,
                    "metrics": server.counters,
                }
            )
            sys.stdout.flush()
        session.warn(
            sentence(
                "Listening on {host}, port {port}. Host key: {key}.",
                host=host,
                port=str(server.port),
                key=server.fingerprint,
            )
        )

    log_to_stderr()
    write_log()
    asyncio.run(serve(Server(config), listening))


def serve_web(
    session: Session,
    host: str,
    port: int,
    demo: bool,
    password: bool,
    person: str | None,
    role: str,
    public_url: str | None,
    idle: int,
    longest: int,
    sessions: int,
    sessions_by_address: int,
    attempts: int,
    metrics: int | None,
) -> None:
    kept = secrets.secret("web.password") if password else None
    secret = kept.reveal() if kept else ""
    if public_url is None and not demo:
        public_url = text("serve.public_url") or None
    if password and not secret:
        raise WrongUsage(
            sentence(
                "Set the password in the variable {name}, save it with `textmeter config set "
                "web.password -`, or leave out --password.",
                name=PASSWORD,
            ),
            code="usage",
        )
    if password and len(secret) < SHORTEST:
        raise WrongUsage(
            sentence(
                "The password is too short: use at least {least} characters.",
                least=SHORTEST,
            ),
            code="usage",
        )
    if public_url is not None and not _PUBLIC.fullmatch(public_url):
        raise WrongUsage(
            sentence("{url} isn't a server address such as https://example.org.", url=public_url),
            code="usage",
        )
    import asyncio

    from store.config import default_database
    from tui.serving.log import log_to_stderr
    from tui.serving.rate_limits import Limits
    from tui.serving.server import serve
    from tui.serving.web import Config, Server
    from tui.serving.web_auth import LINK_LASTS

    config = Config(
        host=host,
        port=port,
        database="" if demo else session.database or default_database(),
        demo=demo,
        person=Person(person or LOCAL.name, Role(role)),
        password=secret,
        public_url=(public_url or "").rstrip("/"),
        limits=Limits(sessions, sessions_by_address, attempts, idle * MINUTE, longest * MINUTE),
        counters=metrics,
    )

    def new_link(link: str) -> None:
        session.warn(
            sentences(
                "Open this link to get in. It works for one browser, within {count} minute: {link}",
                "Open this link to get in. It works for one browser, within {count} minutes: {link}",
                int(LINK_LASTS / MINUTE),
                link=link,
            )
        )

    def listening(server: Server) -> None:
        session.warn(sentence("Listening on {host}, port {port}.", host=host, port=str(server.port)))
        link = server.tell_link() if server.auth.has_link else None
        if link is None:
            session.warn(sentence("Open {url} in a browser.", url=server.url))
        if session.json:
            session.answer(
                {
                    "host": host,
                    "port": server.port,
                    "url": server.url,
                    "link": link,
                    "metrics": server.counters,
                }
            )
            sys.stdout.flush()

    log_to_stderr()
    write_log()
    asyncio.run(serve(Server(config, new_link), listening))


def serve_session(session: Session, person: str, role: str, idle: int, longest: int) -> int:
    from store.config import default_database
    from tui.serving.session import run
    from tui.serving.session_spec import SessionSpec, seen_code

    code = run(
        SessionSpec(
            database=session.database or default_database(),
            person=Person(person, Role(role)),
            line=os.environ.get("SSH_ORIGINAL_COMMAND"),
            idle=idle * MINUTE,
            longest=longest * MINUTE,
        )
    )
    return seen_code(code)
