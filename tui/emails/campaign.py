"""One campaign: how far it is, what became of each of its emails, and what can still be done about it."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from store.emails.model import LEFT, REASONS, CampaignSummary, Emailed, Status, Written
from store.errors import TextmeterError
from store.messages.model import Draft, Template
from store.people.model import Contact
from store.roles import Role
from store.sentences import N_, Key, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.navigation import OpenContact, SaveTemplate, StoreOpened, WriteText
from tui.base.screen import TextmeterScreen
from tui.base.undoing import Deed
from tui.blasts.save import ProofScreen
from tui.emails.campaign_view import email, progress
from tui.emails.presentation import SIGNS, STATUS, WHAT_TO_DO
from tui.emails.queries import COLUMNS, MISSED, missed, outcomes, source
from tui.history.export import ExportScreen, Saved
from tui.i18n.sanitize import literal, plain
from tui.widgets.line_list import PagedList

PAGE = 200
FILTER, CANCEL = Key("campaign.filter", "f"), Key("campaign.cancel", "x")
ATTACH = Key("compose.picture", "f7")


class CampaignScreen(TextmeterScreen):
    """A campaign by its id, from its first email to its last bounce."""

    NAME = N_("Email")
    CSS_PATH = "emails.tcss"
    HELP: ClassVar[str] = N_(
        "An email and everyone it went to, with those it didn't reach first. “Came back” "
        "means that their mail server returned it. “Unknown” means that nobody can tell "
        "whether it went out; Textmeter won't send it again."
    )
    AUTO_FOCUS = "#messages"
    pages: getters.query_one[PagedList[Emailed]] = getters.query_one("#messages", PagedList)
    """The list of its emails."""

    def __init__(self, campaign_id: int) -> None:
        super().__init__()
        self.campaign_id = campaign_id
        self.campaign: CampaignSummary | None = None
        self._status: Status | None = None
        """The only one that is shown."""
        self._written: Written | None = None
        """The email as the one under the cursor got it."""
        self._sure = False

    def actions(self) -> Iterable[Action]:
        yield Action("campaign.back", "escape", N_("Back"), N_("Back to where you were"), self.leave)
        yield Action(
            "campaign.people",
            "p",
            N_("Person"),
            N_("Everything known about the selected person"),
            lambda: self.load(self._open_person),
            why_not=self._why_not_person,
        )
        yield Action(
            "campaign.cancel",
            "x",
            N_("Cancel rest"),
            N_("Cancel what hasn't gone out; you get those emails back"),
            self._cancel,
            why_not=self._not_cancelled,
            words=self._cancel_words,
        )
        yield Action("campaign.filter", "f", N_("Filter"), N_("Show one status only"), self._filter)
        yield Action(
            "campaign.save",
            "s,ctrl+s",
            N_("Export"),
            N_("Save each person's result to a file"),
            self._export,
            why_not=lambda: self.app.no_files(f"campaign show {self.campaign_id} --csv > emails.csv"),
        )
        yield Action(
            "campaign.proof",
            "percent_sign",
            N_("Proof"),
            N_("Save proof of what went to whom, as a PDF or a table"),
            self._save_proof,
            why_not=lambda: self.app.no_files(f"campaign show {self.campaign_id} --csv > proof.csv"),
        )
        yield Action(
            "campaign.again",
            "r",
            N_("Write again"),
            N_("Write the same email to everyone it didn't reach"),
            lambda: self.load(self._write_again),
            why_not=lambda: self.app.lacks(Role.SENDER),
            shown=lambda: self.campaign is not None and any(map(self.campaign.counts.get, MISSED)),
        )
        yield Action(
            "campaign.keep",
            "underscore,shift+f10",
            N_("Save as a template"),
            N_("Save this email under a name, to send it again"),
            self._save_as_template,
            why_not=lambda: self.app.lacks(Role.SENDER),
            shown=lambda: self.campaign is not None,
            in_bar=False,
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
    def _start(self) -> None:
        self.load(self.read)
        self.pages.restart()

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    # What is shown

    async def read(self) -> None:
        """Reads how far it is; back where there is no such campaign."""
        try:
            self._show(await self.app.fetch(lambda store: store.emails.campaign(self.campaign_id)))
        except TextmeterError:
            if self.campaign is None:
                self.leave()
            raise

    def data_changed(self) -> None:
        """Some have left meanwhile, or came back."""
        self.load(self.read)

    def _show(self, campaign: CampaignSummary) -> None:
        before, self.campaign = self.campaign, campaign
        self._draw()
        self.refresh_bindings()
        if before is not None and campaign.counts != before.counts:
            # Whoever hasn't gone down the list sees what goes wrong: it comes first.
            self.pages.restart(keep_line=not self.pages.at_top)

    def _draw(self) -> None:
        """Draws the email and its progress; nothing but their frame until the campaign is read."""
        campaign = self.campaign
        if campaign is None or not self.query("#body"):
            return
        account, detail = self.app.account, self.query_one("#detail")
        timezone = account.timezone if account is not None else "UTC"
        subject, body, _html = self._written or (campaign.subject, campaign.body, "")
        self.query_one("#body", Static).update(email(subject, body))
        variables = self.app.theme_variables
        lines = progress(self.app.language, variables, campaign, timezone, detail.size.width - 4)
        says = Content.styled(self._showing(), variables["quiet"])
        self.query_one("#progress", Static).update(Content("\n").join([*lines, says]))

    def _showing(self) -> str:
        """What can be done about the one under the cursor; else which ones are shown."""
        email = self.pages.current
        if email is not None and (says := WHAT_TO_DO.get(email.reason)):
            return self.app.language.say(says)
        if self._status is None:
            return ""
        shown = self.gettext(STATUS[self._status])
        return self.app.language.say(
            sentence("Showing only “{status}”; {key} shows the next status.", status=shown, key=FILTER)
        )

    @on(PagedList.PageWanted)
    def _want(self, wanted: PagedList.PageWanted) -> None:
        if self.app.account is not None:
            self.load(self._read_page, wanted, newest_only=True)

    async def _read_page(self, wanted: PagedList.PageWanted) -> None:
        after, status, limit = wanted.after, self._status, max(PAGE, wanted.count)
        found = await self.app.fetch(
            lambda store: store.emails.recipients(self.campaign_id, status=status, after=after, limit=limit)
        )
        wanted.pages.extend(wanted.query, found, complete=len(found) < limit)

    def _line(self, email: Emailed, width: int) -> Content:
        """Who, then what became of it, and why where it went wrong."""
        who = f"{plain(email.name)}  " if email.name else ""
        status = self.gettext(STATUS[email.status])
        if email.reason:
            status = f"{status}: {self.gettext(REASONS[email.reason])}"
        room = min(max(width * 45 // 100, 20), 46)
        person = Content.assemble(who, (plain(email.to), self.app.theme_variables["quiet"]))
        stands = literal(f"{SIGNS[email.status]} {status}")
        return Content.assemble(person.truncate(room, ellipsis=True, pad=True), "  ", stands)

    @on(PagedList.Moved)
    def _moved(self) -> None:
        self._draw()
        self.refresh_bindings()
        if (email := self.pages.current) is not None:
            self.load(self._read_written, email.id, newest_only=True)

    async def _read_written(self, email_id: int) -> None:
        self._written = await self.app.fetch(lambda store: store.emails.written(email_id))
        self._draw()

    # What can be done

    def _why_not_person(self) -> Sentence | None:
        email = self.pages.current
        if email is None or not email.contact:
            return sentence("They aren't in your address book.")
        return None

    async def _open_person(self) -> None:
        email = self.pages.current
        assert email is not None
        contact: Contact | None = await self.app.fetch(lambda store: store.people.contact(email.contact))
        if contact is None:
            self.app.hint(sentence("They aren't in your address book any more."))
        else:
            self.post_message(OpenContact(contact))

    def _not_cancelled(self) -> Sentence | None:
        if (forbidden := self.app.lacks(Role.SENDER)) is not None:
            return forbidden
        if self.campaign is None or not self.campaign.waits:
            return sentence("There's nothing left to cancel: what has gone out can't be recalled.")
        return None

    def _save_as_template(self) -> None:
        """Asks for the name under which the email is kept, with its fields in place."""
        if (campaign := self.campaign) is not None:
            language = self.app.language.code
            template = Template("", campaign.body, language=language, subject=campaign.subject)
            self.post_message(SaveTemplate(template))

    def _cancel_words(self) -> str:
        """Cancelling asks once more, on its key."""
        if not self._sure or self.campaign is None:
            return self.gettext("Cancel rest")
        return self.app.language.say(sentences("Cancel {count}", "Cancel {count}", self.campaign.waits))

    def _cancel(self) -> None:
        """Cancels what has not left, when pressed a second time."""
        self._sure = not self._sure
        self.refresh_bindings()
        if self._sure:
            self.app.hint(
                sentence(
                    "Press {key} again to cancel what hasn't gone out. What has gone out can't be recalled.",
                    key=CANCEL,
                )
            )
        else:
            self.app.finish(self._cancel_rest())

    def on_screen_suspend(self) -> None:
        """Whoever comes back is asked once more before something is cancelled."""
        super().on_screen_suspend()
        self._sure = False

    async def _cancel_rest(self) -> None:
        before = self.campaign
        campaign = await self.app.fetch(lambda store: store.emails.cancel(self.campaign_id))
        count = before.waits if before is not None else 0
        says = sentences("{count} email cancelled.", "{count} emails cancelled.", count)
        if any(map(campaign.counts.get, LEFT)):
            why = sentence("It can't be undone: some of the emails have been sent.")
            self.app.tell(sentence("{says} {why}", says=says, why=why))
        else:
            undone = sentence("Undone: the email leaves as it was to.")
            self.app.did(says, Deed(undone, lambda store: store.emails.restore(campaign.id)))
        self.app.refresh_balance()
        if self.is_attached:
            self._show(campaign)

    def _filter(self) -> None:
        """Shows all emails, or those of the next status that there is."""
        if self.campaign is None:
            return
        there = [None, *(status for status in STATUS if self.campaign.counts.get(status))]
        at = there.index(self._status) if self._status in there else 0
        self._status = there[(at + 1) % len(there)]
        self._draw()
        self.pages.restart()

    def _export(self) -> None:
        """Saves what became of each in a file."""
        if (campaign := self.campaign) is None:
            return
        language, id = self.app.language, self.campaign_id
        saved = Saved(
            "emails.csv",
            plain(campaign.subject),
            sum(campaign.counts.values()),
            COLUMNS,
            lambda store: outcomes(store, id, language),
        )
        self.app.push_screen(ExportScreen(saved))

    def _save_proof(self) -> None:
        """Asks where the file goes."""
        if (campaign := self.campaign) is not None:
            file, words = f"email-{campaign.id}.pdf", plain(campaign.subject)
            self.app.push_screen(ProofScreen(file, words, campaign.recipients, source(campaign.id)))

    async def _write_again(self) -> None:
        """Opens Compose with the email and those whom it didn't reach; what isn't known may have left."""
        campaign, id = self.campaign, self.campaign_id
        assert campaign is not None
        to = await self.app.fetch(lambda store: missed(store, id))
        if campaign.files:
            self.app.tell(sentence("The files aren't included. {key} attaches them again.", key=ATTACH))
        self.post_message(WriteText(Draft(subject=campaign.subject, body=campaign.body, to=to)))
