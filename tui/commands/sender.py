"""`textmeter sender`: from which numbers and addresses texts and emails go out, and who carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from store.errors import WrongUsage
from store.sentences import sentence
from tui.commands.click_ext import Command, Group, argument
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain
from tui.settings.sender_doors import all_senders, door

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from store import Store
    from store.messages.providers import Finding
    from store.messages.senders import SenderInfo

SIGNS = {"ok": "✓", "warning": "!", "error": "×"}


def command(language: Language) -> click.Command:
    _ = language.gettext
    name = _("ID")
    return Group(
        language,
        "sender",
        about=_("Set up the providers and numbers or addresses you send from."),
        more=_(
            "Without a sender, texts are simulated. They always are in the demo and in accounts "
            "with a demo clock."
        ),
        commands=[
            Command(
                language,
                "list",
                list_senders,
                about=_("List senders and how many texts each can still send today."),
            ),
            Command(
                language,
                "set",
                set_sender,
                about=_("Set up a sender or change its settings."),
                more=_(
                    "Every sender has provider, number, account (whose texts it sends; empty means all), "
                    "per_second, per_day and people_per_month. If a provider setting is missing, the "
                    "error lists them. KEY=- reads the value from standard input; use it for secrets."
                ),
                params=[
                    argument("id", name, _("The sender's name.")),
                    click.Argument(["values"], metavar=_("KEY=VALUE..."), nargs=-1, required=True),
                ],
                examples=[
                    "textmeter sender set office provider=twilio number=+14155550123 account_sid=AC...",
                    "textmeter sender set office auth_token=- < token.txt",
                    "textmeter sender set mail provider=smtp number=me@example.com host=mail.example.com",
                    "textmeter sender set phone provider=smsgate url=http://192.168.1.20:8080 username=sms",
                ],
            ),
            Command(
                language,
                "check",
                check,
                about=_("Test each step with the live service."),
                more=_("Shows what is missing and how to fix it. Sends nothing."),
                params=[argument("id", name, _("The sender (default: all)."), required=False)],
                examples=["textmeter sender check office"],
            ),
            Command(
                language,
                "remove",
                remove,
                about=_(
                    "Remove a sender. Its queued messages wait until you set up a sender with the same name."
                ),
                params=[argument("id", name, _("The sender."))],
                examples=["textmeter sender remove office"],
            ),
        ],
    )


def list_senders(session: Session) -> None:
    with session.open_store() as store:
        senders, mail = all_senders(store), store.email_senders.is_real("", demo_clock=False)
    if session.json:
        session.answer_array(map(_told, senders))
        return
    _ = session.language.gettext
    if not senders:
        texts = _("There are no senders yet, so texts are simulated. Set one up with `textmeter sender set`.")
        both = _(
            "There are no senders yet, so texts and emails are simulated. Set one up with "
            "`textmeter sender set`."
        )
        session.say(texts if mail else both)
        return
    number = session.language.number
    rows = [
        [
            one.id,
            one.provider,
            one.number,
            f"{one.per_second:g}" if one.per_second else "",
            number(one.per_day) if one.per_day else "",
            number(one.people_a_month) if one.people_a_month else "",
            "" if one.left_today is None else number(one.left_today),
        ]
        for one in senders
    ]
    heads = [_("Sender"), _("Provider"), _("Number"), _("Per second"), _("A day"), _("People per month")]
    session.table([*heads, _("Left today")], rows, right=range(3, 7))


def set_sender(session: Session, id: str, values: tuple[str, ...]) -> None:
    given = dict(_pairs(session, values))
    with session.open_store() as store:
        info = door(store, id, given.get("provider", "")).set(id, given)
    if session.json:
        session.answer(_told(info))
        return
    said = sentence("{id} is set up. Test it with `textmeter sender check {id}`.", id=info.id)
    session.say(plain(session.language.say(said)))


def check(session: Session, id: str | None) -> int:
    """1 where something is wrong."""
    with session.open_store() as store:
        found = [(name, finding) for name, check in _checks(store, id) for finding in check]
    if session.json:
        session.answer_array(
            {
                "sender": each,
                "finding": session.language.say(finding.says),
                "severity": finding.severity.value,
                "what_to_do": session.language.say(finding.what_to_do) if finding.what_to_do else None,
            }
            for each, finding in found
        )
    else:
        for each, finding in found:
            begins = f"{SIGNS[finding.severity]} {each}".rstrip()
            session.say(plain(f"{begins}  {session.language.say(finding.says)}"))
            if finding.what_to_do is not None:
                session.say(plain(f"    {session.language.say(finding.what_to_do)}"))
    return int(any(finding.severity == "error" for _, finding in found))


def remove(session: Session, id: str) -> None:
    with session.open_store() as store:
        door(store, id).remove(id)
    if session.json:
        session.answer({"id": id})
    else:
        session.say(plain(session.language.say(sentence("{id} removed.", id=id))))


def _checks(store: Store, id: str | None) -> Iterable[tuple[str, Iterable[Finding]]]:
    """The checks of one sender, or of all there are, by their names: that of `mail.url` is its own. What
    carries texts without a sender is checked where there is none."""
    if id is not None:
        return [(id, door(store, id).check(id))]
    emails = store.email_senders
    checks = [(each, store.senders.check(each)) for each in store.senders.ids() or [""]]
    checks += [(each, emails.check(each)) for each in emails.ids()]
    if emails.is_real("", demo_clock=False):
        checks.append(("mail.url", emails.check("")))
    return checks


def _pairs(session: Session, values: Iterable[str]) -> Iterable[tuple[str, str]]:
    for each in values:
        key, separator, value = each.partition("=")
        if not separator or not key:
            raise WrongUsage(
                sentence("Write KEY=VALUE, such as number=+14155550123, not “{text}”.", text=each),
                code="usage",
            )
        yield key, session.text("-").strip() if value == "-" else value


def _told(one: SenderInfo) -> Mapping[str, Any]:
    return {
        "id": one.id,
        "provider": one.provider,
        "number": one.number,
        "account": one.account_id,
        "per_second": one.per_second,
        "per_day": one.per_day,
        "people_per_month": one.people_a_month,
        "left_today": one.left_today,
        "options": dict(one.options),
        "secrets": sorted(one.secrets),
    }
