"""Everybody who gets a text, and who is left out and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeAlias

from textual import getters, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from store.messages.audience import Audience
from store.messages.model import LeftOut
from store.sentences import N_, Key, Sentence, sentence, sentences
from store.texts import phones
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.compose.actions import household_words
from tui.compose.purposes import in_order, left_out_words
from tui.compose.reach import Chosen, Kind, Reach, Recipient, Token, excepted
from tui.i18n.cells import right
from tui.i18n.sanitize import literal
from tui.widgets.line_list import Head, PagedList

Line: TypeAlias = LeftOut | Recipient

PLACE, CREDITS = 20, 10
"""Cells for a number or an address, and for what it costs."""
FOR_CREDITS = 50
"""Cells from which on a line has room for that."""
MOST_ABOUT = 26
"""Cells for what is said of somebody: what they cost stands near them."""

UNREACHED = ("no-phone", "no-address")
"""By whom no number or address is known."""
TAKEN_OFF = ("empty-group", "empty-filter")
"""By what nobody is meant."""
_CORRECT = N_("Fix it")
MENDS: Mapping[str, str] = {
    "excepted": N_("Put back in"),
    "no-phone": N_("Add a number"),
    "no-address": N_("Add an address"),
    **dict.fromkeys(TAKEN_OFF, N_("Remove it")),
    **dict.fromkeys((*phones.REASONS, "no-email"), _CORRECT),
}
"""What the key does where somebody is left out, by the code of why."""

WHY_NOT: Mapping[str, Sentence] = {
    "opted-out": sentence(
        "They opted out of texts. If they asked to get them again, note that under Opt-outs."
    ),
    "no-consent": sentence("Marketing needs their consent. If they gave it, note that under Opt-outs."),
    "texted-lately": sentence(
        "They are left out of marketing for a few days. {key} asks why you want to text them anyway.",
        key=Key("compose.send", "f5"),
    ),
}
"""Why it does nothing, where the reason doesn't say so already."""


class WhoScreen(TextmeterScreen):
    """The audience of a draft: first those who are left out, since there something may be mended.

    tokens: what is chosen behind To. reach: how they are reached. choose: called with what is chosen instead;
    `show` is called when that was found. correct: called with a number or address that is none, to be typed
    anew. by_household: called for one a household, or for one a person again. cost: tells the credits that
    somebody who gets it costs, None where that is nothing to be told.
    """

    NAME = N_("Who gets it")
    CSS_PATH = "compose.tcss"
    HELP: ClassVar[str] = N_(
        "Each number gets the text once, no matter how often you chose it. Lines with a ✗ are left out, "
        "for the reason next to them. {key} leaves out the selected person, or fixes the reason why "
        "someone is left out."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {"key": Key("who.mark", "space")}
    lines: getters.query_one[PagedList[Line]] = getters.query_one(PagedList)
    summary = getters.query_one("#who-summary", Static)

    def __init__(
        self,
        audience: Chosen,
        tokens: Sequence[Token],
        reach: Reach,
        choose: Callable[[tuple[Token, ...]], None],
        correct: Callable[[str], None],
        by_household: Callable[[], None],
        cost: Callable[[Any], int] | None,
    ) -> None:
        super().__init__()
        self._audience = audience
        self._tokens = tokens
        self._reach = reach
        self._choose = choose
        self._correct = correct
        self._by_household = by_household
        self._cost = cost

    def actions(self) -> Iterable[Action]:
        yield Action(
            "who.mark",
            "space",
            N_("Leave out"),
            N_("Leave someone out, or fix why they are left out"),
            self.mend,
            why_not=self._why_not_mend,
            words=lambda: self.gettext(self._mending()),
        )
        yield Action(
            "who.household",
            "h",
            N_("Per household"),
            N_("One text for people who live together, or one for each person again"),
            self.go_by_household,
            words=lambda: household_words(self._audience.households, self.app.language),
        )
        yield Action("who.back", "escape,f4", N_("Back"), N_("Back to the text"), self.leave)

    # Mending

    def _mending(self) -> str:
        line = self.lines.current
        return MENDS.get(line.code, "") if isinstance(line, LeftOut) else N_("Leave out")

    def _why_not_mend(self) -> Sentence | None:
        line = self.lines.current
        if line is None:
            return sentence("There's nobody in the list.")
        if not isinstance(line, LeftOut):
            return None
        if line.code in UNREACHED:
            return self.app.owners_only()
        if line.code == "excepted" and not self._exceptions(line):
            return sentence("They are in a group or filter that you left out. Remove it in To.")
        return None if line.code in MENDS else WHY_NOT.get(line.code, line.reason)

    def mend(self) -> None:
        """Leaves out the one under the cursor, or does what lets them get the text."""
        line = self.lines.current
        if line is None:
            return
        if not isinstance(line, LeftOut):
            kind: Kind = "contact" if line.contact else "typed"
            place = self._reach.place(line)
            token = Token(kind, str(line.contact or place), line.name or self.app.language.phone(place))
            self._choose((*self._tokens, excepted(token)))
        elif line.code == "excepted":
            back = self._exceptions(line)
            self._choose(tuple(token for token in self._tokens if token not in back))
        elif line.code in UNREACHED:
            self.load(self._open_contact, line.contact)
        else:
            self._choose(tuple(token for token in self._tokens if token.excepted or token.key != line.to))
            if line.code not in TAKEN_OFF:
                self.leave()
                self._correct(line.to)

    def _exceptions(self, line: LeftOut) -> list[Token]:
        """By what somebody is left out, and nobody else."""
        account = self.app.account
        assert account is not None
        place = self._reach.place(line)
        keys = {("contact", str(line.contact)), ("typed", place)}
        return [
            token
            for token in self._tokens
            if token.excepted
            and ((token.kind, token.key) in keys or self._reach.is_at(token, place, account.country))
        ]

    async def _open_contact(self, contact_id: int) -> None:
        from tui.contacts.form import ContactFormScreen

        contact = await self.app.fetch(lambda store: store.people.contact(contact_id))
        if contact is not None:
            self.app.push_screen(ContactFormScreen(contact))

    def go_by_household(self) -> None:
        """One text a household, or one a person again."""
        self._by_household()

    def show(self, audience: Chosen, tokens: Sequence[Token], cost: Callable[[Any], int] | None) -> None:
        """Shows who gets it now, and what it costs for each."""
        self._cost = cost
        self.lines.refresh()
        if audience is not self._audience or tokens is not self._tokens:
            self._audience, self._tokens = audience, tokens
            self.summary.update(self._summary())
            self.lines.restart(keep_line=True)
            self.refresh_bindings()

    def body(self) -> ComposeResult:
        yield Static(self._summary(), id="who-summary")
        yield Head(self._columns)
        yield PagedList(self._draw)
        yield Static(id="who-about")

    def on_mount(self) -> None:
        self.lines.focus()

    @on(PagedList.PageWanted)
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        audience = self._audience
        waits = audience.waits if isinstance(audience, Audience) else {}
        left_out = in_order(audience.without, waits)
        lines: list[Line] = [*left_out, *audience.recipients, *audience.twice]
        wanted.pages.extend(wanted.query, lines, complete=True)

    @on(PagedList.Moved)
    def _moved(self) -> None:
        line = self.lines.current
        says = self.app.language.say(line.reason) if isinstance(line, LeftOut) else ""
        self.query_one("#who-about", Static).update(literal(says))
        self.refresh_bindings()

    def _summary(self) -> Content:
        audience, say = self._audience, self.app.language.say
        left_out = len(audience.without)
        with_them = sum(line.code == "household" for line in audience.twice)
        twice = len(audience.twice) - with_them
        count = len(audience.recipients)
        people = sentences("{count} person gets it", "{count} people get it", count)
        households = sentences("{count} household gets it", "{count} households get it", count)
        parts = [households if audience.households else people]
        if left_out:
            parts.append(self._left_out(left_out))
        if twice:
            parts.append(sentences("{count} chosen twice", "{count} chosen more than once", twice))
        if with_them:
            parts.append(
                sentences("{count} in the same household", "{count} in the same household", with_them)
            )
        return Content("  ·  ".join(map(say, parts)))

    def _left_out(self, count: int) -> Sentence:
        """How many are left out, and why so many as there are each."""
        said = sentences("{count} is left out", "{count} are left out", count)
        words = [self.app.language.say(one) for one in left_out_words(self._audience.without)]
        if not words:
            return said
        return sentence("{left_out} ({reasons})", left_out=said, reasons=", ".join(words))

    def _columns(self, width: int) -> Content:
        _ = self.gettext
        name = Content(_("Name")).truncate(self._for_name(width), pad=True)
        place = Content(_(self._reach.place_name)).truncate(PLACE, pad=True)
        return Content.assemble("  ", name, place, self._at_the_right("", _("Credits"), width))

    def _for_name(self, width: int) -> int:
        return max(16, min(32, width - 36 - self._for_credits(width)))

    def _for_credits(self, width: int) -> int:
        return CREDITS if self._cost is not None and width >= FOR_CREDITS else 0

    def _at_the_right(self, about: str, credits: str, width: int) -> Content:
        """What else is worth knowing of somebody, and what it costs for them."""
        said = literal(about).stylize("$quiet")
        if not (for_credits := self._for_credits(width)):
            return said
        room = min(max(width - 2 - self._for_name(width) - PLACE - for_credits, 0), MOST_ABOUT)
        return Content.assemble(said.truncate(room, ellipsis=True, pad=True), right(credits, for_credits))

    def _draw(self, line: Line, width: int) -> Content:
        column = self._for_name(width)
        if isinstance(line, LeftOut):
            to = literal(self.app.language.phone(line.to)).truncate(column - 2, ellipsis=True)
            says = literal(self.app.language.say(line.reason)).stylize("$quiet")
            sign = ("· ", "$quiet") if line in self._audience.twice else ("✗ ", "$error")
            return Content.assemble(sign, to.pad_right(column - to.cell_length), says)
        name = literal(line.name).truncate(column - 2, ellipsis=True)
        place = literal(self.app.language.phone(self._reach.place(line)))
        language = self.app.language
        about = line.household if self._audience.households else ""
        return Content.assemble(
            "  ",
            name.pad_right(column - name.cell_length),
            place.pad_right(max(PLACE - place.cell_length, 1)),
            self._at_the_right(
                about or self._reach.about(line, language),
                language.number(self._cost(line)) if self._cost is not None else "",
                width,
            ),
        )
