"""Emails in the inbox: replies with what they answer, and an answer in place."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from store import Store
from store.mail import mailers
from store.mail.imap import Got
from store.messages.model import Draft
from tests.tui.conftest import Snap
from tests.tui.harness import NOW, TIMEZONE, make_app, make_store, move_clock, press, settled, words

TO = ("ana@client.test", "li@client.test", "gone+0003@client.test")


def make_mailbox(folder: Path) -> Store:
    """Ana and Li answered an email to three people; Li's is a machine's."""
    store = make_store(folder, plan=None, now=NOW - timedelta(days=3))
    store.credits.open_account("agent-email", "free", TIMEZONE)
    store.people.add(first_name="Ana", last_name="Ruiz", email=TO[0], region="US")
    move_clock(store, NOW - timedelta(days=2))
    draft = Draft(subject="Open house", body="Come at **two** on Sunday.", to=TO)
    campaign = store.emails.send(1, draft)
    store.emails.deliver(1)
    ids = {one.to: one.id for one in store.emails.recipients(campaign.id)}
    token = mailers.token(store.settings)
    move_clock(store, NOW - timedelta(hours=1))
    comes(store, TO[1], ids[TO[1]], token, "I'm away until December 7.", "Auto-Submitted: auto-replied\n")
    move_clock(store, NOW - timedelta(minutes=2))
    comes(store, TO[0], ids[TO[0]], token, "Yes! Friday at three?\n\n[/] <b>Ana</b>")
    move_clock(store, NOW)
    return store


def comes(store: Store, address: str, email: int, token: str, text: str, headers: str = "") -> None:
    raw = (
        f"From: {address}\nTo: me@agent.test\nSubject: Re: Open house\nMessage-ID: <{email}@client.test>\n"
        f"In-Reply-To: <email-{email}.{token}@agent.test>\n{headers}\n{text}\n"
    )
    store.mailbox.keep("box", [Got(raw.encode(), NOW)])
    store.mailbox.apply()


async def test_an_answer_goes_out_as_an_email_to_what_was_said(tmp_path: Path) -> None:
    store = make_mailbox(tmp_path)
    app = make_app(store, first="inbox")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        left = store.credits.balance(1).available
        assert "Re: Open house" in words(app)
        await press(pilot, "enter")
        await pilot.press(*"Three it is.")
        await settled(pilot)
        assert f"Re: Open house · 1 email · {left - 1:,} left after" in words(app)
        await press(pilot, "enter")
        await settled(pilot)
        lines, _ = store.conversations.lines(1, TO[0])
        assert [(line.out, line.subject, line.text) for line in lines][:1] == [
            (True, "Re: Open house", "Three it is.")
        ]


def test_emails_beside_their_list(snap: Snap, tmp_path: Path) -> None:
    app = make_app(make_mailbox(tmp_path), first="inbox")
    assert snap(app, keys=("enter",))


def test_an_email_at_80_columns(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_mailbox(tmp_path), first="inbox"), size=(80, 24), keys=("enter",))
