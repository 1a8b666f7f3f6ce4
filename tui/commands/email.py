"""`textmeter email`: writes an email to one or more people."""

from __future__ import annotations

import re
import signal
import sys
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from store.emails.model import COUNTS, TROUBLE
from store.errors import WrongUsage, reason
from store.files import TooLarge, read_bounded
from store.messages.model import Draft, Purpose
from store.paths import files_within_reach, typed_path
from store.people.filters import SAVED
from store.sentences import sentence, sentences
from tui.commands.click_ext import Choice, Command, Group, Several, argument, flag, option
from tui.commands.context import Session
from tui.commands.entry import INTERRUPTED
from tui.commands.estimate import left_out_as_data
from tui.i18n.language import Language
from tui.i18n.sanitize import plain
from tui.signals import told_by

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account
    from store.emails.model import CampaignSummary

MOST_BYTES = 1_000_000
"""Of a file with an email's words."""

_pieces = re.compile(r"[\s,;]+").split


def command(language: Language) -> click.Command:
    _ = language.gettext
    sending = Command(
        language,
        "send",
        send,
        about=_("Send an email."),
        more=_(
            "FILE is Markdown. Fields such as {first_name|there} are filled in for each person. "
            "Either every email is held, or nothing is sent. Waits until all emails due now have "
            "gone out. Ctrl-C stops waiting: the rest go out while the app is open, or with "
            "`textmeter run`."
        ),
        params=[
            Several(
                "--to",
                _("ADDRESS..."),
                _("An email address. Use it more than once, or list several after it."),
                is_value=_is_address,
            ),
            Several("--group", _("NAME"), _("One of your groups."), is_value=lambda word: False),
            flag("--everyone", _("All your contacts.")),
            Several(
                "--filter",
                _("QUERY"),
                _(
                    "Everyone who matches: “#buyers unit:4* -opted-out last-text:>30d”, or =NAME for a "
                    "saved filter."
                ),
                is_value=lambda word: False,
                called="filters",
            ),
            Several(
                "--except",
                _("ADDRESS|GROUP..."),
                _("Leave these out: addresses, groups, and =NAME for saved filters."),
                is_value=_is_address,
                called="but",
            ),
            flag("--household", _("Send one email per household, to the first person who can get it.")),
            option("--subject", _("S"), _("The subject; merge fields work here too."), required=True),
            Several("--attach", _("FILE..."), _("A file to attach."), is_value=_is_file),
            option(
                "--purpose",
                _("WHAT"),
                _(
                    "The purpose ({purposes}), which decides who is left out. Default: marketing to "
                    "several people, conversation to one person."
                ).format(purposes=", ".join(Purpose)),
                Choice(list(Purpose)),
            ),
            option(
                "--override",
                _("WHY"),
                _("The reason for an emergency, or for marketing to people who got some recently."),
            ),
            option("--at", _("TIME"), _("When to send it, in the account's time zone.")),
            option("--each-at", _("HH:MM"), _("Send at this time in each recipient's own time zone.")),
            option("--sender", _("ID"), _("The sender to send from.")),
            option(
                "--service",
                _("NAME"),
                _("Who sends it: own, or mailchimp, which doesn't count toward your plan."),
            ),
            option(
                "--test",
                _("ADDRESS"),
                _("Send only a test to this address, as the first recipient would see it."),
            ),
            option("--idempotency-key", _("KEY"), _("Sending twice with the same key sends only once.")),
            flag("--no-wait", _("Queue it without waiting; it goes out when Textmeter is open.")),
            argument("file", _("FILE"), _("The email's file, or - for standard input.")),
        ],
        examples=[
            'textmeter email send --to ann@example.com --subject "Sunday" open-house.md',
            'textmeter email send --group buyers --subject "Hi {first_name|there}" --each-at 09:30 news.md',
            'textmeter email send --everyone --subject "News" --test me@example.com - < news.md',
        ],
    )
    return Group(language, "email", about=_("Send emails."), commands=[sending])


class Given(TypedDict):
    """What `email send` is given."""

    to: tuple[str, ...]
    group: tuple[str, ...]
    everyone: bool
    filters: tuple[str, ...]
    but: tuple[str, ...]
    household: bool
    subject: str
    attach: tuple[str, ...]
    purpose: str | None
    override: str | None
    at: str | None
    each_at: str | None
    sender: str | None
    service: str | None
    test: str | None
    idempotency_key: str | None
    no_wait: bool
    file: str


def send(session: Session, **given: Unpack[Given]) -> int:
    draft = _draft_of(session, given)
    sender = given["sender"] or ""
    with session.open_store() as store:
        account = session.account(store)
        if given["test"]:
            campaign = store.emails.test(account.id, draft, given["test"], sender=sender)
        else:
            at = given["at"]
            campaign = store.emails.send(
                account.id,
                draft,
                sender=sender,
                service=given["service"] or COUNTS,
                at=session.instant(account.timezone, at, "--at") if at else None,
                each_at=given["each_at"] or "",
                key=given["idempotency_key"] or "",
            )
        stopped = not given["no_wait"] and deliver(session, store, account)
        return finish(session, store, account, campaign, stopped=stopped)


def _draft_of(session: Session, given: Given) -> Draft:
    """Raises click.MissingParameter where nobody is to get it."""
    if not any((given["to"], given["group"], given["everyone"], given["filters"])):
        context = click.get_current_context()
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    addresses = [word for word in given["but"] if _is_address(word)]
    saved = [word for word in given["but"] if word.startswith(SAVED)]
    return Draft(
        subject=given["subject"],
        body=_words(given["file"]),
        to=tuple(piece for word in given["to"] for piece in _pieces(word) if piece),
        groups=given["group"],
        media=given["attach"],
        everyone=given["everyone"],
        but_to=tuple(addresses),
        but_groups=tuple(word.removeprefix("#") for word in given["but"] if word not in (*addresses, *saved)),
        filters=given["filters"],
        but_filters=tuple(saved),
        household=given["household"],
        purpose=Purpose(given["purpose"]) if given["purpose"] else None,
        why=session.text(given["override"] or "").strip(),
    )


def _words(file: str) -> str:
    """What is in a file, or standard input. Raises WrongUsage."""
    try:
        source = sys.stdin.buffer if file == "-" else typed_path(file)
        return read_bounded(source, MOST_BYTES).decode("utf-8-sig")
    except TooLarge:
        why = sentence("it has more than {most} bytes", most=MOST_BYTES)
    except UnicodeError:
        why = sentence("it isn't UTF-8")
    except (OSError, ValueError) as error:
        why = sentence("it can't be read: {why}", why=reason(error))
    raise WrongUsage(
        sentence("{path} isn't a valid email: {what}. Nothing was sent.", path=file, what=why),
        code="no-email-file",
    )


def deliver(session: Session, store: Store, account: Account) -> bool:
    """Lets all that is due leave; whether Ctrl-C stopped that."""
    if not (account.demo_clock or store.emails.is_real(account.id)):
        session.warn(sentence("Emails are simulated: none are really sent."))
    with told_by(signal.SIGINT) as stopped:
        trouble = store.emails.deliver(account.id, stop=stopped).trouble
    if trouble is not None:
        session.warn(trouble)
    return stopped.is_set()


def finish(session: Session, store: Store, account: Account, sent: CampaignSummary, *, stopped: bool) -> int:
    """Tells what became of a campaign. The exit code."""
    from tui.commands.campaign import answer, every_email, in_a_line, standing

    campaign, language = store.emails.campaign(sent.id), session.language
    if session.json:
        answer(session, store, campaign, {"left_out": left_out_as_data(language, sent.left_out)})
    else:
        says = sentences(
            "Email {campaign} to {count} person: {standing}.",
            "Email {campaign} to {count} people: {standing}.",
            campaign.recipients,
            campaign=campaign.id,
            standing=standing(language, campaign),
        )
        session.say(language.say(says))
        if campaign.at > campaign.created_at:
            when = language.date_and_time(campaign.at, account.timezone)
            session.say(language.say(sentence("The first goes out {when}.", when=when)))
        for one in every_email(store, campaign.id, TROUBLE):
            session.say(in_a_line(language, one))
        for without in sent.left_out:
            session.say(f"× {plain(without.to)}: {plain(language.say(without.reason))}")
    return INTERRUPTED if stopped else 0


def _is_address(word: str) -> bool:
    return "@" in word


def _is_file(word: str) -> bool:
    return files_within_reach() and typed_path(word).is_file()
