"""`textmeter blasts`: texts that were sent, what became of each, and sending one again where it failed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

import click

from store.errors import WrongUsage
from store.messages.model import BlastSummary, Purpose, Status
from store.messages.proof import LEFT_OUT
from store.paths import typed_path
from store.sentences import sentence, sentences
from tui.commands.click_ext import Command, Group, Number, argument, flag, option
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store import Store
    from store.credits.export import Cell
    from store.messages.model import Message
    from store.messages.proof import Proof
    from tui.blasts.queries import Source

FEW = 20
COLUMNS = (
    *("to", "name", "status", "reason", "segments", "credits", "at", "price", "currency"),
    *("left_at", "channel", "sender", "from", "purpose", "why", "text"),
)


def command(language: Language) -> click.Command:
    _ = language.gettext
    number = argument("blast", _("ID"), _("The text's number."), Number())
    return Group(
        language,
        "blasts",
        about=_("List the texts you sent and their results."),
        commands=[
            Command(
                language,
                "list",
                list_blasts,
                about=_("List texts, newest first."),
                params=[option("--limit", _("N"), _("Show at most N (default: 20)."), Number())],
            ),
            Command(
                language,
                "show",
                show,
                about=_("Show a text's result for each person."),
                params=[
                    number,
                    flag("--csv", _("Print as CSV.")),
                    flag("--left-out", _("Show who was left out, and why.")),
                    option("--pdf", _("FILE"), _("Save as a PDF for your records.")),
                    flag(
                        "--unreached",
                        _("For an emergency: show who got neither the text nor the email, and why."),
                    ),
                ],
                examples=[
                    "textmeter blasts show 12",
                    "textmeter blasts show 12 --unreached",
                    "textmeter blasts show 12 --csv > delivery.csv",
                    "textmeter blasts show 12 --pdf proof.pdf",
                ],
            ),
            Command(
                language,
                "resend",
                resend,
                about=_("Resend a text to the people it didn't reach."),
                more=_(
                    "It goes to everyone whose text failed or wasn't delivered, except those who have "
                    "opted out since. It is a new text with its own price. Without --yes it only shows "
                    "the cost. Pictures aren't sent again."
                ),
                params=[
                    number,
                    flag("--failed", _("Resend to the people it didn't reach.")),
                    flag("--yes", _("Send it.")),
                    option("--idempotency-key", _("KEY"), _("Resending with the same key sends only once.")),
                ],
                examples=["textmeter blasts resend 12 --failed", "textmeter blasts resend 12 --failed --yes"],
            ),
        ],
    )


def list_blasts(session: Session, limit: int | None) -> None:
    from tui.blasts.presentation import standing

    with session.open_store() as store:
        account = session.account(store)
        blasts = store.messages.blasts(account.id, limit=limit or FEW)
    if session.json:
        session.answer_array(map(_told, blasts))
        return
    language, _ = session.language, session.language.gettext
    if not blasts:
        session.say(_("No texts sent yet."))
        return
    rows = [
        [
            str(one.id),
            language.date_and_time(one.leaves_at or one.created_at, account.timezone),
            language.number(one.recipients),
            language.number(one.credits),
            standing(language, one),
            " ".join(one.as_sent.body.split())[:60],
        ]
        for one in blasts
    ]
    heads = [_("Text"), _("When"), _("People"), _("Credits"), _("Status"), _("Message")]
    session.table(heads, rows, right=[0, 2, 3])


def show(session: Session, blast: int, csv: bool, left_out: bool, pdf: str | None, unreached: bool) -> None:
    from tui.commands.send import every_message

    check_one_way(csv=csv, pdf=pdf)
    if unreached:
        _show_unreached(session, blast)
        return
    with session.open_store() as store:
        account = session.account(store)
        found = _blast(store, account.id, blast)
        if left_out:
            _show_left_out(session, store, blast)
            return
        proof = store.messages.proof(blast)
        rows = (_row(session.language, one, proof) for one in every_message(store, blast))
        if pdf is not None:
            from tui.blasts.queries import source

            save_proof(session, store, source(blast), pdf)
        elif csv:
            from store.credits.export import write_csv

            write_csv(sys.stdout, COLUMNS, chain(rows, _emails(session.language, store, proof)))
        elif session.json:
            maybe = ("reason", "price", "currency", "left_at")
            leaves = {"leaves_at": found.leaves_at.isoformat() if found.leaves_at is not None else None}
            session.answer_array(row | {name: row[name] or None for name in maybe} | leaves for row in rows)
        else:
            _in_words(session, found, list(rows), account.timezone)


def _show_left_out(session: Session, store: Store, blast: int) -> None:
    from tui.commands.estimate import left_out_as_data

    without = list(store.messages.left_out(blast))
    if session.json:
        session.answer(left_out_as_data(session.language, without))
        return
    if not without:
        session.say(session.language.gettext("Nobody was left out."))
    for one in without:
        session.say(f"× {plain(one.to)}: {plain(session.language.say(one.reason))}")


def _show_unreached(session: Session, blast: int) -> None:
    from tui.commands.send import say_unreached, unreached_as_data

    with session.open_store() as store:
        _blast(store, session.account(store).id, blast)
        people = store.emergency.unreached(blast)
    if session.json:
        session.answer_array(unreached_as_data(session.language, one) for one in people)
    else:
        say_unreached(session, people)


def check_one_way(*, csv: bool, pdf: str | None) -> None:
    """Raises WrongUsage where both are asked for."""
    if csv and pdf is not None:
        raise WrongUsage(
            sentence(
                "{first} and {second} are two formats of the same thing. Choose one.",
                first="--csv",
                second="--pdf",
            ),
            code="usage",
        )


def save_proof(session: Session, store: Store, source: Source, file: str) -> None:
    """Saves the proof of a text or an email as a PDF."""
    from tui.blasts.proof import save

    def progress(count: int) -> None:
        session.progress(session.language.say(sentences("{count} person…", "{count} people…", count)))

    path = typed_path(file)
    proof, lines = source.read(store)
    try:
        count = save(path, proof, lines, session.language, source.status, progress=progress)
    finally:
        session.progress("")
    if session.json:
        session.answer({"file": str(path), "people": count})
    else:
        says = sentences(
            "Proof for {count} person saved in {path}.",
            "Proof for {count} people saved in {path}.",
            count,
            path=str(path),
        )
        session.say(plain(session.language.say(says)))


def resend(session: Session, blast: int, failed: bool, yes: bool, idempotency_key: str | None) -> int:
    from tui.commands import estimate, send

    if not failed:
        raise WrongUsage(
            sentence("Add --failed: only people the text didn't reach can get it again."), code="usage"
        )
    with session.open_store() as store:
        account = session.account(store)
        _blast(store, account.id, blast)
        draft = store.messages.to_failed(blast)
        if not draft.to:
            raise WrongUsage(
                sentence("Text {blast} didn't fail for anyone. Nothing was sent.", blast=str(blast)),
                code="none-failed",
            )
        if yes:
            again = store.messages.send(account.id, draft, idempotency_key=idempotency_key)
            return send.finish(session, store, account, again, no_wait=False)
        estimate.tell(session, store.messages.estimate(account.id, draft))
    if not session.json:
        session.say(session.language.gettext("Nothing was sent. Add --yes to send it."))
    return 0


def _blast(store: Store, account_id: int, blast: int) -> BlastSummary:
    """An account's own. Raises WrongUsage."""
    found = store.messages.blast(blast)
    if store.messages.account_of(blast) != account_id:
        raise WrongUsage(sentence("There is no blast {blast}.", blast=str(blast)), code="no-such-blast")
    return found


def _told(one: BlastSummary) -> dict[str, object]:
    return {
        "blast": one.id,
        "at": one.created_at.isoformat(),
        "people": one.recipients,
        "credits": one.credits,
        "status": _status(one),
        "purpose": one.purpose.value,
        "leaves_at": one.leaves_at.isoformat() if one.leaves_at is not None else None,
        "why": one.why,
        "text": one.as_sent.body,
    }


def _status(one: BlastSummary) -> str:
    """The status of all its messages; of several, the one that somebody wants to know of first."""
    order = (
        *(Status.QUEUED, Status.SENDING, Status.UNKNOWN, Status.FAILED, Status.UNDELIVERED),
        *(Status.SENT, Status.DELIVERED, Status.CANCELLED),
    )
    none = "scheduled" if one.leaves_at is not None else "cancelled" if one.cancelled else Status.SENT.value
    return next((status.value for status in order if one.counts.get(status)), none)


def _row(language: Language, one: Message, proof: Proof) -> dict[str, Cell]:
    return {
        "to": one.to,
        "name": one.name,
        "status": one.status.value,
        "reason": language.say(one.reason) if one.reason else "",
        "segments": one.segments,
        "credits": one.credits,
        "at": proof.at.isoformat(),
        "price": "" if one.price is None else f"{one.price:f}",
        "currency": one.currency,
        "left_at": "" if one.sent_at is None else one.sent_at.isoformat(),
        "channel": proof.channel,
        "sender": proof.sender,
        "from": proof.address,
        "purpose": proof.purpose.value,
        "why": proof.why,
        "text": one.body,
    }


def _emails(language: Language, store: Store, proof: Proof) -> Iterator[dict[str, Cell]]:
    """Likewise, of the email that went with an emergency."""
    campaign = store.emergency.campaign_of(proof.id) if proof.purpose is Purpose.EMERGENCY else None
    if campaign is None:
        return
    sent = store.emails.proof(campaign)
    for line in store.emails.proof_lines(campaign):
        if line.status != LEFT_OUT:
            yield {
                "to": line.to,
                "name": line.name,
                "status": str(line.status),
                "reason": language.say(line.reason) if line.reason else "",
                "segments": 0,
                "credits": 0,
                "at": sent.at.isoformat(),
                "price": "",
                "currency": "",
                "left_at": "" if line.left_at is None else line.left_at.isoformat(),
                "channel": sent.channel,
                "sender": sent.sender,
                "from": sent.address,
                "purpose": sent.purpose.value,
                "why": sent.why,
                "text": sent.body,
            }


def _in_words(session: Session, found: BlastSummary, rows: list[dict[str, Cell]], timezone: str) -> None:
    from tui.blasts.presentation import purpose

    session.say(plain(found.as_sent.body), plain(session.language.say(purpose(found))))
    if found.leaves_at is not None:
        says = session.language.gettext("Goes out {when}")
        session.say(says.format(when=session.language.date_and_time(found.leaves_at, timezone)))
    trouble = [row for row in rows if row["reason"]]
    for row in (*trouble, *(row for row in rows if not row["reason"])):
        sign = "×" if row["reason"] else "○"
        who = " ".join(filter(None, (str(row["name"]), str(row["to"]))))
        words = row["reason"] or row["status"]
        session.say(plain(f"{sign} {who}  {words}"))
