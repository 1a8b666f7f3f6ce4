"""Compose on an account for emails: who gets one, its subject and text, and what it takes at every key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from store.emails.attachments import Files
from store.emails.audience import EmailAudience
from store.emails.model import CampaignSummary
from store.messages.model import Draft, Elsewhere, Purpose
from store.roles import Role
from store.sentences import N_, Sentence, sentence
from tui.base.actions import Action
from tui.base.navigation import ChoosePlan, EmailSent
from tui.compose.actions import Step, lacking
from tui.compose.autosave import Keeper
from tui.compose.field_list import FieldList
from tui.compose.for_a_purpose import PurposeScreen
from tui.compose.reach import Token
from tui.compose.recipients import Recipients
from tui.compose.text_and_cost import TextAndCost
from tui.emails import page
from tui.emails.addresses import ADDRESSES
from tui.emails.body import Body, Subject
from tui.emails.counting import Emails
from tui.emails.presentation import send_words
from tui.emails.preview import Preview, short_bill
from tui.emails.reading import Reading, Way, mended
from tui.i18n.sanitize import literal

FOR_THE_PAGE = 100
"""Columns from which on the key bar has room for the page in a browser."""


class EmailScreen(PurposeScreen[EmailAudience, Files, Reading]):
    """An email, with files maybe."""

    NAME = N_("Email")
    CSS_PATH = ["../compose/compose.tcss", "emails.tcss"]
    HELP: ClassVar[str] = N_(
        "Choose who gets the email, write its subject and text, and watch how many of the "
        "month's emails it uses as you type. Nothing is sent until you press {key} and then "
        "Enter. Your draft is saved as you type."
    )
    SENDS = "emails"
    REACH = ADDRESSES
    FOLLOWED = {
        Elsewhere.SENT: sentence("This email was sent from another window, so the draft is gone."),
        Elsewhere.CHANGED: sentence("This draft was changed in another window. This is the new version."),
    }
    PARTED = {
        Elsewhere.CHANGED: N_(
            "This draft was also changed in another window. Both versions are kept: yours is now "
            "draft {number}."
        ),
        Elsewhere.SENT: N_(
            "This email was sent from another window. What you've written since is kept as draft {number}."
        ),
    }

    def __init__(self) -> None:
        self._emails = Emails()
        super().__init__(self._emails)

    def actions(self) -> Iterable[Action]:
        yield from self.steps()
        yield self.step("upgrade", N_("Larger plans"), N_("Keeps the draft"), self.upgrade)
        yield Action(
            "compose.fix",
            "f6",
            N_("Fix fields"),
            N_("Fix fields with typos"),
            self.fix,
            shown=lambda: self._estimate.reading is not None and self._estimate.reading.near_misses,
        )
        yield from self.actions_of_all(N_("File"))
        yield from self.actions_of_purpose()
        yield Action(
            "email.page",
            "shift+f8",
            N_("In browser"),
            N_("See it as a formatted email"),
            self.open_page,
            why_not=self._why_not_page,
            words=lambda: self.gettext("In browser") if self.size.width >= FOR_THE_PAGE else "",
        )

    def body(self) -> ComposeResult:
        self.call_after_refresh(self._show_all)
        yield Recipients(self.REACH)
        yield Subject()
        with TextAndCost(id="compose-body"):
            with Vertical(id="compose-text"):
                yield Body(self._draft.body, placeholder=self.gettext("Write your email here"))
                yield Static(id="compose-status")
            yield Preview()
            yield FieldList()

    # The subject

    def _show_all(self) -> None:
        for subject in self.query(Subject):  # none any more, if it was left
            subject.show(self._draft.subject)
        super()._show_all()

    def _show_words(self) -> None:
        super()._show_words()
        self.query_one(Subject).show(self._draft.subject)

    def _show_subject(self, subject: str) -> None:
        self.query_one(Subject).show(subject)

    def _focus_what_is_next(self, *, chosen: bool = False) -> None:
        if self._tokens and not self._draft.subject:
            self.query_one(Subject).focus()
        else:
            super()._focus_what_is_next(chosen=chosen)

    @on(Subject.Written)
    def _subject_changed(self, message: Subject.Written) -> None:
        self._reworded(subject=message.subject)

    @on(Subject.Left)
    def _subject_left(self) -> None:
        self.composer.focus()

    def _focus_after_people(self) -> None:
        """The subject comes before the text."""
        self.query_one(Subject).focus()

    # What it takes

    def send_words(self) -> str:
        return send_words(self._priced_for(Role.SENDER), self.app.language)

    def costs(self, reading: Reading, width: int) -> Sequence[Content]:
        subject = literal(reading.subject).truncate(width, ellipsis=True)
        return [short_bill(reading, self.app.language), *([Content(""), subject] if subject else [])]

    def _next_step(self) -> Step:
        reading = self._estimate.reading
        wrong = lacking(reading.estimate) if reading is not None else []
        return "upgrade" if [one.code for one in wrong] == ["not-enough-credits"] else "send"

    def _bar_of(self, reading: Reading) -> tuple[object, ...]:
        return reading.estimate.sends, reading.estimate.sendable, reading.near_misses

    def _lead_to_what_lacks(self) -> None:
        super()._lead_to_what_lacks()
        reading = self._estimate.reading
        lacking = [problem.code for problem in reading.estimate.problems] if reading is not None else []
        if "no-recipients" not in lacking and "empty-subject" in lacking:
            self.query_one(Subject).focus()

    def _show_cost(self) -> None:
        super()._show_cost()
        audience, emails = self._estimate.audience, self._emails
        if audience is not emails.people:
            emails.people = audience
            if emails.way.each_at:  # at other hours, perhaps in another month
                self._estimate.means_changed()

    # Actions

    def send(self) -> None:
        from tui.emails.send import SendEmailScreen

        reading, autosave = self._estimate.reading, self._autosave
        if reading is not None:
            sent = partial(self._sent, autosave.keeper)
            others, draft = self._estimate.people_are_others, self._draft
            parts = reading, draft, autosave.keeper, autosave.change, self._explain, sent, others
            self._ask(SendEmailScreen(*parts, self._go_by))

    def _go_by(self, way: Way) -> None:
        """It leaves another way, at which others may be left out."""
        self._emails.way = way
        self._estimate.people_are_others()
        self._estimate.means_changed()

    def _show_draft(self, draft: Draft, tokens: tuple[Token, ...], *, focus: bool = True) -> None:
        if draft.purpose is Purpose.EMERGENCY:
            self._leave_at_once()
        super()._show_draft(draft, tokens, focus=focus)

    def _leave_at_once(self) -> None:
        way = replace(self._emails.way, at=None, each_at="")
        if way != self._emails.way:
            self._emails.way = way
            self._estimate.means_changed()

    def _sent(self, keeper: Keeper, campaign: CampaignSummary) -> None:
        self._was_sent(keeper)
        self._go_by(Way(sender=self._emails.way.sender))
        self.app.post_message(EmailSent(campaign.id))

    def upgrade(self) -> None:
        """Goes to the plans, which say how many emails are lacking; it is still here afterwards."""
        if (reading := self._estimate.reading) is not None:
            estimate = reading.estimate
            why = sentence(
                "Your email needs {needed} emails and you have {available}. Esc goes back to it.",
                needed=estimate.sends,
                available=estimate.left,
            )
            self.post_message(ChoosePlan(-estimate.available_after, why))

    def fix(self) -> None:
        """Makes fields of what is nearly one, which Ctrl+Z undoes."""
        draft = mended(self._draft, self._estimate.audience.fields)
        self.query_one(Subject).show(draft.subject)
        if draft.body != self._draft.body:
            self._rewrite(draft.body)

    def attach(self) -> None:
        from tui.emails.attach import AttachScreen

        if self.app.account is not None:
            self.app.push_screen(AttachScreen(self._draft.media, self._set_media))

    def _why_not_page(self) -> Sentence | None:
        if (why := page.why_not_opened()) is not None:
            return why
        if not self._draft.body.strip() or self._estimate.reading is None:
            return sentence("There is no text yet. Write something.")
        return None

    async def open_page(self) -> None:
        """Opens the email in a browser, as the one who is looked at gets it."""
        draft, audience, reading = self._draft, self._estimate.audience, self._estimate.reading
        assert reading is not None
        place, below = self._estimate.place, reading.identity.below
        written = await self.app.fetch(
            lambda store: store.emails.preview(draft, audience, place, below=below)
        )
        await self.app.fetch(lambda _store: page.opened(written))
        self.app.tell(sentence("The email is open in your browser. The file is deleted when you leave."))
