"""How writing an email looks, and what became of one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from store import Store
from store.messages.model import Draft, Purpose
from tests.tui.conftest import Snap
from tests.tui.emails.writing import handed_over, make_mail_store, ready
from tests.tui.harness import make_app, press, settled

WIDE, PLAIN, NARROW, LARGE = (120, 36), (80, 24), (41, 24), (160, 36)
NEWS = Draft(
    subject="Open house on Elm Street, {first_name|friend}",
    body=(
        "Hi {first_name|there},\n\nthe **open house** on Elm Street is on Sunday at two:\n\n"
        "- coffee and cake\n- a garden for the children\n\n[All about it](https://example.com/elm)"
    ),
    groups=("Buyers",),
    account_id=1,
)


def with_sender(folder: Path) -> Store:
    """An account whose emails go out from an address of its own, with a signature."""
    store = make_mail_store(folder)
    looks = {"from_name": "Ada Lane", "signature": "Ada Lane, agent", "postal_address": "1 Main St, Albany"}
    values = {"number": "ada@example.com", "host": "localhost", "security": "none", **looks}
    store.email_senders.set("ada", values)
    return store


def writing(store: Store, draft: Draft) -> Store:
    store.messages.save_draft(draft)
    return store


def test_an_email_to_a_group(snap: Snap, tmp_path: Path) -> None:
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(b"0" * 119_000)
    draft = replace(NEWS, media=(str(plan),), body=f"{NEWS.body} {{{{ name }}}}")
    app = make_app(writing(with_sender(tmp_path), draft), first="email")
    assert snap(app, size=WIDE, before=ready)


def test_an_email_on_few_lines(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(writing(with_sender(tmp_path), NEWS), first="email"), size=PLAIN, before=ready)


def test_an_email_that_is_just_begun_on_a_phone(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_mail_store(tmp_path), first="email"), size=NARROW, before=ready)


def test_the_last_look_before_it_is_sent(snap: Snap, tmp_path: Path) -> None:
    app = make_app(writing(with_sender(tmp_path), NEWS), first="email")

    async def look(pilot: Pilot[None]) -> None:
        await ready(pilot)
        await press(pilot, "f5")

    assert snap(app, size=PLAIN, before=look)


def test_what_became_of_an_email(snap: Snap, tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    store.people.add(first_name="Jon", email="jon+0000@example.com", groups=["Buyers"], region="US")
    store.emails.send(1, NEWS)
    handed_over(store)
    app = make_app(store, first="campaigns")

    async def open_it(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await press(pilot, "enter")

    assert snap(app, size=PLAIN, before=open_it)


def test_the_emails_that_were_sent_beside_the_chosen_one(snap: Snap, tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    for number in range(3):
        store.emails.send(1, replace(NEWS, subject=f"News {number}", purpose=Purpose.NOTICE))
    handed_over(store)
    assert snap(make_app(store, first="campaigns"), size=LARGE, before=settled)
