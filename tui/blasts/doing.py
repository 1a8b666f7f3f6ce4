"""What can be done with a blast, from its page: cancelling what hasn't left, writing it again, settling what
nobody knows, keeping it as a template or as a proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from store.messages.model import Answers, Message, MessageKind, Status, Template
from store.roles import Role
from store.sentences import N_, Key, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.navigation import Go, OpenContact, OpenInbox, SaveTemplate, WriteText
from tui.base.screen import TextmeterScreen
from tui.blasts.cancelling import cancel_scheduled
from tui.blasts.queries import source
from tui.blasts.save import ProofScreen
from tui.blasts.unreached import UnreachedScreen
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store.messages.model import BlastSummary
    from store.messages.schedule_model import Scheduled

MISSED = Status.FAILED, Status.UNDELIVERED
"""How a message stands that may be sent again; what isn't known may have left."""

FEW = 60
"""Characters by which a text is known."""

CANCEL, ATTACH = Key("blast.cancel", "x"), Key("compose.picture", "f7")


class WithBlast(TextmeterScreen):
    """A screen of a blast by its id. blast: how far it is, None until that is read; answers: what came back
    to it; scheduled: how what of it leaves later is; unreached: how many an emergency reached by neither text
    nor email, None where that isn't known."""

    def __init__(self, blast_id: int) -> None:
        super().__init__()
        self.blast_id = blast_id
        self.blast: BlastSummary | None = None
        self.answers = Answers(0, 0)
        self.scheduled: Scheduled | None = None
        self.unreached: int | None = None
        self._sure = False

    @property
    def message(self) -> Message | None:
        """The one under the cursor."""
        raise NotImplementedError

    def filter(self) -> None:
        """Shows all messages, or those of the next status that there is."""
        raise NotImplementedError

    def changed(self) -> None:
        """Called when something was done with it."""
        raise NotImplementedError

    def blast_actions(self) -> Iterable[Action]:
        """What a screen's actions are."""
        yield Action("blast.back", "escape", N_("Back"), N_("Back to where you were"), self.leave)
        yield Action(
            "blast.person",
            "enter",
            N_("Person"),
            N_("Everything known about the selected person"),
            self._open_person,
            why_not=self._why_not_person,
        )
        yield Action(
            "blast.cancel",
            "x",
            N_("Cancel rest"),
            N_("Cancel what hasn't gone out; its credits come back"),
            self._cancel,
            why_not=self._not_cancelled,
            words=self._cancel_words,
        )
        yield Action(
            "go.scheduled",
            "g s",
            N_("Scheduled"),
            N_("See it under Scheduled, to move it or decide about it"),
            lambda: self.post_message(Go("scheduled")),
            shown=lambda: self.scheduled is not None,
        )
        yield Action(
            "blast.view",
            "v",
            N_("Not reached"),
            N_("Who got neither the text nor the email, and why"),
            lambda: self.app.push_screen(UnreachedScreen(self.blast_id)),
            shown=lambda: bool(self.unreached),
        )
        yield Action("blast.filter", "f", N_("Filter"), N_("Show one status only"), self.filter)
        yield Action(
            "blast.people",
            "p",
            N_("Replies"),
            N_("Conversations with people who replied to this text"),
            lambda: self.post_message(OpenInbox(blast_id=self.blast_id)),
            shown=lambda: bool(self.answers.people),
        )
        yield Action(
            "blast.again",
            "r",
            N_("Send again"),
            N_("Write the same text to everyone it didn't reach"),
            lambda: self.load(self._write_again),
            why_not=lambda: self.app.lacks(Role.SENDER),
            shown=lambda: self.blast is not None and any(self.blast.counts.get(one) for one in MISSED),
        )
        yield Action(
            "blast.keep",
            "underscore,shift+f10",
            N_("Save as a template"),
            N_("Save this text under a name, to send it again"),
            self._save_as_template,
            why_not=self._why_no_template,
            in_bar=False,
        )
        yield self._resolve(
            "yes", "y", N_("Was sent"), N_("The selected message was sent: its credits are used")
        )
        yield self._resolve(
            "no",
            "minus",
            N_("Not sent"),
            N_("The selected message wasn't sent: its credits come back"),
        )
        yield Action(
            "blast.proof",
            "percent_sign",
            N_("Proof"),
            N_("Save proof of what went to whom, as a PDF or a table"),
            self._save_proof,
            why_not=lambda: self.app.no_files(f"blasts show {self.blast_id} --csv > proof.csv"),
        )

    def _resolve(self, said: str, key: str, label: str, tooltip: str) -> Action:
        """Settling an unknown message, which shows only where there are any. said: "yes" or "no"."""
        return Action(
            f"blast.{said}",
            key,
            label,
            tooltip,
            partial(self._settle, said == "yes"),
            why_not=self._not_settled,
            shown=lambda: self.blast is not None and bool(self.blast.counts.get(Status.UNKNOWN)),
        )

    def _why_not_person(self) -> Sentence | None:
        return None if self.message else sentence("There's nobody in the list.")

    async def _open_person(self) -> None:
        """Opens what is known of who the message under the cursor went to."""
        message = self.message
        assert message is not None
        contact = await self.app.fetch(lambda store: store.people.by_phones([message.to]).get(message.to))
        if contact is None:
            self.app.hint(sentence("They aren't in your address book."))
        else:
            self.post_message(OpenContact(contact))

    def _not_cancelled(self) -> Sentence | None:
        """Why nothing can be cancelled."""
        if (forbidden := self.app.lacks(Role.SENDER)) is not None:
            return forbidden
        waits = self.blast is not None and self.blast.leaves_at is not None
        if self.blast is None or not (waits or self.blast.counts.get(Status.QUEUED)):
            return sentence("There's nothing left to cancel: what has gone out can't be recalled.")
        return None

    def _not_settled(self) -> Sentence | None:
        """Why the message under the cursor can't be settled."""
        if (forbidden := self.app.lacks(Role.SENDER)) is not None:
            return forbidden
        message = self.message
        if message is None or message.status is not Status.UNKNOWN:
            return sentence("Only for a message with the status “unknown”: move the cursor to one.")
        return None

    async def _write_again(self) -> None:
        """Opens Compose with the text and those whom it didn't reach; what it costs stands there."""
        draft = await self.app.fetch(lambda store: store.messages.to_failed(self.blast_id))
        if not draft.to:  # a part of it reached each of them
            self.app.hint(sentence("Everyone got part of this text. There's nobody left to send it to."))
            return
        if self.blast is not None and self.blast.kind is MessageKind.MMS:
            self.app.tell(sentence("The pictures aren't included. {key} attaches them again.", key=ATTACH))
        self.post_message(WriteText(draft))

    def _save_proof(self) -> None:
        """Asks where the file goes."""
        if (blast := self.blast) is not None:
            words = plain(" ".join(blast.as_sent.body.split()))[:FEW] or self.gettext("A picture")
            self.app.push_screen(
                ProofScreen(f"text-{blast.id}.pdf", words, blast.recipients, source(blast.id))
            )

    def _why_no_template(self) -> Sentence | None:
        if self.blast is None or not self.blast.body.strip():
            return sentence("There's no text to save.")
        return self.app.lacks(Role.SENDER)

    def _save_as_template(self) -> None:
        """Asks for the name under which the text is kept, with its fields in place."""
        if self.blast is not None:
            template = Template("", self.blast.body, self.blast.purpose, self.app.language.code)
            self.post_message(SaveTemplate(template))

    def _cancel_words(self) -> str:
        """Cancelling asks once more, on its key."""
        if not self._sure or self.blast is None:
            return self.gettext("Cancel rest")
        waiting = self.blast.counts.get(Status.QUEUED, 0)
        if self.blast.leaves_at is not None:
            return self.gettext("Cancel it")
        return self.app.language.say(sentences("Cancel {count}", "Cancel {count}", waiting))

    def _cancel(self) -> None:
        """Cancels what has not left, when pressed a second time."""
        if not self._sure:
            self._sure = True
            self.refresh_bindings()
            self.app.hint(
                sentence(
                    "Press {key} again to cancel what hasn't gone out. What has gone out can't be recalled.",
                    key=CANCEL,
                )
            )
            return
        self._sure = False
        self.app.finish(self._cancel_rest())

    def on_screen_suspend(self) -> None:
        """Whoever comes back is asked once more before something is cancelled."""
        super().on_screen_suspend()
        self._sure = False

    async def _cancel_rest(self) -> None:
        if self.scheduled is not None:
            await cancel_scheduled(self.app, self.scheduled)
        else:
            count = await self.app.fetch(lambda store: store.messages.cancel(self.blast_id))
            says = sentences(
                "{count} message cancelled; its credits are back.",
                "{count} messages cancelled; their credits are back.",
                count,
            )
            self.app.tell(says)
        self.changed()

    def _settle(self, left: bool) -> None:
        """Says of an unknown message whether it left."""
        if (message := self.message) is not None:
            self.app.finish(self._say(message.id, left))

    async def _say(self, message_id: int, left: bool) -> None:
        await self.app.fetch(lambda store: store.messages.resolve_unknown(message_id, left=left))
        self.changed()
