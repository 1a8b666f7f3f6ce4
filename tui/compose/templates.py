"""A template for the draft that is being written: found by a few letters, and read with its cost before it is
put in."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Protocol

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.fuzzy import Matcher
from textual.widgets import Input, Static

from store import Store
from store.credits.model import Account
from store.messages.model import Draft, Template
from store.people.names import fold
from store.sentences import N_, Sentence, sentence
from store.texts import merge
from store.texts.alphabet import normalise
from store.texts.merge import sketch
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.blasts.presentation import PURPOSES
from tui.compose.actions import Counted
from tui.compose.beside import after_a_blank, heading, problem_lines, signed, wrapped
from tui.compose.live_estimate import LiveEstimate
from tui.i18n.language import Language
from tui.i18n.sanitize import literal
from tui.widgets.line_list import Head, PagedList
from tui.widgets.wrapping import wrap

NAME, PURPOSE, LANGUAGE = 24, 14, 11
"""Cells of the columns before the first words of a text."""
LEAST_OF_WORDS = 12
TOLD_OTHERWISE = ("no-recipients", "unknown-field", "empty-subject")
"""Codes of problems that are no mistake of a template's."""
MOST_IN_A_LINE = 76
"""Cells of a sentence's line."""


class Read(Counted, Protocol):
    """What a draft is as its first reader gets it: a text or an email."""

    @property
    def place(self) -> int: ...
    @property
    def text(self) -> str: ...


def offered(store: Store, account: Account, language: str) -> list[Template]:
    """The templates that an account may use, by name."""
    community = store.credits.product(account).for_communities
    return store.templates.all(language, community=community)


def found(templates: Iterable[Template], typed: str, language: Language) -> list[Template]:
    """Those that somebody means by a few letters: of the name, the nearest first, else words of what is known
    of it."""
    wanted = fold(typed.strip())
    if not wanted:
        return list(templates)
    matcher = Matcher(wanted)

    def rank(template: Template) -> float:
        if nearness := matcher.match(fold(template.name)):
            return nearness + 1
        about = about_words(template, language), template.subject, template.text
        return float(all(word in fold(" ".join(about)) for word in wanted.split()))

    ranks = [(rank(template), template) for template in templates]
    return [template for nearness, template in sorted(ranks, key=lambda one: -one[0]) if nearness]


def about_words(template: Template, language: Language) -> str:
    """What it is for and its language: "Marketing · English"."""
    return f"{language.gettext(PURPOSES[template.purpose])} · {language.language_name(template.language)}"


def blank_lines(text: str, fields: Collection[str], language: Language, width: int) -> list[Content]:
    """What is to be filled in by hand before a text is sent. fields: the names of all that there are."""
    unknown = merge.parse(text, fields).unknown
    blanks = list(dict.fromkeys(f"{{{field.name}}}" for field in unknown))
    if not blanks:
        return []
    says = language.ngettext(
        "{fields} is a blank: fill it in before you send it.",
        "{fields} are blanks: fill them in before you send it.",
        len(blanks),
    )
    return signed("~", says.format(fields=language.listing(blanks)), "$warning", width)


def put_in(draft: Draft, template: Template, among: Callable[[str], str]) -> Draft:
    """What a draft becomes by a template: what that says and is for, where there is no text yet, else it has
    its words at the cursor. among: puts words there."""
    subject = draft.subject if draft.subject.strip() else template.subject
    if draft.body.strip():
        return replace(draft, body=among(normalise(template.text)), subject=subject)
    return _of(template, draft, subject)


def put_instead(draft: Draft, template: Template) -> Draft:
    """A new draft to the same people that says what a template does."""
    return _of(template, replace(draft, id=0, version=0), template.subject or draft.subject)


def _of(template: Template, draft: Draft, subject: str) -> Draft:
    """A draft whose words are all a template's."""
    body, purpose, language = normalise(template.text), template.purpose, template.language
    return replace(draft, body=body, subject=subject, purpose=purpose, language=language)


class FindScreen(TextmeterScreen):
    """Templates, of which one is found by a few letters, and read whole before it is taken."""

    NAME = N_("Templates")
    CSS_PATH = "compose.tcss"
    AUTO_FOCUS = "#search"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", N_("Up"), show=False, priority=True),
        Binding("down", "step(1)", N_("Down"), show=False, priority=True),
        Binding("pageup", "turn(-1)", N_("Page up"), show=False, priority=True),
        Binding("pagedown", "turn(1)", N_("Page down"), show=False, priority=True),
    ]
    search = getters.query_one("#search", Input)
    lines: getters.query_one[PagedList[Template]] = getters.query_one("#templates", PagedList)
    empty = getters.query_one("#empty", Static)
    whole = getters.query_one("#whole", Static)
    reads = getters.query_one("#reads", VerticalScroll)

    def __init__(self) -> None:
        super().__init__()
        self._every: list[Template] | None = None

    @abstractmethod
    def drawn(self, template: Template, width: int) -> Sequence[Content]:
        """One of them, whole, in lines of at most `width` cells."""

    @abstractmethod
    def read(self, store: Store, account: Account, language: str) -> list[Template]:
        """Those that there are, by name. Called in a thread."""

    def nothing(self) -> Sentence | None:
        """Why none can be taken."""
        if self.is_mounted and self.lines.current is not None:
            return None
        return sentence("No template matches. Type less of the name.")

    def body(self) -> ComposeResult:
        yield Input(placeholder=self.gettext("Part of the name, or words from the text"), id="search")
        with Container(id="panes"):
            with Vertical(id="list"):
                yield Head(self._columns)
                yield Static(id="empty")
                lines = PagedList(self._line, key=lambda template: fold(template.name), id="templates")
                lines.can_focus = False
                yield lines
            with VerticalScroll(id="reads", can_focus=False):
                yield Static(id="whole")

    def data_changed(self) -> None:
        self._every = None
        self.lines.restart(keep_line=True)

    # What is found

    @on(Input.Changed)
    def _typed(self) -> None:
        self.lines.restart()

    @on(PagedList.PageWanted)
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        self.load(self._read, wanted.query, newest_only=True)

    async def _read(self, query: int) -> None:
        account, language = self.app.account, self.app.language
        assert account is not None, "one writes once the database is open"
        if self._every is None:
            self._every = await self.app.fetch(lambda store: self.read(store, account, language.code))
        matching = found(self._every, self.search.value, language)
        self.lines.extend(query, matching, complete=True)
        self.empty.display = not matching
        self.empty.update(Content(language.say(sentence("No template matches. Type less of the name."))))

    def action_step(self, step: int) -> None:
        """Moves in the list while the field keeps the focus."""
        self.lines.action_move(step)

    def action_turn(self, step: int) -> None:
        """Likewise, by a page."""
        self.lines.action_turn(step)

    def _columns(self, width: int) -> Content:
        _ = self.gettext
        return self._row([_("Name"), _("For"), _("Language"), _("Text")], width)

    def _line(self, template: Template, width: int) -> Content:
        language = self.app.language
        purpose, spoken = (
            language.gettext(PURPOSES[template.purpose]),
            language.language_name(template.language),
        )
        says = " ".join(sketch(f"{template.subject} {template.text}").split())
        return self._row([template.name, purpose, spoken, says], width)

    def _row(self, cells: Sequence[str], width: int) -> Content:
        """As many of the columns as there is room for; the last one has what is left."""
        widths = [NAME, PURPOSE, LANGUAGE, LEAST_OF_WORDS]
        while len(widths) > 1 and sum(widths) > width:
            widths.pop()
        widths[-1] = max(width - sum(widths[:-1]), 0)
        drawn = [
            literal(cell).truncate(max(room - 1, 0), ellipsis=True, pad=True) + Content(" ")
            for cell, room in zip(cells, widths, strict=False)
        ]
        return drawn[0] + Content("").join(cell.stylize("$quiet") for cell in drawn[1:])

    # One of them

    @on(PagedList.Moved)
    def _moved(self) -> None:
        self.reads.scroll_home(animate=False)
        self.show_whole()
        self.refresh_bindings()

    def on_resize(self) -> None:
        self.call_after_refresh(self.show_whole)

    def show_whole(self) -> None:
        """Shows the one under the cursor."""
        if not self.is_mounted or not self.query("#whole"):
            return
        current, width = self.lines.current, max(min(self.reads.container_size.width, MOST_IN_A_LINE) - 1, 20)
        drawn = self.drawn(current, width) if current is not None else []
        self.whole.update(Content("\n").join(drawn))


class InsertScreen(FindScreen):
    """estimate: of the draft, which this goes on from; becomes: what the draft would be with a template;
    costs: what a reading says of its cost, in lines of a width; take: puts a template in, instead of
    what is there where that is said. has_text: whether something is written yet."""

    HELP: ClassVar[str] = N_(
        "Type part of a template's name, or words from it. You'll see how your text reads "
        "with it and what it costs for the people chosen now. Enter inserts it at the "
        "cursor. Tab replaces your text, which is kept as a draft."
    )

    def __init__(
        self,
        estimate: LiveEstimate[Any, Any, Any],
        becomes: Callable[[Template], Draft],
        costs: Callable[[Any, int], Sequence[Content]],
        take: Callable[[Template, bool], None],
        *,
        has_text: bool,
    ) -> None:
        super().__init__()
        self._estimate = estimate.beginning_on(self, self.show_whole)
        self._becomes = becomes
        self._costs = costs
        self._take = take
        self._has_text = has_text

    def actions(self) -> Iterable[Action]:
        yield Action(
            "insert.take",
            "enter",
            N_("Insert"),
            N_("Insert it at the cursor; Ctrl+Z undoes it"),
            lambda: self._end(instead=False),
            why_not=self.nothing,
            words=lambda: self.gettext("Insert") if self._has_text else self.gettext("Use"),
            priority=True,
        )
        yield Action(
            "insert.instead",
            "tab",
            N_("Replace all"),
            N_("Replace your text with it; your text is kept as a draft"),
            lambda: self._end(instead=True),
            why_not=self.nothing,
            shown=lambda: self._has_text,
            priority=True,
        )
        yield Action("insert.back", "escape", N_("Back"), N_("Back to your text, unchanged"), self.leave)

    def on_mount(self) -> None:
        self._estimate.means_changed()

    def data_changed(self) -> None:
        super().data_changed()
        self._estimate.means_changed()

    def read(self, store: Store, account: Account, language: str) -> list[Template]:
        return offered(store, account, language)

    # How it reads, and what it costs

    @on(PagedList.Moved)
    def _count(self) -> None:
        if (current := self.lines.current) is not None:
            self._estimate.draft_changed(self._becomes(current))

    def drawn(self, template: Template, width: int) -> Sequence[Content]:
        """Its name, what the draft costs with it, and how that reads for the first who gets it."""
        language = self.app.language
        drawn = [
            literal(template.name).truncate(width, ellipsis=True).stylize("bold"),
            literal(about_words(template, language)).truncate(width, ellipsis=True).stylize("$quiet"),
        ]
        reading: Read | None = self._estimate.reading if self._estimate.settled else None
        if reading is None:
            return [*drawn, Content(""), Content.styled(language.gettext("Counting …"), "$quiet")]
        cost = list(self._costs(reading, width)) if reading.reader else self._nobody_yet(width)
        problems = [one for one in reading.estimate.problems if one.code not in TOLD_OTHERWISE]
        draft, fields = self._becomes(template), self._estimate.audience.fields
        notes = blank_lines(f"{draft.subject}\n{draft.body}", fields, language, width)
        notes += problem_lines(problems, language, width)
        text = list(wrapped(reading.text, width))
        if reading.reader:
            people = len(self._estimate.audience.recipients)
            text.insert(0, heading(reading.reader, reading.place, people, language, width))
        drawn += after_a_blank(cost)
        drawn += after_a_blank(text)
        return [*drawn, *after_a_blank(notes)]

    def _nobody_yet(self, width: int) -> list[Content]:
        says = self.gettext("Nobody chosen yet. Choose who gets it to see the cost.")
        return [line.stylize("$quiet") for line in wrap(Content(says), width)]

    # What becomes of it

    @on(PagedList.Chosen)
    def _chosen(self) -> None:
        self.action_act("insert.take")

    def _end(self, *, instead: bool) -> None:
        if (current := self.lines.current) is not None and self.is_active:
            self.leave()
            self._take(current, instead)
