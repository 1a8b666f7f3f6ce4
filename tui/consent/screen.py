"""Who may be texted: who opted out, since when and why, and what is to be decided."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from operator import attrgetter
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from store.clock import local_date
from store.people.model import ConsentState, Said
from store.roles import Role
from store.sentences import N_, Key, Phone, Sentence, sentence
from tui.base.actions import Action
from tui.base.master_detail import MasterDetail
from tui.base.navigation import Go, StoreOpened
from tui.consent.dialog import Answer, ReasonScreen
from tui.consent.noting import noted, noted_deed
from tui.consent.presentation import SIGNS, how_words, marketing_words, state_words
from tui.consent.queries import page
from tui.consent.record_view import drawn
from tui.i18n.sanitize import literal, plain
from tui.widgets.line_list import Head, PagedList

PAGE = 200
RULE = Key("consent.rule", "exclamation_mark")
OUT = Key("consent.out", "o")


class ConsentScreen(MasterDetail):
    """The numbers of which something was said to the account, the latest first, with a search above."""

    NAME = N_("Opt-outs")
    CSS_PATH = "consent.tcss"
    AUTO_FOCUS = "#said"
    HELP: ClassVar[str] = N_(
        "People who opted out get no texts from this account, whatever groups they are in. Opt-outs belong "
        "to the number, so deleting, merging or importing contacts doesn't change them. Lines with a ! "
        "need your decision: a list says something different from what is on record."
    )
    said: getters.query_one[PagedList[Said]] = getters.query_one("#said", PagedList)
    search = getters.query_one("#search", Input)
    empty = getters.query_one("#empty", Static)
    about = getters.query_one("#about", Static)

    def __init__(self) -> None:
        super().__init__()
        self._search = ""
        self._only_out = True
        self._needs_yes: bool | None = None
        """Whether marketing goes to those only who said yes; None as long as that isn't read."""

    def actions(self) -> Iterable[Action]:
        yield Action(
            "consent.back", "escape", N_("Back"), N_("End the search, or go back to Home"), self.back
        )
        yield Action(
            "consent.out",
            "o",
            N_("Opt out"),
            N_("Stop texting a number"),
            self.opt_out,
            role=Role.SENDER,
            anywhere=True,
            shown=lambda: not self._asks(),
        )
        yield Action(
            "consent.yes",
            "y",
            N_("Opt back in"),
            N_("Record that this person may be texted, and why"),
            self.take_back,
            why_not=self._why_not_take_back,
        )
        yield Action(
            "consent.out-stays",
            "o",
            N_("Stays out"),
            N_("Keep this person opted out"),
            self.keep_out,
            role=Role.SENDER,
            shown=self._asks,
        )
        yield Action(
            "consent.all",
            "asterisk",
            N_("All"),
            N_("Show everyone on record, or only those who opted out"),
            self.toggle,
            words=lambda: self.gettext("All") if self._only_out else self.gettext("Only out"),
        )
        yield Action(
            "consent.rule",
            "exclamation_mark",
            N_("Marketing"),
            N_("Send it to everyone who hasn't opted out, or only to those who said yes"),
            self.require,
            why_not=self._why_not_require,
            words=self._require_words,
        )
        yield Action(
            "consent.search", "slash", N_("Search"), N_("Search the list"), self.go_to_search, anywhere=True
        )

    def _why_not_take_back(self) -> Sentence | None:
        if (forbidden := self.app.owners_only()) is not None:
            return forbidden
        said = self.said.current
        if said is None:
            return sentence("There's nobody in the list.")
        if said.state is ConsentState.IN:
            return sentence("{number} is already opted in.", number=Phone(said.number))
        return None

    def _why_not_require(self) -> Sentence | None:
        if self._needs_yes is None:
            return sentence("Still loading. Try again in a moment.")
        return self.app.owners_only()

    def _require_words(self) -> str:
        if self._needs_yes:
            return self.gettext("Don't require a yes")
        return self.gettext("Require a yes")

    def _asks(self) -> bool:
        return self.said.current is not None and self.said.current.asks is not None

    def body(self) -> ComposeResult:
        with Horizontal(id="panes"):
            with Vertical(id="list"):
                yield Input(self._search, placeholder=self.gettext("Search by name or number"), id="search")
                yield Static(self._marketing_words(), id="marketing")
                yield Head(self._columns)
                yield Static(id="empty")
                yield PagedList(self._line, key=attrgetter("number"), id="said")
                yield Static(id="about")
            with VerticalScroll(id="beside", can_focus=False):
                yield Static(id="record")

    # What is shown

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self.said.restart()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.said.restart(keep_line=True)

    def data_changed(self) -> None:
        self.said.restart(keep_line=True)

    @on(PagedList.PageWanted, "#said")
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        if self.app.account is not None:
            self.load(self._read_page, wanted, self.app.account.id, newest_only=True)

    async def _read_page(self, wanted: PagedList.PageWanted, account_id: int) -> None:
        search, only_out, limit = self._search, self._only_out, max(PAGE, wanted.count)
        found, complete = await self.app.fetch(
            lambda store: page(store, account_id, search, wanted.after, limit, only_out=only_out)
        )
        self._needs_yes = await self.app.fetch(lambda store: store.messages.needs_consent(account_id))
        self.query_one("#marketing", Static).update(self._marketing_words())
        self.refresh_bindings()
        self.said.extend(wanted.query, found, complete=complete)
        self.empty.display = not self.said.items
        says = (
            self.gettext("No one found. Esc shows everyone again.")
            if search
            else self.app.language.say(sentence("No one has opted out. {key} records an opt-out.", key=OUT))
        )
        self.empty.update(Content(says))
        self._show_about()
        self.look_beside()

    def _marketing_words(self) -> Content:
        """Whom marketing goes to, and the key that changes it."""
        if self._needs_yes is None:
            return Content("")
        language = self.app.language
        says = language.say(marketing_words(needs_yes=self._needs_yes))
        return Content.assemble(says, "  ", (language.key_shown(RULE), "bold $primary"))

    def _columns(self, width: int) -> Content:
        _ = self.gettext
        return self._row(Content(" "), _("Name"), _("Number"), _("Since"), _("Why"), width)

    def _row(self, sign: Content, name: str, number: str, since: str, why: str, width: int) -> Content:
        """Five columns; on a narrow screen the reason, then the day give way."""
        why_width = max(width - 60, 0) if width >= 76 else 0
        since_width = 14 if width >= 56 else 0
        name_width = max(width - 18 - since_width - why_width - 2, 0)
        parts = [
            sign + Content(" "),
            literal(name).truncate(name_width - 1, ellipsis=True, pad=True),
            Content(" "),
            literal(number).truncate(17, ellipsis=True, pad=True),
            Content(" "),
        ]
        if since_width:
            parts.append(literal(since).truncate(since_width, ellipsis=True, pad=True))
        if why_width:
            parts.append(literal(why).truncate(why_width, ellipsis=True, pad=True))
        return Content("").join(parts)

    def _line(self, said: Said, width: int) -> Content:
        if said.asks is not None:
            sign = Content.styled("!", "$warning")
        else:
            sign = Content.styled(
                SIGNS[said.state], "$error" if said.state is ConsentState.OUT else "$success"
            )
        account, since = self.app.account, ""
        if said.at is not None and account is not None:
            since = self.app.language.day(local_date(said.at, account.timezone))
        why = said.why or self.app.language.say(how_words(said))
        return self._row(sign, said.name, self.app.language.phone(said.number), since, why, width)

    def _show_about(self) -> None:
        """All that is known of the one under the cursor, where a line has no room for it."""
        said, language = self.said.current, self.app.language
        if said is None:
            self.about.update("")
            return
        when = ""
        if said.at is not None and self.app.account is not None:
            when = language.date_and_time(said.at, self.app.account.timezone)
        parts = [language.say(state_words(said)), when, language.say(how_words(said)), said.why]
        self.about.update(literal("  ·  ".join(filter(None, parts))))

    async def read_beside(self) -> None:
        """Shows all that was ever said of the number under the cursor."""
        said, account, record = self.said.current, self.app.account, Content("")
        if said is not None and account is not None:
            records = await self.app.fetch(lambda store: store.consent.of_numbers([said.number], account.id))
            record = drawn(self.app.language, said, records, account.timezone)
        self.query_one("#record", Static).update(record)

    @on(PagedList.Moved, "#said")
    def _moved(self) -> None:
        self._show_about()
        self.look_beside()
        self.refresh_bindings()

    @on(Input.Changed, "#search")
    def _search_changed(self, changed: Input.Changed) -> None:
        if changed.value != self._search:
            self._search = changed.value
            self.said.restart()

    @on(Input.Submitted, "#search")
    def _search_done(self) -> None:
        self.said.focus()

    # What is done

    def back(self) -> None:
        """Ends the search, or goes Home where there is none."""
        if self._search or self.search.has_focus:
            self.search.value = ""
            self.said.focus()
        else:
            self.post_message(Go("home"))

    def go_to_search(self) -> None:
        """Puts the cursor into the search."""
        self.search.focus()

    def toggle(self) -> None:
        """Shows those who may be texted too, or only those who opted out."""
        self._only_out = not self._only_out
        self.said.restart(keep_line=True)
        self.refresh_bindings()

    async def require(self) -> None:
        """Marketing goes to everybody who hasn't opted out, or only to those who said yes."""
        account, needed = self.app.account, not self._needs_yes
        assert account is not None
        await self.app.fetch(lambda store: store.messages.require_consent(account.id, needed))
        self.app.data_changed()

    def opt_out(self) -> None:
        """Asks for a number, and why."""
        self._ask(self.gettext("Stop texting a number"), "", ConsentState.OUT)

    def keep_out(self) -> None:
        """Asks why the one under the cursor stays out."""
        if (said := self.said.current) is not None:
            title = self.gettext("Keep {who} opted out").format(who=self._who(said))
            self._ask(title, said.number, ConsentState.OUT)

    def take_back(self) -> None:
        """Asks why the one under the cursor may be texted."""
        if (said := self.said.current) is not None:
            title = self.gettext("Opt in {who}").format(who=self._who(said))
            self._ask(title, said.number, ConsentState.IN)

    def _who(self, said: Said) -> str:
        return plain(f"{said.name} {self.app.language.phone(said.number)}".strip())

    def _ask(self, title: str, number: str, state: ConsentState) -> None:
        if (account := self.app.account) is not None:
            needed = state is ConsentState.IN
            asked = ReasonScreen(title, number, account.country, needed=needed)
            self.app.push_screen(asked, partial(self._answered, state))

    def _answered(self, state: ConsentState, answer: Answer | None) -> None:
        if answer is not None:
            self.app.finish(self._note(state, answer))

    async def _note(self, state: ConsentState, answer: Answer) -> None:
        account = self.app.account
        assert account is not None
        number, why = answer
        before = await self.app.fetch(lambda store: noted(store, state, [number], account.id, why))
        who = f"{before[0].name} {self.app.language.phone(number)}".strip()
        says = sentence("{who}: may be texted.", who=who)
        if state is ConsentState.OUT:
            says = sentence("{who}: no more texts.", who=who)
        self.app.did(says, noted_deed(self.app.language, before, account.id, state, who))
        self.app.data_changed()
