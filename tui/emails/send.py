"""The last look before an email is sent, and how it leaves: at once or later, and from whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store import Store
from store.emails.model import CampaignSummary
from store.messages.model import Draft, When
from store.sentences import N_, Key, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.navigation import EmailSent
from tui.base.picker import PickScreen
from tui.compose.autosave import Keeper
from tui.compose.beside import as_read
from tui.compose.giving_reasons import WHEN, ReasonScreen
from tui.compose.when import WhenScreen
from tui.emails.presentation import SERVICES, file_words, from_words, leaves, send_words, sends, size_words
from tui.emails.reading import Reading, Way
from tui.emails.where_a_test_goes import TestScreen
from tui.i18n.sanitize import literal, plain

FROM, BY = Key("send.address", "at"), Key("send.service", "ampersand")


class Ways(NamedTuple):
    """What can be chosen. senders: what is shown of them, by their ids; services: by which
    it can go out; own: where a test was sent last, or ""."""

    senders: Sequence[tuple[str, str]] = ()
    services: Sequence[str] = ()
    own: str = ""


class SendEmailScreen(ReasonScreen[Reading, CampaignSummary]):
    """Of an email. go_by: called with another way for it to leave, whereupon `show` is called with what that
    takes."""

    CSS_PATH = ["../compose/compose.tcss", "emails.tcss"]
    HELP: ClassVar[str] = N_(
        "Enter sends it. {when} schedules it for a day, or for an hour in each recipient's own time zone; "
        "{test} sends it only to you first, which uses one email. You can still cancel what hasn't gone "
        "out. An emergency asks for a reason, which is saved with the email."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {"when": WHEN, "test": Key("send.test", "1")}

    def __init__(
        self,
        reading: Reading,
        draft: Draft,
        keeper: Keeper,
        change: int,
        explain: Callable[[str], tuple[Draft, int]],
        sent: Callable[[CampaignSummary], None],
        others: Callable[[], None],
        go_by: Callable[[Way], None],
    ) -> None:
        super().__init__(reading, draft, keeper, change, explain, sent, others)
        self._go_by = go_by
        self._ways = Ways()
        self._way = reading.way

    def actions(self) -> Iterable[Action]:
        *asked, back = self.sending()
        yield from asked
        yield Action(
            "send.when",
            "t",
            N_("When"),
            N_("Now, on a day, or at an hour"),
            self.choose_when,
            why_not=self._why_not_later,
            shown=lambda: not self._asks_why,
        )
        yield Action(
            "send.address",
            "at",
            N_("From"),
            N_("The address it's sent from"),
            self.choose_sender,
            shown=lambda: len(self._ways.senders) > 1 and not self._asks_why,
        )
        yield Action(
            "send.service",
            "ampersand",
            N_("By"),
            N_("Your own mail, which counts, or another service"),
            self.choose_service,
            shown=lambda: len(self._ways.services) > 1 and not self._asks_why,
        )
        yield Action(
            "send.test",
            "1",
            N_("Test"),
            N_("Send it to yourself first, which uses one email"),
            self.test,
            why_not=self._under_way,
            shown=lambda: not self._asks_why,
        )
        yield back

    def anyway_words(self) -> str:
        return self.gettext("Email them anyway")

    def anyway_question(self) -> str:
        return self.gettext("Why email them anyway? The reason is saved with the email.")

    def send_words(self) -> str:
        return send_words(self._reading, self.app.language)

    def hand_over(self, store: Store, account_id: int, draft: Draft, key: str) -> CampaignSummary:
        way, agreed = self._way, self._reading.estimate
        return store.emails.send(
            account_id,
            draft,
            sender=way.sender,
            service=way.service,
            at=way.at,
            each_at=way.each_at,
            expected=replace(agreed, problems=self._still_wrong(draft, agreed.problems)),
            key=key,
        )

    def _why_not(self) -> Sentence | None:
        if self._way != self._reading.way:
            return sentence("Still working out the cost. Try again in a moment.")
        return super()._why_not()

    # What is shown

    def show(self, reading: Reading) -> None:
        if reading.way != self._reading.way:  # which is what was asked for
            self._counting, self._reading = False, reading
            self.refresh(recompose=True)
        else:
            super().show(reading)

    def on_mount(self) -> None:
        self.load(self._read_ways)

    async def _read_ways(self) -> None:
        account = self.app.account
        assert account is not None
        self._ways = await self.app.fetch(lambda store: ways(store, account.id))
        self.refresh(recompose=True)

    def body(self) -> ComposeResult:
        _, language, reading = self.gettext, self.app.language, self._reading
        estimate = reading.estimate
        people = sentences(
            "Send this email to {count} person?", "Send this email to {count} people?", estimate.recipients
        )
        question = (
            language.say(people) if estimate.recipients else _("Right now, nobody would get this email.")
        )
        if estimate.recipients == 1 and reading.reader:
            question = _("Send this email to {name}?").format(name=plain(reading.reader))
        left = _("{count} left after").format(count=language.number(estimate.available_after))
        size = _("about {size} each").format(size=size_words(estimate.size, language))
        takes = Content.styled(sends(estimate.sends, language), "bold $secondary")
        with VerticalScroll(id="send", can_focus=False):
            yield Static(Content(question), id="send-question")
            yield Static(Content.assemble(takes, f"  ·  {left}  ·  {size}"))
            yield self.purpose_line()
            yield Static(Content("\n").join(self._way_lines()), id="send-way")
            yield from self.reason_lines()
            if reading.text:
                yield Static(literal(as_read(reading.reader, language)), classes="heading")
                yield Static(self._email(), id="send-text")
            yield from self.left_out_lines()
            yield Static(self._outcome, id="send-outcome")

    def _way_lines(self) -> list[Content]:
        """When it leaves, from whom, by what."""
        language, way = self.app.language, self._way
        when = leaves(way, language, self._reading.timezone) or self.gettext("Goes out now")
        key = "" if self._why_not_later() else f"  {language.key_shown(WHEN)}"
        said = [Content.assemble(when, (key, "bold $primary"))]
        if sender := from_words(self._reading.identity, language):
            key = f"  {language.key_shown(FROM)}" if len(self._ways.senders) > 1 else ""
            said.append(literal(sender) + Content.styled(key, "bold $primary"))
        if len(self._ways.services) > 1:
            key = language.key_shown(BY)
            said.append(Content.assemble(self._service(way.service), "  ", (key, "bold $primary")))
        return said

    def _service(self, service: str) -> str:
        return self.gettext(SERVICES[service])

    def _email(self) -> Content:
        reading = self._reading
        said = [Content.styled(plain(reading.subject), "bold"), literal(reading.text, lines=True)]
        if reading.identity.below:
            said.append(literal(reading.identity.below, lines=True).stylize("$quiet"))
        said += [
            literal(f"▣ {file_words(file, self.app.language)}").stylize("$primary") for file in reading.files
        ]
        return Content("\n\n").join(said)

    # How it leaves

    def choose_when(self) -> None:
        """At once, on a day, at an hour of each one's own day."""
        reading, way = self._reading, self._way
        when = When(way.at, way.each_at)
        self.app.push_screen(WhenScreen(when, reading.timezone, reading.now), self._leave_at)

    def _leave_at(self, when: When | None) -> None:
        if when is not None:
            self._leave_by(replace(self._way, at=when.at, each_at=when.each_at))

    def choose_sender(self) -> None:
        """Whose address it goes out from."""
        self.app.push_screen(
            PickScreen(self.gettext("From"), self._ways.senders, self._way.sender),
            lambda sender: self._leave_by(None if sender is None else replace(self._way, sender=sender)),
        )

    def choose_service(self) -> None:
        """By the account's own mail, or by another service."""
        services = [(service, self._service(service)) for service in self._ways.services]
        self.app.push_screen(
            PickScreen(self.gettext("By"), services, self._way.service),
            lambda service: self._leave_by(None if service is None else replace(self._way, service=service)),
        )

    def _leave_by(self, way: Way | None) -> None:
        if way is not None and way != self._way:
            self._way = way
            self._outcome = Content("")
            self._go_by(way)

    # Sending

    def test(self) -> None:
        """Sends it to one address, before all get it."""
        self.app.push_screen(TestScreen(self._ways.own), self._test_to)

    def _test_to(self, address: str | None) -> None:
        if address:
            self._ways = self._ways._replace(own=address)
            self.app.keep("test-address", address)
            self.load(self._send_test, address)

    async def _send_test(self, address: str) -> None:
        account, draft, way = self.app.account, self._draft, self._way
        assert account is not None
        await self.app.fetch(lambda store: store.emails.test(account.id, draft, address, sender=way.sender))
        self.app.tell(sentence("Sending a test to {address}.", address=address))
        self.app.post_message(EmailSent())


def ways(store: Store, account_id: int) -> Ways:
    """How an account's emails can leave. Called in a thread."""
    senders = [
        (sender.id, f"{sender.id} · {sender.number}")
        for sender in store.email_senders.all()
        if sender.account_id in (None, account_id)
    ]
    services = store.emails.services(account_id)
    return Ways(senders, services, store.settings.read("test-address") or "")
