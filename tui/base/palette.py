"""The palette: everything that there is and can be done, by a few letters of its name, from anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from store.errors import TextmeterError
from store.people.names import fold
from store.sentences import N_
from tui.base.actions import Acting, Action
from tui.base.finds import HEADINGS, HERE, LATELY, Asked, Find, Provider
from tui.base.matching import Words
from tui.base.palette_rows import AROUND, WIDEST, heading, row

if TYPE_CHECKING:
    from store import Store

MOST_OF_A_GROUP = 8
"""Rows below one heading while somebody types."""
MOST_LATELY = 5
"""Of what was used last, what is shown; so much is remembered."""


class Sources(NamedTuple):
    """What the palette knows. now: at once, on the present screen and of the app, in their order; shown: what
    of that stands there before anything is typed. later: of other rooms, what takes a thread to find; called
    on the app's own thread after `prepare`, which is called in another. used: what was used last,
    the latest first. listed: what rooms list, read once; searched: what they look up for each text."""

    now: Sequence[Find]
    shown: Callable[[Find], bool]
    prepare: Callable[[], object]
    later: Callable[[], Iterable[Find]]
    used: Sequence[Find]
    listed: Callable[[], Sequence[Provider]]
    searched: Callable[[], Sequence[Provider]]


class Palette(Acting, ModalScreen[Find | None]):
    """Ends with what was chosen, or None."""

    CSS_PATH = "palette.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "list('down')", N_("Down"), show=False),
        Binding("up", "list('up')", N_("Up"), show=False),
        Binding("pagedown", "list('page_down')", N_("Page down"), show=False),
        Binding("pageup", "list('page_up')", N_("Page up"), show=False),
    ]

    def __init__(self, sources: Sources) -> None:
        super().__init__()
        self._sources = sources
        self._known: list[tuple[Find, Words]] = []
        """All that is at hand, with what it is found by."""
        self._typed = ""
        self._looked_up: tuple[str, list[tuple[Find, Words]]] = "", []
        """What the database has for a text."""
        self._shown: list[Find | None] = []
        """The rows; None for a heading."""
        self._learn(sources.now)

    def actions(self) -> Iterable[Action]:
        yield Action(
            "finder.back",
            "escape",
            N_("Back"),
            N_("Back to where you were"),
            lambda: self._end(None),
            needs_store=False,
        )

    def compose(self) -> ComposeResult:
        _ = self.app.language.gettext
        with Vertical():
            yield Input(placeholder=_("What do you want to do?"), select_on_focus=False)
            choices = OptionList(markup=False)
            choices.can_focus = False
            yield choices

    def on_mount(self) -> None:
        self._show()
        self.run_worker(self._read(), group="known")

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    # What there is

    def _learn(self, finds: Iterable[Find]) -> None:
        self._known += map(_worded, finds)

    async def _read(self) -> None:
        """Adds what other rooms have: what can be done there, then what they list."""
        if (asked := self._asked("")) is None:
            return

        def prepared(_store: Store) -> object:
            return self._sources.prepare()

        await self.app.told(self._learn_later(prepared))
        for provider in self._sources.listed():
            await self.app.told(self._learn_from(partial(_found, provider, asked)))

    async def _learn_later(self, prepared: Callable[[Store], object]) -> None:
        await self.app.fetch(prepared)
        self._learn(self._sources.later())
        self._show_anew()

    async def _learn_from(self, question: Callable[[Store], list[Find]]) -> None:
        self._learn(await self.app.fetch(question))
        self._show_anew()

    def _asked(self, typed: str) -> Asked | None:
        account = self.app.account
        return Asked(account, self.app.language, typed) if account is not None else None

    def _look_up(self) -> None:
        """Asks the database what it has, one text at a time: what is typed meanwhile waits, and of that the
        last alone is asked for. So a slow answer holds up no key."""
        if not any(worker.group == "look up" and not worker.is_finished for worker in self.workers):
            self.run_worker(self._looking_up(), group="look up")

    async def _looking_up(self) -> None:
        while (typed := self._typed) != self._looked_up[0]:
            known: list[tuple[Find, Words]] = []
            self._looked_up = typed, known
            if not typed or (asked := self._asked(typed)) is None:
                continue
            for provider in self._sources.searched():
                try:
                    known += map(_worded, await self.app.fetch(partial(_found, provider, asked)))
                except TextmeterError as error:
                    self.app.tell_error(error)
                if typed != self._typed:
                    break
                self._show_anew()  # a million lines of history take longer than people do

    # What is shown

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        self._typed = message.value.strip()
        self._show()
        self._look_up()

    def _show_anew(self) -> None:
        """More is known: what is under the cursor stays under it, unless that is the first row still."""
        if not self.query(OptionList):  # an answer came as it closes
            return
        at = self.query_one(OptionList).highlighted
        chosen = self._shown[at] if at is not None and at < len(self._shown) else None
        is_first = chosen is not None and chosen == next(filter(None, self._shown))
        self._show(None if is_first else chosen)

    def _show(self, kept: Find | None = None) -> None:
        """Draws the rows. kept: where the cursor goes, to the first row where that isn't there."""
        if not self.query(OptionList):
            return
        typed = fold(self._typed)
        groups = self._fitting(typed) if typed else self._at_first()
        width = min(WIDEST, self.app.size.width) - AROUND
        _, variables = self.app.language.gettext, self.app.theme_variables
        options: list[Option] = []
        self._shown = []
        for name, finds in groups:
            self._shown += (None, *finds)
            options.append(Option(heading(_(name), first=not options), disabled=True))
            options += (Option(row(self.app.language, variables, one, width)) for one in finds)
        choices = self.query_one(OptionList)
        choices.set_options(options)
        if not options:
            choices.add_option(Option(Content(_("No action has that name.")), disabled=True))
            return
        places = (at for at, one in enumerate(self._shown) if one is not None and one == kept)
        choices.highlighted = next(places, 1)

    def _at_first(self) -> Iterator[tuple[str, list[Find]]]:
        """Before anything is typed: what can be done here, what was used last, where one can go."""
        known = {one.id: one for one, _ in self._known}
        groups = self._grouped(one for one in self._sources.now if self._sources.shown(one))
        lately = [replace(known.get(one.id, one), heading=LATELY) for one in self._sources.used]
        if HERE in groups:
            yield HERE, groups.pop(HERE)
        if lately:
            yield LATELY, lately
        yield from sorted(groups.items(), key=lambda group: HEADINGS.index(group[0]))

    def _fitting(self, typed: str) -> list[tuple[str, list[Find]]]:
        """What fits, by groups: the one with what fits best comes first."""
        scored = [(score, one) for one, words in self._known if (score := words.score(typed))]
        if self._looked_up[0] == self._typed:
            # These may have been found by what isn't shown.
            scored += ((words.score(typed) or 1.0, one) for one, words in self._looked_up[1])
        scored.sort(key=lambda each: -each[0])  # equal ones stay in their order
        best: dict[str, float] = {}
        for score, one in scored:
            best.setdefault(one.heading, score)
        groups = self._grouped(one for _, one in scored)
        order = sorted(groups, key=lambda name: (-best[name], HEADINGS.index(name)))
        return [(name, groups[name][:MOST_OF_A_GROUP]) for name in order]

    def _grouped(self, finds: Iterable[Find]) -> dict[str, list[Find]]:
        groups: dict[str, list[Find]] = {}
        for one in finds:
            groups.setdefault(one.heading, []).append(one)
        return groups

    # What is done

    def action_list(self, move: str) -> None:
        """Moves in the list while the field keeps the focus."""
        choices = self.query_one(OptionList)
        getattr(choices, f"action_{'cursor_' if move in ('up', 'down') else ''}{move}")()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        if (at := self.query_one(OptionList).highlighted) is not None:
            self._choose(at)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._choose(event.option_index)

    def on_click(self, event: events.Click) -> None:
        """A click beside it closes it: a phone has no Esc."""
        if event.widget is self:
            self._end(None)

    def _choose(self, at: int) -> None:
        if at < len(self._shown) and (chosen := self._shown[at]) is not None:
            self._end(chosen)

    def _end(self, chosen: Find | None) -> None:
        """Ends once: a second Enter may come before the screen below is in front."""
        if self.is_active:
            self.dismiss(chosen)


def _worded(find: Find) -> tuple[Find, Words]:
    return find, Words(find.label, find.also, find.about)


def _found(provider: Provider, asked: Asked, store: Store) -> list[Find]:
    return list(provider(store, asked))


def remembered(used: Sequence[Find], chosen: Find) -> list[Find]:
    """What was used last, with what was chosen now; not what is listed first on its own screen anyway."""
    if chosen.heading == HERE:
        return list(used)
    others = [one for one in used if one.id != chosen.id]
    return [chosen, *others][:MOST_LATELY]
