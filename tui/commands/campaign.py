"""`textmeter campaign`: emails that were sent or wait, what became of each, and taking back what waits."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

import click

from store.emails.model import REASONS, TROUBLE, CampaignSummary, Emailed, Status
from store.errors import WrongUsage
from store.sentences import Sentence, sentence, sentences
from tui.blasts.presentation import purpose
from tui.commands.blasts import check_one_way, save_proof
from tui.commands.click_ext import Command, Group, Number, argument, flag, option
from tui.commands.context import Session, as_json
from tui.contacts.presentation import status_words
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store import Store
    from store.credits.export import Cell

FEW = 20
PAGE = 1_000
COLUMNS = ("to", "name", "status", "reason", "at")


def command(language: Language) -> click.Command:
    _ = language.gettext
    number = argument("campaign", _("ID"), _("The campaign's number."), Number())
    return Group(
        language,
        "campaign",
        about=_("List your sent and scheduled emails and their results."),
        commands=[
            Command(
                language,
                "list",
                list_campaigns,
                about=_("List campaigns, newest first."),
                params=[option("--limit", _("N"), _("Show at most N (default: 20)."), Number())],
            ),
            Command(
                language,
                "show",
                show,
                about=_("Show a campaign's result for each person, failures first."),
                params=[
                    number,
                    flag("--csv", _("Print as CSV.")),
                    option("--pdf", _("FILE"), _("Save as a PDF for your records.")),
                ],
                examples=[
                    "textmeter campaign show 12",
                    "textmeter campaign show 12 --csv > outcome.csv",
                    "textmeter campaign show 12 --pdf proof.pdf",
                ],
            ),
            Command(
                language,
                "cancel",
                cancel,
                about=_("Cancel a campaign's unsent emails."),
                params=[number],
                examples=["textmeter campaign cancel 12"],
            ),
        ],
    )


def list_campaigns(session: Session, limit: int | None) -> None:
    with session.open_store() as store:
        account = session.account(store)
        campaigns = store.emails.campaigns(account.id, limit=limit or FEW)
    if session.json:
        session.answer_array(map(_told, campaigns))
        return
    language, _ = session.language, session.language.gettext
    if not campaigns:
        session.say(_("No emails sent yet. See `textmeter email send --help`."))
        return
    rows = [
        [
            str(one.id),
            language.date_and_time(one.at, account.timezone),
            language.number(one.recipients),
            standing(language, one),
            one.subject[:60],
        ]
        for one in campaigns
    ]
    session.table([_("Campaign"), _("Send time"), _("People"), _("Status"), _("Subject")], rows, right=[0, 2])


def show(session: Session, campaign: int, csv: bool, pdf: str | None) -> None:
    check_one_way(csv=csv, pdf=pdf)
    with session.open_store() as store:
        found = _own(session, store, campaign)
        if pdf is not None:
            from tui.emails.queries import source

            save_proof(session, store, source(campaign), pdf)
        elif csv:
            from store.credits.export import write_csv

            emails = every_email(store, campaign)
            write_csv(sys.stdout, COLUMNS, (_row(session.language, one) for one in emails))
        elif session.json:
            answer(session, store, found, _about(found))
        else:
            about = plain(standing(session.language, found)), plain(session.language.say(purpose(found)))
            session.say(plain(found.subject), *about, "")
            for one in every_email(store, campaign):
                session.say(in_a_line(session.language, one))


def cancel(session: Session, campaign: int) -> None:
    with session.open_store() as store:
        before = _own(session, store, campaign)
        found = store.emails.cancel(campaign)
        taken_back = found.counts[Status.CANCELLED] - before.counts.get(Status.CANCELLED, 0)
        if session.json:
            answer(session, store, found, {"cancelled": taken_back})
        else:
            says = sentences(
                "{count} email in campaign {campaign} was cancelled.",
                "{count} emails in campaign {campaign} were cancelled.",
                taken_back,
                campaign=str(campaign),
            )
            session.say(session.language.say(says))


def answer(session: Session, store: Store, found: CampaignSummary, about: Mapping[str, object]) -> None:
    """Prints a campaign with all its emails as one JSON object; about: what else it has."""
    before = f'{{"campaign": {found.id}, "sends": {found.sends}, "messages": '
    messages = (_message(session.language, one) for one in every_email(store, found.id))
    session.answer_array(messages, before, f", {as_json(about)[1:]}\n")


def every_email(store: Store, campaign_id: int, only: Collection[Status] = ()) -> Iterator[Emailed]:
    """The emails of a campaign, failures first, read by the page. only: those that stand so."""
    after, status = None, frozenset(only) or None
    while page := store.emails.recipients(campaign_id, status=status, after=after, limit=PAGE):
        yield from page
        after = page[-1]


def standing(language: Language, campaign: CampaignSummary) -> str:
    """How many of its emails stand how: "3 sent, 1 failed"."""
    return ", ".join(
        f"{language.number(campaign.counts[status])} {language.say(status_words(status))}"
        for status in Status
        if campaign.counts.get(status)
    )


def in_a_line(language: Language, one: Emailed) -> str:
    """An email and what became of it: "× Ann ann@example.com  failed: They opted out."."""
    words = language.say(status_words(one.status))
    if one.reason:
        words = f"{words}: {language.say(why(one))}"
    sign = "×" if one.status in TROUBLE else "○"
    return plain(f"{sign} {' '.join(filter(None, (one.name, one.to)))}  {words}")


def why(one: Emailed) -> Sentence:
    return Sentence(REASONS[one.reason])


def _own(session: Session, store: Store, campaign: int) -> CampaignSummary:
    """The account's own. Raises WrongUsage."""
    found = store.emails.campaign(campaign)
    if store.emails.account_of(campaign) != session.account(store).id:
        says = sentence("There is no campaign {campaign}.", campaign=str(campaign))
        raise WrongUsage(says, code="no-such-campaign")
    return found


def _told(one: CampaignSummary) -> dict[str, object]:
    return {
        "campaign": one.id,
        "sends": one.sends,
        **_about(one),
        **{str(status): one.counts.get(status, 0) for status in Status},
    }


def _about(one: CampaignSummary) -> dict[str, object]:
    return {
        "at": one.at.isoformat(),
        "each_at": one.each_at or None,
        "people": one.recipients,
        "purpose": one.purpose.value,
        "why": one.why,
        "subject": one.subject,
        "sender": one.sender,
        "service": one.service,
        "files": [file.name for file in one.files],
    }


def _message(language: Language, one: Emailed) -> dict[str, object]:
    return _row(language, one) | {"reason": language.say(why(one)) if one.reason else None}


def _row(language: Language, one: Emailed) -> dict[str, Cell]:
    return {
        "to": one.to,
        "name": one.name,
        "status": one.status.value,
        "reason": language.say(why(one)) if one.reason else "",
        "at": one.at.isoformat(),
    }
