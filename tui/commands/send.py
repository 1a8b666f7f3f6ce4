"""`textmeter send`: sends a text, and waits until it has left."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

import click

from store.messages.model import AT_ONCE, Purpose
from store.sentences import sentence, sentences
from tui.commands import when_options
from tui.commands.click_ext import Command, flag, option
from tui.commands.context import Session, as_json
from tui.commands.draft_options import Who, draft_of, parameters, worded
from tui.commands.entry import INTERRUPTED
from tui.commands.estimate import left_out_as_data
from tui.commands.order_flow import owed_words
from tui.i18n.language import Language
from tui.i18n.sanitize import plain
from tui.signals import told_by

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account
    from store.emails.emergency import Unreached
    from store.emails.model import CampaignSummary
    from store.messages.model import BlastSummary, Message
    from store.messages.schedule_model import Scheduled
    from tui.commands.when_options import Leaves

PAGE = 1_000


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "send",
        run,
        about=_("Send a text."),
        more=_(
            "Either the credits for everyone are held, or nothing is sent. Waits until every "
            "text has gone out, not until it is delivered. Ctrl-C stops waiting: the rest stay "
            "queued and go out when Textmeter is open. An emergency is also sent as an email to "
            "the same people."
        ),
        params=[
            *parameters(language),
            *when_options.parameters(language),
            option("--idempotency-key", _("KEY"), _("Sending twice with the same key sends only once.")),
            flag("--no-wait", _("Queue it without waiting; it goes out when Textmeter is open.")),
        ],
        examples=[
            _('textmeter send --to +14155550123 "The open house is on."'),
            _(
                'textmeter send --group buyers --idempotency-key sunday "Hi {first_name|there}, '
                "it's still on.\""
            ),
            _("textmeter send --filter '#buyers last-text:>30d' \"Still looking? Reply YES.\""),
            "textmeter send --to +14155550123 --media house.jpg - < text.txt",
            "textmeter send --group owners --template 'Pool closed'",
            _(
                'textmeter send --group owners --at "tomorrow 9:00" --repeat monthly-weekday '
                '"It\'s trash day."'
            ),
            _('textmeter send --everyone --purpose emergency --override "burst pipe" "No water today."'),
        ],
    )


class Given(Who, when_options.Given):
    """Who gets it, and when."""


def run(session: Session, idempotency_key: str | None, no_wait: bool, **given: Unpack[Given]) -> int:
    draft = draft_of(session, given)
    with session.open_store() as store:
        account = session.account(store)
        draft = worded(session, store, draft, given)
        when = when_options.when_of(session, store, account, given)
        if draft.purpose is Purpose.EMERGENCY and when == AT_ONCE:
            sent = store.emergency.send(account.id, draft, idempotency_key=idempotency_key)
            return finish(session, store, account, sent.blast, no_wait=no_wait, campaign=sent.campaign)
        leaves = when_options.leaves(store, account, draft, when)
        blast = store.messages.send(account.id, draft, when=when, idempotency_key=idempotency_key)
        return finish(session, store, account, blast, no_wait=no_wait, later=leaves)


def finish(
    session: Session,
    store: Store,
    account: Account,
    blast: BlastSummary,
    *,
    no_wait: bool,
    campaign: CampaignSummary | None = None,
    later: Leaves | None = None,
) -> int:
    """Waits until a text has left, unless `no_wait`, and tells what became of it. campaign: the email of the
    same emergency. later: when it leaves, where that isn't now: then nothing is waited for but what is due.
    The exit code."""
    left_out, advice = blast.left_out, [session.language.say(problem.says) for problem in blast.advice]
    sender = store.senders.of(account.id, demo_clock=account.demo_clock)
    leaves = later or store.senders.caps.leaving(sender, blast.messages)
    stopped = False
    if not no_wait:
        stopped = _deliver(session, store, blast)
        if campaign is not None and not stopped:
            stopped = _deliver_emails(session, store, campaign)
        blast = store.messages.blast(blast.id)
    scheduled = _scheduled(store, account, blast)
    is_emergency = blast.purpose is Purpose.EMERGENCY
    unreached = store.emergency.unreached(blast.id) if is_emergency else []
    if owed := owed_words(store.credits.product(account), account):
        session.warn(owed)
    if session.json:
        before = f'{{"blast": {blast.id}, "credits": {blast.credits}, "messages": '
        about = {
            "left_out": left_out_as_data(session.language, left_out),
            "advice": advice,
            "leaves": {"first": leaves.first.isoformat(), "last": leaves.last.isoformat()},
            "purpose": blast.purpose.value,
            "scheduled": scheduled.id if scheduled is not None else None,
        }
        if is_emergency:
            about["campaign"] = campaign.id if campaign else None
            about["unreached"] = [unreached_as_data(session.language, one) for one in unreached]
        messages = (_as_data(session.language, message) for message in every_message(store, blast.id))
        session.answer_array(messages, before, f", {as_json(about)[1:]}\n")
    else:
        if scheduled is not None:
            _scheduled_in_words(session, store, scheduled, account, blast)
        else:
            _in_words(session, store, blast)
        session.say(*(f"! {plain(says)}" for says in advice))
        for one in left_out:
            session.say(f"× {plain(one.to)}: {plain(session.language.say(one.reason))}")
        if is_emergency:
            say_unreached(session, unreached)
    if not stopped:
        return 0
    session.warn(
        sentences(
            "Stopped. {count} text is still queued and goes out when Textmeter is open.",
            "Stopped. {count} texts are still queued and go out when Textmeter is open.",
            blast.left,
        )
    )
    return INTERRUPTED


def _scheduled(store: Store, account: Account, blast: BlastSummary) -> Scheduled | None:
    """How what of a text leaves later is scheduled."""
    if blast.leaves_at is None:
        return None
    return next((one for one in store.messages.scheduled(account.id) if one.blast_id == blast.id), None)


def _scheduled_in_words(
    session: Session, store: Store, one: Scheduled, account: Account, blast: BlastSummary
) -> None:
    """blast: what of it was due has left."""
    from tui.blasts.leaving import at_words
    from tui.blasts.presentation import counts
    from tui.scheduled.presentation import credits_words, leaving

    now, language = store.credits.present(account.id), session.language
    # Where all wait for the end of quiet hours, it leaves then; what comes again is told by its day.
    said = one if blast.messages or one.repeat else replace(one, at=one.next_at)
    says = sentences(
        "Scheduled text {id} to {count} person, {credits}.",
        "Scheduled text {id} to {count} people, {credits}.",
        one.people,
        id=str(one.id),
        credits=credits_words(one),
    )
    session.say(language.say(says), leaving(said, language, account.timezone, now))
    if blast.messages:
        left = sentences(
            "Sent to {count} person now: {standing}.",
            "Sent to {count} people now: {standing}.",
            blast.messages,
            standing=", ".join(words for _status, words in counts(language, blast)),
        )
        session.say(language.say(left))
    if one.next_at > said.at:
        at = at_words(one.next_at, language, account.timezone, now)
        session.say(language.say(sentence("Next send: {when}", when=at)))


def _deliver(session: Session, store: Store, blast: BlastSummary) -> bool:
    """Lets all that is queued leave; whether Ctrl-C stopped that, after the text at hand came to its end."""

    def show(summary: BlastSummary) -> None:
        if summary.id == blast.id:
            says = session.language.gettext("{left} of {all} sent")
            number = session.language.number
            session.progress(
                says.format(left=number(summary.messages - summary.left), all=number(summary.messages))
            )

    with told_by(signal.SIGINT) as stopped:
        store.messages.deliver(stop=stopped, on_progress=show)
    session.progress("")
    return stopped.is_set()


def _deliver_emails(session: Session, store: Store, campaign: CampaignSummary) -> bool:
    """Lets the email of an emergency leave; whether Ctrl-C stopped that."""
    account_id = store.emails.account_of(campaign.id)
    assert account_id is not None
    with told_by(signal.SIGINT) as stopped:
        trouble = store.emails.deliver(account_id, stop=stopped).trouble
    if trouble is not None:
        session.warn(trouble)
    return stopped.is_set()


def unreached_as_data(language: Language, one: Unreached) -> dict[str, object]:
    return {"to": one.to, "name": one.name, "text": language.say(one.text), "email": language.say(one.email)}


def say_unreached(session: Session, people: Sequence[Unreached]) -> None:
    """How many neither text nor email reached, and who."""
    from tui.blasts.presentation import unreached

    language = session.language
    session.say(language.say(unreached(len(people))))
    for one in people:
        who = " ".join(dict.fromkeys(filter(None, (one.name, one.to))))
        session.say(plain(f"× {who}: {language.say(one.text)} {language.say(one.email)}"))


def every_message(store: Store, blast_id: int) -> Iterator[Message]:
    """The messages of a blast, in the order in which they are sent, read by the page."""
    after = 0
    while page := store.messages.messages(blast_id, after=after, limit=PAGE):
        yield from page
        after = page[-1].id


def _as_data(language: Language, message: Message) -> dict[str, object]:
    return {
        "to": message.to,
        "status": message.status.value,
        "segments": message.segments,
        "credits": message.credits,
        "reason": language.say(message.reason) if message.reason else None,
    }


def _in_words(session: Session, store: Store, blast: BlastSummary) -> None:
    from tui.blasts.presentation import counts

    language = session.language
    said = sentences(
        "Text {blast} to {count} person, {credits}: {standing}.",
        "Text {blast} to {count} people, {credits}: {standing}.",
        blast.recipients,
        blast=blast.id,
        credits=sentences("{count} credit", "{count} credits", blast.credits),
        standing=", ".join(words for _status, words in counts(language, blast)),
    )
    session.say(language.say(said))
    for message in every_message(store, blast.id):
        if message.reason is not None:
            session.say(f"× {message.to} {plain(message.name)}: {plain(language.say(message.reason))}")
