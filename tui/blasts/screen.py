"""One blast: how far it is, what became of each message, and what can still be done about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from store.errors import TextmeterError
from store.messages.model import (
    TROUBLE,
    Answers,
    Message,
    MessageKind,
    Purpose,
    Status,
    Template,
)
from store.roles import Role
from store.sentences import N_, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.navigation import (
    BlastProgressed,
    Go,
    OpenContact,
    OpenInbox,
    SaveTemplate,
    StoreOpened,
    WriteText,
)
from tui.base.screen import TextmeterScreen
from tui.blasts.presentation import SIGNS, STATUS
from tui.blasts.progress import progress
from tui.blasts.queries import page, source, standing
from tui.blasts.save import ProofScreen
from tui.blasts.unreached import UnreachedScreen
from tui.i18n.sanitize import literal, plain
from tui.widgets.line_list import PagedList

if TYPE_CHECKING:
    from store.messages.model import BlastSummary
    from store.messages.schedule_model import Scheduled

PAGE = 200

MISSED = Status.FAILED, Status.UNDELIVERED
"""How a message stands that may be sent again; what isn't known may have left."""

FEW = 60
"""Characters by which a text is known."""

CREDITS = 5
"""Cells for what a message costs."""


class BlastScreen(TextmeterScreen):
    """A blast by its id, from its first message to its last receipt."""

    NAME = N_("Text")
    CSS_PATH = "blast.tcss"
    HELP: ClassVar[str] = N_(
        "A text and everyone it went to. “On their way” means that it went out but no receipt has come in "
        "yet; some phones never send one. “Unknown” means that nobody can tell whether it went out: "
        "Textmeter won't send it again, and its credits stay held until you say whether it was sent."
    )
    AUTO_FOCUS = "#messages"
    pages: getters.query_one[PagedList[Message]] = getters.query_one("#messages", PagedList)
    """The list of its messages."""

    def __init__(self, blast_id: int) -> None:
        super().__init__()
        self.blast_id = blast_id
        self.blast: BlastSummary | None = None
        self._status: Status | None = None
        self._answers = Answers(0, 0)
        self._scheduled: Scheduled | None = None
        self._now = datetime.min.replace(tzinfo=UTC)
        self._unreached: int | None = None
        self._sure = False

    def actions(self) -> Iterable[Action]:
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
            shown=lambda: self._scheduled is not None,
        )
        yield Action(
            "blast.view",
            "v",
            N_("Not reached"),
            N_("Who got neither the text nor the email, and why"),
            lambda: self.app.push_screen(UnreachedScreen(self.blast_id)),
            shown=lambda: bool(self._unreached),
        )
        yield Action("blast.filter", "f", N_("Filter"), N_("Show one status only"), self._filter)
        yield Action(
            "blast.people",
            "p",
            N_("Replies"),
            N_("Conversations with people who replied to this text"),
            lambda: self.post_message(OpenInbox(blast_id=self.blast_id)),
            shown=lambda: bool(self._answers.people),
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
            "blast.template",
            "",
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

    def body(self) -> ComposeResult:
        with Container(id="panes"):
            yield PagedList(self._line, key=attrgetter("id"), id="messages")
            with Vertical(id="detail"):
                yield Static(id="body")
                yield Static(id="progress")
        self.call_after_refresh(self._draw)

    def on_mount(self) -> None:
        if self.app.account is not None:
            self._start()

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self._start()

    @on(BlastProgressed)
    def _progressed(self, message: BlastProgressed) -> None:
        if message.summary.id == self.blast_id:
            self._show(message.summary)

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    # What is shown

    def _start(self) -> None:
        self.load(self.read)
        self.pages.restart()

    async def read(self) -> None:
        """Reads how far it is; back where there is no such blast."""
        try:
            found = await self.app.fetch(lambda store: standing(store, self.blast_id))
            self._answers, self._scheduled, self._now = found.answers, found.scheduled, found.now
            if found.blast.purpose is Purpose.EMERGENCY:
                self._unreached = await self.app.fetch(
                    lambda store: store.emergency.count_unreached(self.blast_id)
                )
            self._show(found.blast)
        except TextmeterError:
            if self.blast is None:
                self.leave()
            raise

    def data_changed(self) -> None:
        """Another process may be delivering it, and somebody else may say what became of a text."""
        self.load(self.read)

    def _show(self, blast: BlastSummary) -> None:
        before, self.blast = self.blast, blast
        self._draw()
        self.refresh_bindings()
        if before is None or blast.counts == before.counts:
            return
        if self._status is None and _troubled(before) == _troubled(blast):
            self.load(self.renew)
        else:  # lines come and go
            self.pages.restart(keep_line=True)

    async def renew(self) -> None:
        """Reads the lines that are on the screen anew; the others are read as they come into view."""
        pages = self.pages
        first, count = pages.seen.start, len(pages.seen)
        after = pages.items[first - 1] if first else None
        if count:
            found = await self.app.fetch(lambda store: page(store, self.blast_id, after, count))
            pages.replace(first, found)

    def _draw(self) -> None:
        """Draws the text and its progress; nothing but their frame until the blast is read."""
        blast = self.blast
        if blast is None or not self.query("#body"):
            return
        self._draw_text()
        account, variables = self.app.account, self.app.theme_variables
        lines = progress(
            self.app.language,
            variables,
            blast,
            self._answers,
            self._scheduled,
            self._unreached,
            account.timezone if account else "UTC",
            self._now,
            self.query_one("#detail").size.width - 4,
        )
        says = Content.styled(self._showing(), variables["quiet"])
        self.query_one("#progress", Static).update(Content("\n").join([*lines, says]))

    def _draw_text(self) -> None:
        """The text as the one under the cursor got it."""
        if self.blast is not None:
            message = self.pages.current
            text = message.body if message is not None else self.blast.as_sent.body
            shown = literal(text, lines=True) if text else Content(self.gettext("A picture"))
            self.query_one("#body", Static).update(shown)

    def _showing(self) -> str:
        if self._status is None:
            return ""
        shown = self.gettext(STATUS[self._status])
        return self.gettext("Showing only “{status}”; f shows the next status.").format(status=shown)

    @on(PagedList.PageWanted)
    def _want(self, wanted: PagedList.PageWanted) -> None:
        if self.app.account is not None:
            self.load(self._read_page, wanted, newest_only=True)

    async def _read_page(self, wanted: PagedList.PageWanted) -> None:
        after = wanted.after if isinstance(wanted.after, Message) else None
        status, limit = self._status, max(PAGE, wanted.count)
        found = await self.app.fetch(lambda store: page(store, self.blast_id, after, limit, status))
        wanted.pages.extend(wanted.query, found, complete=len(found) < limit)

    def _line(self, message: Message, width: int) -> Content:
        """Who, then what became of it, and why where it went wrong."""
        variables = self.app.theme_variables
        who = f"{plain(message.name)}  " if message.name else ""
        status = self.gettext(STATUS[message.status])
        if message.reason is not None:
            status = f"{status}: {self.app.language.say(message.reason)}"
        room = min(max(width * 45 // 100, 20), 40)
        person = Content.assemble(who, (plain(self.app.language.phone(message.to)), variables["quiet"]))
        credits = Content(self.app.language.number(message.credits))
        stands = literal(f"{SIGNS[message.status]} {status}")
        return Content.assemble(
            person.truncate(room, ellipsis=True, pad=True),
            credits.pad_left(max(CREDITS - credits.cell_length, 1)),
            "  ",
            stands,
        )

    # What can be done

    def _why_not_person(self) -> Sentence | None:
        return None if self.pages.current else sentence("There's nobody in the list.")

    async def _open_person(self) -> None:
        """Opens what is known of who the message under the cursor went to."""
        message = self.pages.current
        assert message is not None
        contact = await self.app.fetch(lambda store: store.people.by_phones([message.to]).get(message.to))
        if contact is None:
            self.app.hint(sentence("They aren't in your address book."))
        else:
            self.post_message(OpenContact(contact))

    @on(PagedList.Chosen)
    def _chosen(self) -> None:
        self.action_act("blast.person")

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
        message = self.pages.current
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
            self.app.tell(sentence("The pictures aren't included. F7 attaches them again."))
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

    @on(PagedList.Moved)
    def _moved(self) -> None:
        self._draw_text()
        self.refresh_bindings()

    def _cancel(self) -> None:
        """Cancels what has not left, when pressed a second time."""
        if not self._sure:
            self._sure = True
            self.refresh_bindings()
            self.app.hint(
                sentence("Press x again to cancel what hasn't gone out. What has gone out can't be recalled.")
            )
            return
        self._sure = False
        self.app.finish(self._cancel_rest())

    def on_screen_suspend(self) -> None:
        """Whoever comes back is asked once more before something is cancelled."""
        self._sure = False

    async def _cancel_rest(self) -> None:
        count = await self.app.fetch(lambda store: store.messages.cancel(self.blast_id))
        self.app.tell(
            sentence("Cancelled. The credits held for it are back.")
            if self._scheduled is not None
            else sentences(
                "{count} message cancelled; its credits are back.",
                "{count} messages cancelled; their credits are back.",
                count,
            )
        )
        self._changed()

    def _filter(self) -> None:
        """Shows all messages, or those of the next status that there is."""
        if self.blast is None:
            return
        there = [None, *(status for status in STATUS if self.blast.counts.get(status))]
        at = there.index(self._status) if self._status in there else 0
        self._status = there[(at + 1) % len(there)]
        self._draw()
        self.pages.restart()

    def _settle(self, left: bool) -> None:
        """Says of an unknown message whether it left."""
        if (message := self.pages.current) is not None:
            self.app.finish(self._say(message.id, left))

    async def _say(self, message_id: int, left: bool) -> None:
        await self.app.fetch(lambda store: store.messages.resolve_unknown(message_id, left=left))
        self._changed()

    def _changed(self) -> None:
        self.app.refresh_balance()
        if self.is_attached:
            self.load(self.read)
            if self._status is not None:
                self.pages.restart()


def _troubled(blast: BlastSummary) -> int:
    return sum(blast.counts.get(status, 0) for status in TROUBLE)
