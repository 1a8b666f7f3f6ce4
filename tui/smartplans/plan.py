"""One SmartPlan: its steps with how many stand where, and its people, those first for whom a step failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from operator import attrgetter
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from store import Store
from store.emails.editing import Change
from store.emails.model import Going, Step
from store.emails.plan_model import Edit, OnPlan
from store.errors import RefusedByRule, TextmeterError
from store.roles import Role
from store.sentences import N_, Key, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.navigation import OpenContact, StoreOpened
from tui.base.undoing import Deed
from tui.i18n.sanitize import literal, plain
from tui.smartplans import presentation as words
from tui.smartplans import queries
from tui.smartplans.enrolling import EnrolScreen
from tui.smartplans.looking import EditLookScreen
from tui.smartplans.plan_view import columns, head, step_line
from tui.smartplans.queries import Offer
from tui.smartplans.relations import WithRelations
from tui.smartplans.step_form import StepFormScreen
from tui.smartplans.step_list import StepList
from tui.widgets.line_list import Head, LineList, PagedList

PAGE = 200
ON_IT = (Going.GOING, Going.PAUSED)
STOP = Key("plan.cancel", "x")


class PlanScreen(WithRelations):
    """A SmartPlan by its id."""

    NAME = N_("SmartPlan")
    CSS_PATH = "smartplans.tcss"
    AUTO_FOCUS = "#steps"
    HELP: ClassVar[str] = N_(
        "Tab switches between the steps and the people. Enter edits the highlighted step or opens the "
        "person. When you change a running SmartPlan, you first see how many people get what; nobody gets "
        "a step twice. {key} pauses and {stop} stops it for the highlighted person, or for everyone when "
        "you're in the steps. “7+6” under Done means 7 tasks done and 6 still to do."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {
        "key": Key("plan.later", "l"),
        "stop": STOP,
    }
    steps = getters.query_one(StepList)
    people: getters.query_one[PagedList[OnPlan]] = getters.query_one("#people", PagedList)

    def __init__(self, plan_id: int) -> None:
        super().__init__(plan_id)
        self._sure = ""

    # What can be done

    def actions(self) -> Iterable[Action]:
        may = self._may
        yield Action("plan.back", "escape", N_("Back"), N_("Back to SmartPlans"), self.leave)
        yield Action(
            "plan.open",
            "enter",
            N_("Edit"),
            N_("Edit this step, or open this person"),
            self.open,
            words=lambda: self.gettext("Open") if self._in_people() else self.gettext("Edit"),
        )
        yield Action(
            "plan.put", "plus", N_("Enroll"), N_("Add people to this SmartPlan"), self.enrol, why_not=may
        )
        yield Action(
            "plan.new",
            "n",
            N_("Add step"),
            N_("Add a step after this one"),
            self.add_step,
            why_not=may,
        )
        yield Action(
            "plan.delete",
            "d,delete",
            N_("Remove step"),
            N_("Remove this step"),
            self.remove_step,
            why_not=self._why_not_remove,
            shown=lambda: not self._in_people(),
        )
        yield Action(
            "plan.later",
            "l",
            N_("Pause"),
            N_("Pause or resume it, for everyone or for this person"),
            self.pause,
            why_not=self._why_not_move,
            words=lambda: self.gettext("Resume") if self._is_paused() else self.gettext("Pause"),
        )
        yield Action(
            "plan.cancel",
            "x",
            N_("Stop"),
            N_("Stop it for everyone, or for this person"),
            self.stop,
            why_not=self._why_not_move,
            words=self._stop_words,
        )

        yield from self.relation_actions()

    def _in_people(self) -> bool:
        return self.is_mounted and self.people.has_focus

    def _person(self) -> OnPlan | None:
        return self.people.current if self._in_people() else None

    def _may(self) -> Sentence | None:
        return self.app.lacks(Role.SENDER)

    def _why_not_remove(self) -> Sentence | None:
        if self.steps.length < 2:
            return sentence("A SmartPlan needs at least one step. Stop it instead.")
        return self._may()

    def _why_not_move(self) -> Sentence | None:
        person = self._person()
        if self._in_people() and (person is None or person.state not in ON_IT):
            return sentence("They're no longer enrolled.")
        return self._may()

    def _is_paused(self) -> bool:
        if (person := self._person()) is not None:
            return person.state is Going.PAUSED
        return self.plan is not None and self.plan.standing.paused_on is not None

    # What is shown

    def body(self) -> ComposeResult:
        yield Static(id="head")
        with Horizontal(id="panes"):
            with Vertical(id="list"):
                yield Head(lambda width: columns(self.app.language, width))
                yield StepList(lambda one, width: step_line(self.app.language, *one, width))
            with Vertical(id="who"):
                yield Head(self._people_columns)
                yield PagedList(self._person_line, key=attrgetter("id"), id="people")

    def on_mount(self) -> None:
        if self.app.account is not None:
            self._start()

    @on(StoreOpened)
    def _start(self) -> None:
        self.load(self.read)
        self.people.restart()

    def data_changed(self) -> None:
        self.load(self.read)
        self.people.restart(keep_line=True)

    async def read(self) -> None:
        """Reads how far it is; back where there is no such plan."""
        try:
            self.plan = await self.app.fetch(lambda store: queries.page(store, self.plan_id))
        except TextmeterError:
            if self.plan is None:
                self.leave()
            raise
        self.query_one("#head", Static).update(head(self.app.language, self.plan, self._zone))
        self.steps.show(self.plan.steps)
        self.steps.styles.max_height = max(len(self.plan.steps), 1)
        self.refresh_bindings()

    @property
    def _zone(self) -> str:
        return self.app.account.timezone if self.app.account else "UTC"

    @on(PagedList.PageWanted, "#people")
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        if self.app.account is not None:
            self.load(self._read_people, wanted, newest_only=True)

    async def _read_people(self, wanted: PagedList.PageWanted) -> None:
        after = wanted.after if isinstance(wanted.after, OnPlan) else None
        limit = max(PAGE, wanted.count)
        found = await self.app.fetch(
            lambda store: store.smartplans.people(self.plan_id, after=after, limit=limit)
        )
        self.people.extend(wanted.query, found, complete=len(found) < limit)

    def _people_columns(self, width: int) -> Content:
        _ = self.gettext
        return self._row(Content(_("Who")), Content(_("Progress")), width)

    def _person_line(self, one: OnPlan, width: int) -> Content:
        language = self.app.language
        stands = Content(f"{words.SIGNS[one.state]} {words.person_words(language, one, self._zone)}")
        if failed := words.why_failed(language, one):
            stands += Content.styled(f"  × {failed}", "$error")
        name = plain(one.name) or self.gettext("no longer in your contacts")
        return self._row(literal(name), stands, width)

    def _row(self, who: Content, stands: Content, width: int) -> Content:
        room = min(max(width * 2 // 5, 16), 30)
        return Content("").join(
            [
                who.truncate(room - 2, ellipsis=True, pad=True),
                Content("  "),
                stands.truncate(width - room, ellipsis=True, pad=True),
            ]
        )

    @on(LineList.Moved)
    def _moved(self) -> None:
        self._sure = ""
        self.refresh_bindings()

    def on_descendant_focus(self) -> None:
        self._sure = ""
        self.refresh_bindings()

    # Steps

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        self.action_act("plan.open")

    def open(self) -> None:
        """Edits the step, or opens the person."""
        if self._in_people():
            if (person := self.people.current) is not None:
                self.app.finish(self._open(person.contact_id))
        elif self.plan is not None and self.steps.current is not None and self._may() is None:
            number, one = self.steps.current
            self._fill(one.step, partial(self._changed, number - 1))

    async def _open(self, contact_id: int) -> None:
        contact = await self.app.fetch(lambda store: store.people.contact(contact_id))
        if contact is not None:
            self.post_message(OpenContact(contact))

    def _kept(self) -> list[Step]:
        return [one.step for one in self.plan.steps] if self.plan is not None else []

    def _changed(self, at: int, step: Step) -> None:
        steps = self._kept()
        steps[at : at + 1] = [step]
        self._edit(steps)

    def add_step(self) -> None:
        """Asks for a step behind the one under the cursor."""
        current = self.steps.current
        days = current[1].step.days if current is not None else 0
        self._fill(Step(days, "", ""), self._added)

    def _fill(self, step: Step, saved: Callable[[Step], None]) -> None:
        texts_account = self.plan.texts_account if self.plan is not None else None
        self.app.push_screen(StepFormScreen(step, saved, texts_account))

    def _added(self, step: Step) -> None:
        self._edit([*self._kept(), step])

    def remove_step(self) -> None:
        """Shows what comes of removing the step under the cursor."""
        if self.steps.current is not None:
            number, _ = self.steps.current
            steps = self._kept()
            del steps[number - 1]
            self._edit(steps)

    def _edit(self, steps: list[Step]) -> None:
        steps.sort(key=lambda step: step.days)  # those of one day stay as they stood
        self.app.finish(self._look(steps))

    async def _look(self, steps: list[Step]) -> None:
        """Says what it would do; at once where nobody is on the plan."""
        look = await self.app.fetch(lambda store: store.smartplans.look(self.plan_id, steps))
        if all(one.change is Change.KEPT for one in look.changes):
            self.app.tell(sentence("Nothing was changed."))
        elif look.people and self.is_attached:
            self.app.push_screen(EditLookScreen(look), partial(self._agreed, steps, look))
        else:
            await self._do(steps, look)

    def _agreed(self, steps: list[Step], look: Edit, agreed: bool | None) -> None:
        if agreed:
            self.app.finish(self._do(steps, look))

    async def _do(self, steps: list[Step], look: Edit) -> None:
        try:
            edited = await self.app.fetch(
                lambda store: store.smartplans.edit(self.plan_id, steps, agreed=look)
            )
        except RefusedByRule as refused:
            if refused.code != "edit-changed":
                raise
            await self._look(steps)  # as it is now
        else:
            name = self.plan.plan.name if self.plan is not None else ""
            undone = sentence("Undone: the steps of {name} are back to how they were.", name=name)
            deed = Deed(undone, lambda store: store.smartplans.put_back(edited))
            self.app.did(words.edited_words(edited.edit), deed)
        self._read_again()

    # People

    def enrol(self) -> None:
        """Asks who is put on it."""
        self.app.push_screen(EnrolScreen(), self._meant)

    def _meant(self, offer: Offer | None) -> None:
        if offer is not None:
            self.app.finish(self._enrol(offer))

    async def _enrol(self, offer: Offer) -> None:
        account = self.app.account
        assert account is not None, "plans are shown of an account"
        started = await self.app.fetch(
            lambda store: queries.enrol(store, account, self.plan_id, offer, again=False)
        )
        said = sentences(
            "{count} person is enrolled now.", "{count} people are enrolled now.", started.people
        )
        for says in (said, *words.left_out_words(started.left_out)):
            self.app.tell(says)
        self._read_again()

    def _stop_words(self) -> str:
        """Stopping asks once more, on its key."""
        if not self._sure:
            return self.gettext("Stop")
        return self.gettext("Stop for {who} now").format(who=self._sure)

    def _whom(self) -> tuple[str, list[int]]:
        """Who is meant: the person under the cursor by name, or everybody."""
        person = self._person()
        if person is not None:
            return plain(person.name), [person.contact_id]
        going = sum(self.plan.people.get(state, 0) for state in ON_IT) if self.plan is not None else 0
        return self.app.language.say(sentences("{count} person", "{count} people", going)), []

    def pause(self) -> None:
        """Pauses it, or goes on."""
        _, contacts = self._whom()
        resumes = self._is_paused()

        def change(store: Store) -> int:
            do = store.smartplans.resume if resumes else store.smartplans.pause
            return do(self.plan_id, contacts)

        self.app.finish(self._move(change))

    def stop(self) -> None:
        """Ends it, when pressed a second time."""
        who, contacts = self._whom()
        if not self._sure:
            self._sure = who
            self.refresh_bindings()
            self.app.hint(sentence("Press {key} again to stop it for {who}.", key=STOP, who=who))
            return
        self._sure = ""
        self.app.finish(self._move(lambda store: store.smartplans.stop(self.plan_id, contacts)))

    async def _move(self, change: Callable[[Store], int]) -> None:
        await self.app.fetch(change)
        self._read_again()

    def _read_again(self) -> None:
        if self.is_attached:
            self.load(self.read)
            self.people.restart(keep_line=True)
