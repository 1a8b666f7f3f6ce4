"""The answer that is being written to one number: its draft, what it costs, and its way out."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from store import Store
from store.emails.attachments import Files
from store.emails.audience import EmailAudience
from store.emails.model import CampaignSummary, EmailEstimate
from store.errors import TextmeterError
from store.messages.model import BlastSummary, Draft
from store.roles import Role
from store.sentences import Sentence, sentence
from tui.base.screen import TextmeterScreen
from tui.compose.actions import send_words
from tui.compose.autosave import PARTED, Autosave
from tui.compose.counting import Texts
from tui.compose.live_estimate import LiveEstimate
from tui.compose.preview import kind_words
from tui.emails.counting import Emails
from tui.emails.presentation import sends
from tui.emails.reading import Reading as EmailReading
from tui.i18n.sanitize import plain
from tui.inbox.queries import answer_by_email

if TYPE_CHECKING:
    from tui.compose.counting import TextEstimate


class Answering:
    """Holds the answer, which is kept as a draft to its number. told: called when what it costs is another.

    phone: to whom, "" nobody yet; body: what is written.
    """

    def __init__(self, screen: TextmeterScreen, told: Callable[[], None]) -> None:
        self._screen = screen
        self._draft = Draft()
        self._key = uuid.uuid4().hex
        self._sending = False
        self._text = LiveEstimate(screen, Texts(), told)
        self._email = LiveEstimate(screen, Emails(), told)
        self._autosave = Autosave(screen, lambda: None, PARTED)
        self.phone = ""

    @property
    def is_email(self) -> bool:
        """Whether it is written to an address."""
        return "@" in self.phone

    @property
    def estimate(self) -> TextEstimate | LiveEstimate[EmailAudience, Files, EmailReading]:
        """What it costs."""
        return self._email if self.is_email else self._text

    def means_changed(self) -> None:
        """What there is to send by is another: of texts and of emails, lest a conversation waits for it."""
        self._text.means_changed()
        self._email.means_changed()

    @property
    def body(self) -> str:
        return self._draft.body

    def leave(self) -> None:
        """Keeps what is written; nothing is answered until the next one begins."""
        self._autosave.now()
        self.phone = ""

    def begin(self, phone: str, draft: Draft) -> None:
        """Goes on with what was being written to a number."""
        self.phone, self._draft, self._key = phone, draft, uuid.uuid4().hex
        self._autosave.start(draft)
        self.estimate.means_changed()
        self.estimate.people_changed(self._to_send())
        self.estimate.body_changed(self._to_send())

    def written(self, body: str) -> None:
        """Something else is written now."""
        # Without words it is nothing that is worth a draft.
        self._draft = replace(self._draft, body=body, to=(self.phone,) if body.strip() else ())
        self._autosave.changed(self._draft)
        self.estimate.body_changed(self._to_send())

    def before_leaving(self) -> None:
        """Keeps what isn't kept while the app still can wait for the store."""
        self._autosave.before_leaving()

    def _to_send(self) -> Draft:
        return replace(self._draft, to=(self.phone,))

    # What it costs

    def words(self) -> str:
        """What the key says: "Send 1 credit"."""
        if self.is_email:
            return self._screen.gettext("Send 1 email")
        return send_words(self._text.reading, self._screen.app.language)

    def why_not(self) -> Sentence | None:
        """Why it can't be sent; None where it can."""
        if (why := self._screen.app.lacks(Role.SENDER)) is not None:
            return why
        if self._sending:
            return sentence("It's already being sent.")
        reading = self.estimate.reading
        if not self.phone or reading is None or not self.estimate.settled:
            return sentence("Still working out the cost. Try again in a moment.")
        for one in (*reading.estimate.left_out, *reading.estimate.refused):
            return one.reason
        return next((one.says for one in reading.estimate.problems if one.blocking), None)

    def cost(self) -> Content:
        """Kind, segments, cost and what is left after it; or why it can't be sent. Nothing while nothing is
        written that could be."""
        reading, language = self.estimate.reading, self._screen.app.language
        if reading is None or not self.phone:
            return Content("")
        estimate, is_written = reading.estimate, bool(self.body.strip())
        is_nobody = bool(estimate.left_out or estimate.refused)
        if is_nobody or (is_written and not estimate.sendable and self.estimate.settled):
            why = self.why_not()
            return Content.styled(f"✗ {plain(language.say(why))}", "$error") if why else Content("")
        if not is_written:
            return Content("")
        left = language.gettext("{count} left after").format(count=language.number(estimate.available_after))
        if isinstance(estimate, EmailEstimate):
            subject = plain(self._draft.subject)
            return Content.assemble(
                f"{subject} · ", (sends(estimate.sends, language), "$secondary"), f" · {left}"
            )
        credits = language.ngettext("{count} credit", "{count} credits", estimate.credits)
        kind = kind_words(self._text.reading, language) if self._text.reading else ""
        return Content.assemble(
            f"{kind} · ",
            (credits.format(count=language.number(estimate.credits)), "$secondary"),
            f" · {left}",
        )

    # Sending

    async def send(self) -> bool:
        """Sends it, with which the conversation is answered. Whether it is still this number that is
        written to: then it begins anew. Raises TextmeterError; the answer is as it was then."""
        app, phone, reading = self._screen.app, self.phone, self.estimate.reading
        account, draft, key = app.account, self._to_send(), self._key
        assert account is not None
        assert reading is not None
        keeper, change = self._autosave.keeper, self._autosave.change

        def act(store: Store, draft: Draft) -> BlastSummary | CampaignSummary:
            agreed = reading.estimate
            if isinstance(agreed, EmailEstimate):
                return answer_by_email(store, account, draft, key=key, expected=agreed)
            return store.messages.send(account.id, draft, idempotency_key=key, agreed=agreed)

        self._sending = True
        try:
            await app.fetch(lambda store: keeper.send(draft, change, partial(act, store)))
        except TextmeterError:
            self._key = uuid.uuid4().hex  # what was refused is refused again under its key
            raise
        finally:
            self._sending = False
        if phone == self.phone:
            self._autosave.forget()
            self.begin(phone, Draft(subject=draft.subject, account_id=account.id))
        return phone == self.phone
