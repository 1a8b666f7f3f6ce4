"""Emails and campaigns in words."""

from __future__ import annotations

from datetime import date, datetime
from datetime import time as clock_time
from typing import TYPE_CHECKING

from store.clock import local_date, zone
from store.emails.model import TROUBLE, Attached, Status
from store.sentences import N_, Key, sentence, sentences
from tui.blasts.leaving import hour_words
from tui.blasts.presentation import EMAIL_STATUS
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store.emails.model import CampaignSummary
    from store.emails.senders import Identity
    from tui.emails.reading import Reading, Way
    from tui.i18n.language import Language

STATUS = {status: EMAIL_STATUS[status] for status in Status}
"""The status of one email."""

SIGNS = {
    Status.QUEUED: "·",
    Status.SERVICE: "·",
    Status.WAITING: "↻",
    Status.SENDING: "›",
    Status.SENT: "●",
    Status.BOUNCED: "×",
    Status.FAILED: "×",
    Status.CANCELLED: "−",
    Status.UNKNOWN: "?",
}
"""A sign beside the word, so that a list can be scanned without colour."""


SERVICES = {
    "own": N_("Your own mail (counts toward your plan)"),
    "mailchimp": N_("Mailchimp (doesn't count)"),
}
"""By what emails go out, as `Way` has it."""


def sends(count: int, language: Language) -> str:
    """ "213 emails"."""
    return language.say(sentences("{count} email", "{count} emails", count))


def size_words(size: int, language: Language) -> str:
    """Bytes as people say them: "120 KB", "3.4 MB"."""
    if size < 1_000_000:
        return language.gettext("{count} KB").format(count=language.number(max(-(-size // 1_000), 1)))
    return language.gettext("{count} MB").format(count=language.tenths(size // 100_000))


def file_words(file: Attached, language: Language) -> str:
    """What is attached, its kind and its size: "plan.pdf · PDF · 120 KB"."""
    kind = file.type.rpartition("/")[2]
    end = file.name.rpartition(".")[2] if "." in file.name else kind
    return f"{plain(file.name)} · {plain(end.upper())} · {size_words(file.size, language)}"


def from_words(identity: Identity, language: Language) -> str:
    """ "From Ada Lane, ada@example.com"; "" where that isn't known."""
    name, address = identity.sender
    if not address:
        return ""
    who = f"{plain(name)}, {plain(address)}" if name else plain(address)
    return language.gettext("From {sender}").format(sender=who)


def leaves(way: Way, language: Language, timezone: str = "") -> str:
    """When it leaves, "" where it does at once."""
    hour = hour_words(way.each_at, language) if way.each_at else ""
    if way.at is not None:
        when = language.date_and_time(way.at, timezone)
        if way.each_at:
            says = language.gettext("Goes out at {hour} recipient's time, from {when}")
            return says.format(hour=hour, when=when)
        return language.gettext("Goes out on {when}").format(when=when)
    return language.gettext("Goes out at {hour} recipient's time").format(hour=hour) if hour else ""


AGAIN, PERSON = Key("campaign.again", "r"), Key("campaign.people", "p")
EDIT = Key("contact.edit", "e")

WHAT_TO_DO = {
    "no-credits": sentence(
        "A larger plan has more emails; then press {key} to write it again to those who didn't get it.",
        key=AGAIN,
    ),
    "no-address": sentence(
        "Press {person} to see the person, then {edit} to add an address.", person=PERSON, edit=EDIT
    ),
    "refused": sentence(
        "Check the address: press {person} to see the person, then {edit} to edit it.",
        person=PERSON,
        edit=EDIT,
    ),
    "bounced": sentence(
        "This address doesn't accept mail. Ask for another one; nothing more will be sent here."
    ),
    "too-late": sentence(
        "Check the sender ({palette}, Senders), then press {again} to write it again.",
        palette=Key("palette", "ctrl+p"),
        again=AGAIN,
    ),
    "no-answer": sentence("Ask whether it arrived before you send it again."),
    "interrupted": sentence("Ask whether it arrived before you send it again."),
}
"""What can be done about an email that didn't arrive, by the code of why."""


def people(language: Language, campaign: CampaignSummary) -> str:
    """How many it went to."""
    return language.say(sentences("{count} person", "{count} people", campaign.recipients))


def counts(language: Language, campaign: CampaignSummary) -> list[tuple[Status, str]]:
    """What there is of each status, what is in trouble first: "209 sent"."""
    number = campaign.counts.get
    said = {
        Status.QUEUED: sentences("{count} waiting", "{count} waiting", number(Status.QUEUED, 0)),
        Status.SERVICE: sentences(
            "{count} waiting for Mailchimp", "{count} waiting for Mailchimp", number(Status.SERVICE, 0)
        ),
        Status.WAITING: sentences("{count} retrying", "{count} retrying", number(Status.WAITING, 0)),
        Status.SENDING: sentences("{count} sending", "{count} sending", number(Status.SENDING, 0)),
        Status.SENT: sentences("{count} sent", "{count} sent", number(Status.SENT, 0)),
        Status.BOUNCED: sentences("{count} came back", "{count} came back", number(Status.BOUNCED, 0)),
        Status.FAILED: sentences("{count} failed", "{count} failed", number(Status.FAILED, 0)),
        Status.CANCELLED: sentences("{count} cancelled", "{count} cancelled", number(Status.CANCELLED, 0)),
        Status.UNKNOWN: sentences("{count} unknown", "{count} unknown", number(Status.UNKNOWN, 0)),
    }
    there = [status for status in said if number(status, 0)]
    there.sort(key=lambda status: status not in TROUBLE)
    return [(status, language.say(said[status])) for status in there]


def standing(language: Language, campaign: CampaignSummary, most: int = 2) -> str:
    """How a campaign stands, in a few words: what is in trouble, then what has yet to leave, or arrived."""
    said = counts(language, campaign)
    words = [says for _, says in said]
    if campaign.waits:
        to_go = language.say(sentences("{count} to go", "{count} to go", campaign.waits))
        words = [*(says for status, says in said[:1] if status in TROUBLE), to_go]
    return language.listing(words[:most])


def leaves_or_left(
    campaign: CampaignSummary, language: Language, today: date, timezone: str, *, short: bool = False
) -> str:
    """When it leaves or has left, to be read in a list: "Jul 1, 9:00 AM, each one's day". short: without
    whose day that is."""
    at = campaign.created_at if campaign.cancelled else campaign.at
    on = local_date(at, timezone)
    if campaign.waits and campaign.each_at:
        at = datetime.combine(on, clock_time.fromisoformat(campaign.each_at), zone(timezone))
        if not short:
            day, time = language.near_day(on, today), language.time(at, timezone)
            return language.gettext("{day}, {time}, local time").format(day=day, time=time)
    return language.date_and_time(at, timezone, today)


def send_words(reading: Reading | None, language: Language) -> str:
    """What the key says: "Send 213 emails". reading: None where nothing is to be told of what it takes."""
    count = reading.estimate.sends if reading is not None else 0
    if not count:
        return language.gettext("Send")
    says = language.ngettext("Send {count} email", "Send {count} emails", count)
    return says.format(count=language.number(count))
