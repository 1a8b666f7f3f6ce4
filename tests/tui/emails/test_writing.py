"""An email from its first key to its last: whom, what, how it leaves."""

from __future__ import annotations

import stat
import webbrowser
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from textual.widget import Widget
from textual.widgets import Input

from store.emails.model import Status, Written
from store.messages.model import Draft
from tests.tui.emails.writing import make_mail_store, ready, seen_by_a_viewer, typed, writing, written
from tests.tui.harness import front, make_app, make_store, off, offered, press, settled, toasts, words
from tests.waiting import until
from tui.base import background
from tui.base.navigation import WriteText
from tui.compose.drafts import DraftsScreen
from tui.compose.editor import Composer
from tui.compose.entry import Entry
from tui.compose.screen import ComposeScreen
from tui.compose.when import WhenScreen
from tui.emails import page
from tui.emails.attach import AttachScreen
from tui.emails.body import SubjectEntry
from tui.emails.campaign import CampaignScreen
from tui.emails.screen import EmailScreen
from tui.emails.send import SendEmailScreen

NEWS = Draft(
    subject="News for {first_name|you}",
    body="Hi {first_name|there},\n\n**two** things.",
    groups=("Buyers",),
    account_id=1,
)


async def test_on_an_account_for_emails_the_key_that_writes_opens_an_email(tmp_path: Path) -> None:
    app = make_app(make_mail_store(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "c")
        assert front(app) is EmailScreen
        assert app.focused is app.screen.query_one(Entry)


@pytest.mark.parametrize("first", ["home", "contacts"])
async def test_on_an_account_for_emails_nothing_offers_to_write_a_text(tmp_path: Path, first: str) -> None:
    app = make_app(make_mail_store(tmp_path), first=first)
    async with app.run_test(size=(160, 60)) as pilot:
        await settled(pilot)
        says = [find.about for find in offered(app).values()]
        assert any("Write an email" in one for one in says)
        assert not any("Write a text" in one for one in says)
        await press(pilot, "f1")
        assert "Write an email" in words(app)
        assert "Write a text" not in words(app)


async def test_where_texts_are_sent_the_name_of_emails_leads_to_texts(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="email")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert front(app) is ComposeScreen


async def test_what_was_typed_before_the_account_was_known_goes_on_as_an_email(tmp_path: Path) -> None:
    app = make_app(make_mail_store(tmp_path), first="compose", draft=Draft(to=("a@b.example",), body="Hi, "))
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        assert front(app) is EmailScreen
        assert app.screen.query_one(Composer).text == "Hi, "
        assert "a@b.example" in words(app)


async def test_a_newsletter_says_who_gets_it_what_it_takes_and_how_each_reads_it(tmp_path: Path) -> None:
    async with writing(make_mail_store(tmp_path)) as (app, pilot):
        app.screen.query_one(Entry).focus()
        await press(pilot, *typed("#buy"), "enter", "tab")
        assert app.focused is app.screen.query_one(SubjectEntry)
        await press(pilot, *typed("News"), "enter", *typed("Hi {fir"), "tab")
        assert "2 people, 1 left out" in words(app)
        said = written(app)
        assert "2 people 2" in said
        assert "Left now 5,000 Left after 4,998" in said
        assert "What Zoë O'Hara gets" in said
        assert said.endswith("News Hi Zoë")
        await press(pilot, "f8")
        assert written(app).endswith("News Hi José")
        await press(pilot, "f4")
        assert "This contact has no email address." in words(app)


async def test_enter_leads_from_to_over_the_subject_to_the_text(tmp_path: Path) -> None:
    async with writing(make_mail_store(tmp_path)) as (app, pilot):
        app.screen.query_one(Entry).focus()
        await press(pilot, *typed("#buy"), "enter", "enter", *typed("News"), "enter", *typed("Hi"))
        assert app.screen.query_one(SubjectEntry).value == "News"
        assert app.screen.query_one(Composer).text == "Hi"


@pytest.mark.parametrize(
    ("written_in", "hint", "keys"),
    [
        (SubjectEntry, "an address (Shift+Tab)", ["shift+tab"]),
        (Composer, "an address (Shift+Tab twice)", ["shift+tab", "shift+tab"]),
    ],
)
async def test_to_names_the_keys_that_lead_there(
    tmp_path: Path, written_in: type[Widget], hint: str, keys: list[str]
) -> None:
    async with writing(make_mail_store(tmp_path)) as (app, pilot):
        app.screen.query_one(written_in).focus()
        await settled(pilot)
        assert hint in words(app)
        await press(pilot, *keys)
        assert app.focused is app.screen.query_one(Entry)
        assert "an address " in words(app)
        assert "Shift+Tab" not in words(app)


async def test_an_address_is_taken_as_mail_programs_copy_it_and_a_wrong_one_is_said(tmp_path: Path) -> None:
    async with writing(make_mail_store(tmp_path)) as (app, pilot):
        entry = app.screen.query_one(Entry)
        entry.focus()
        entry.post_message(Entry.Pasted(["Ada Lane <ada@example.com>", "no address"]))
        await settled(pilot)
        draft = app.screen._draft  # type: ignore[attr-defined]
        assert draft.to == ("ada@example.com", "no address")
        assert "1 person, 1 left out" in words(app)
        await press(pilot, *typed("bo@example.org"), "comma")
        assert "bo@example.org" in app.screen._draft.to  # type: ignore[attr-defined]
        await press(pilot, "f4")
        assert "This isn't an email address." in words(app)
        await press(pilot, "space")
        assert front(app) is EmailScreen
        assert app.screen.query_one(Entry).value == "no address"


async def test_what_is_nearly_a_field_becomes_one_and_a_link_stays_a_link(tmp_path: Path) -> None:
    draft = replace(NEWS, subject="For {{ Name }}", body="[name](https://example.com) and {FIRST NAME}")
    async with writing(make_mail_store(tmp_path), draft) as (app, pilot):
        assert "{{ Name }} won't be filled in. Write {name}." in written(app)
        await press(pilot, "f6")
        assert app.screen.query_one(SubjectEntry).value == "For {name}"
        assert app.screen.query_one(Composer).text == "[name](https://example.com) and {first_name}"
        assert not any(key.startswith("F6") for key in words(app).split("   "))


async def test_a_field_that_there_isnt_and_a_subject_that_lacks_are_said_before_it_is_sent(
    tmp_path: Path,
) -> None:
    draft = replace(NEWS, subject="", body="See you {when}")
    async with writing(make_mail_store(tmp_path), draft) as (app, pilot):
        await press(pilot, "f5")
        assert toasts(app)[-1].startswith("There is no field {when}.")
        app.screen.query_one(Composer).rewrite("See you")
        await settled(pilot)
        await press(pilot, "f5")
        assert toasts(app)[-1] == "There is no subject yet. Write one."
        assert app.focused is app.screen.query_one(SubjectEntry)


async def test_files_are_attached_with_their_type_and_size(tmp_path: Path) -> None:
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(b"%PDF" + b"0" * 119_996)
    store = make_mail_store(tmp_path)
    async with writing(store, NEWS) as (app, pilot):
        await press(pilot, "f7")
        assert front(app) is AttachScreen
        app.screen.query_one(Input).value = str(plan)
        await settled(pilot)
        await press(pilot, "enter")
        assert "plan.pdf · PDF · 120 KB" in written(app)
        await press(pilot, "f7")
        assert "plan.pdf · PDF · 120 KB" in words(app)
        await press(pilot, "f7")
        assert "No file attached yet." in words(app)


async def test_an_email_is_sent_once_and_the_draft_is_gone(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    async with writing(store, NEWS) as (app, pilot):
        await press(pilot, "f5")
        assert "Send this email to 2 people?" in words(app)
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert front(app) is CampaignScreen
        assert store.messages.drafts(1) == []
        assert app.screen_stack[0].query_one(SubjectEntry).value == ""
    (campaign,) = store.emails.campaigns(1)
    assert (campaign.recipients, store.credits.balance(1).held) == (2, 2)


async def test_too_many_for_what_is_left_lead_to_larger_plans_and_the_draft_stays(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    store.credits.hold(1, 4_999, cause="campaign", reference="0", count=1)
    async with writing(store, NEWS) as (app, pilot):
        assert "Left after −1" in written(app)
        assert "F5 Larger plans" in words(app)
        await press(pilot, "f5")
        assert "Your email needs 2 emails and you have 1." in words(app)
        assert "✓ Covers your email" in words(app)
        await press(pilot, "escape")
        assert app.screen.query_one(Composer).text == NEWS.body
    assert store.emails.campaigns(1) == []


async def test_an_email_can_leave_on_a_day_and_at_an_hour_of_each_ones_own(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    async with writing(store, NEWS) as (app, pilot):
        await press(pilot, "f5", "t")
        assert front(app) is WhenScreen
        assert "2026-05-21 09:30; empty: now" in words(app)
        await press(pilot, *typed("soon"), "enter")
        assert "Type it like “tomorrow 9:30” or" in " ".join(words(app).split())
        await press(pilot, "ctrl+u", *typed("2026-05-22 08:00"), "down", *typed("9:30"), "enter")
        assert "Goes out at 9:30 AM recipient's time, from May 22, 2026, 8:00 AM" in " ".join(
            words(app).split()
        )
        await press(pilot, "enter")
    (campaign,) = store.emails.campaigns(1)
    assert campaign.each_at == "09:30"
    assert campaign.at == datetime(2026, 5, 22, 16, 30, tzinfo=UTC)  # 9:30 in California, where 415 is


async def test_what_leaves_after_the_renewal_takes_nothing_of_this_month(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    async with writing(store, NEWS) as (app, pilot):
        await press(pilot, "f5", "t", *typed("2026-06-02"), "enter")
        assert "0 emails  ·  5,000 left after" in words(app)
        assert "This goes out after the renewal on Jun 1, 2026" in words(app)
        await press(pilot, "enter")
        assert front(app) is CampaignScreen
    assert store.credits.balance(1).held == 0


async def test_a_test_goes_to_oneself_alone_and_the_address_is_remembered(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    async with writing(store, NEWS) as (app, pilot):
        await press(pilot, "f5", "1", *typed("me"), "enter")
        assert "That's not an email address." in words(app)
        await press(pilot, *typed("@example.com"), "enter")
        assert toasts(app)[-1] == "Sending a test to me@example.com."
        assert front(app) is SendEmailScreen
        await press(pilot, "1")
        assert app.screen.query_one(Input).value == "me@example.com"
    (test,) = store.emails.campaigns(1)
    assert [one.to for one in store.emails.recipients(test.id)] == ["me@example.com"]
    assert len(store.messages.drafts(1)) == 1


async def test_with_several_senders_one_chooses_and_its_signature_is_shown(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    server = {"host": "localhost", "security": "none"}
    store.email_senders.set("ada", {"number": "ada@example.com", "from_name": "Ada", **server})
    store.email_senders.set("office", {"number": "office@example.com", "signature": "The office", **server})
    store.settings.write("account", "1")
    async with writing(store, NEWS) as (app, pilot):
        assert "From Ada, ada@example.com" in written(app)
        await press(pilot, "f5", "at", *typed("office"), "enter")
        assert "From office@example.com" in words(app)
        assert "The office" in words(app)
        await press(pilot, "enter")
    assert [campaign.sender for campaign in store.emails.campaigns(1)] == ["office"]


async def test_another_service_is_offered_only_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_mail_store(tmp_path)
    async with writing(store, NEWS) as (app, pilot):
        await press(pilot, "f5")
        assert "& By" not in words(app)
    monkeypatch.setattr(store.emails, "services", lambda account_id: ("own", "mailchimp"))
    async with writing(store) as (app, pilot):
        await press(pilot, "f5", "ampersand", "down", "enter")
        assert "Mailchimp (doesn't count)  &" in words(app)
        assert "0 emails  ·  5,000 left after" in words(app)


async def test_the_page_is_a_file_of_ones_own_that_a_browser_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    class Browser:
        def open(self, uri: str) -> bool:
            opened.append(uri)
            return True

    monkeypatch.setattr(webbrowser, "get", Browser)
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    async with writing(make_mail_store(tmp_path), NEWS) as (app, pilot):
        await press(pilot, "shift+f8")
        assert toasts(app)[-1].startswith("The email is open in your browser.")
    file = Path(urlsplit(opened[0]).path)
    assert "<strong>two</strong>" in file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_over_ssh_no_browser_is_opened_and_the_key_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 5000 192.0.2.2 22")
    async with writing(make_mail_store(tmp_path), NEWS) as (app, pilot):
        assert "Shift+F8 In browser" in off(app)
        await press(pilot, "shift+f8")
        assert toasts(app) == ["Textmeter is running on another machine and can't open a browser on yours."]


def test_a_browser_that_would_draw_on_the_terminal_is_never_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("lynx"))
    with pytest.raises(page.NoBrowser):
        page.opened(Written("S", "b", "<p>b</p>"))


async def test_emails_and_texts_have_drafts_of_their_own(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    store.messages.save_draft(Draft(body="A text of no account"))
    async with writing(store, NEWS) as (app, pilot):
        await press(pilot, "ctrl+n", "ctrl+o")
        assert front(app) is DraftsScreen
        assert "1 draft" in words(app)
        assert "News for you Hi there," in " ".join(words(app).split())
        await press(pilot, "enter")
        assert app.screen.query_one(SubjectEntry).value == NEWS.subject


async def test_who_may_only_look_is_told_why_nothing_is_sent(tmp_path: Path) -> None:
    make_mail_store(tmp_path).close()
    async with writing(seen_by_a_viewer(tmp_path), NEWS) as (app, pilot):
        assert "F5 Send" in off(app)
        await press(pilot, "f5")
        assert toasts(app)[-1].startswith("You are a viewer here")
        assert front(app) is EmailScreen


@pytest.mark.parametrize("size", [(41, 24), (60, 20), (80, 24), (160, 50)], ids=str)
async def test_what_it_takes_is_in_sight_at_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    async with writing(make_mail_store(tmp_path), NEWS, size=size) as (app, _pilot):
        said = written(app)
        assert "2 emails · 4,998 left after" in said or "Left after 4,998" in said
        assert "News for Zoë" in said
        assert NEWS.body.split("\n")[0] in words(app)


async def test_from_a_contact_an_email_is_begun_and_what_was_written_is_kept(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    async with writing(store, NEWS) as (app, pilot):
        app.post_message(WriteText(Draft(contacts=(1,))))
        await settled(pilot)
        assert "1 person" in words(app)
        assert app.screen.query_one(SubjectEntry).value == ""
    assert [draft.subject for draft in store.messages.drafts(1)] == [NEWS.subject]


async def test_who_has_no_address_cant_be_emailed_and_the_contact_says_so(tmp_path: Path) -> None:
    app = make_app(make_mail_store(tmp_path), first="contacts")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "slash", *typed("number only"), "enter", "w")
        assert toasts(app)[-1] == "This person has no email address. e adds one."
        await press(pilot, "slash", "ctrl+u", *typed("zoe"), "enter", "w")
        assert front(app) is EmailScreen


async def test_what_is_due_leaves_without_waiting_for_the_next_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "FIRST_AFTER", 10_000.0)
    store = make_mail_store(tmp_path)
    async with writing(store, NEWS, delivering=True) as (_app, pilot):
        await press(pilot, "f5", "enter")
        await until(lambda: store.emails.campaigns(1)[0].counts == {Status.SENT: 2}, "both emails have left")


async def test_tomorrow_is_a_day_by_the_accounts_clock(tmp_path: Path) -> None:
    store = make_mail_store(tmp_path)
    async with writing(store, NEWS) as (app, pilot):
        await press(pilot, "f5", "t", *typed("tomorrow at 9:00"), "enter")
        assert "Goes out on May 21, 2026, 9:00 AM" in " ".join(words(app).split())
