"""One step of a SmartPlan: what it does, when, and its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static, TextArea

from store.emails.files import MOST_DAYS, is_hour
from store.emails.model import Step, StepKind
from store.messages.model import Template
from store.sentences import N_, Key, Sentence, sentence
from tui.base.actions import Action
from tui.base.navigation import ChooseTemplate
from tui.base.screen import TextmeterScreen
from tui.smartplans.presentation import KINDS


class StepFormScreen(TextmeterScreen):
    """step: as it is; its id stays. saved: called with what was made of it. texts_account: the id of the
    account whose texts it may be, None where there is none yet."""

    NAME = N_("Step")
    CSS_PATH = "smartplans.tcss"
    HOLDS_INPUT = True
    AUTO_FOCUS = "#days"
    HELP: ClassVar[str] = N_(
        "Days are counted from the day someone was enrolled; 0 is that day. A time, such as 9:30, is in "
        "the recipient's time zone; without one, the step is due when the day begins. Fields such as "
        "{{first_name|there}} fill in each contact's name. {key} switches between email, text and task."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {"key": Key("step.kind", "shift+f6")}
    days = getters.query_one("#days", Input)
    hour = getters.query_one("#hour", Input)
    subject = getters.query_one("#subject", Input)
    text = getters.query_one("#body", TextArea)
    kind_shown = getters.query_one("#kind", Static)
    mistake = getters.query_one("#mistake", Static)

    def __init__(self, step: Step, saved: Callable[[Step], None], texts_account: int | None = None) -> None:
        super().__init__()
        self._texts_account = texts_account
        self._step = step
        self._kind = step.kind
        self._saved = saved

    def actions(self) -> Iterable[Action]:
        yield Action("step.back", "escape", N_("Back"), N_("Go back without changing the step"), self.leave)
        yield Action(
            "step.save", "ctrl+s,shift+f5", N_("Save"), N_("Save this step"), self.save, why_not=self._why_not
        )
        yield Action(
            "step.kind",
            "shift+f6",
            N_("Kind"),
            N_("Change it to an email, a text or a task"),
            self.turn,
            priority=True,
        )
        yield Action(
            "step.template",
            "ctrl+t",
            N_("Template"),
            N_("Insert one into your text, after seeing what it costs"),
            self.insert_template,
            shown=lambda: self._kind is not StepKind.TASK,
            priority=True,
        )

    def body(self) -> ComposeResult:
        _ = self.gettext
        hour = self._step.hour.removeprefix("0")
        with VerticalScroll(classes="form", can_focus=False):
            with Horizontal(classes="field"):
                yield Label(Content(_("Type")))
                yield Static(id="kind")
            with Horizontal(classes="field"):
                yield Label(Content(_("Days after start")))
                yield Input(str(self._step.days), id="days", select_on_focus=False)
            with Horizontal(classes="field"):
                yield Label(Content(_("At")))
                yield Input(hour, placeholder=_("When the day begins, or a time: 9:30"), id="hour")
            with Horizontal(classes="field", id="subject-line"):
                yield Label(Content(_("Subject")))
                yield Input(self._step.subject, id="subject", select_on_focus=False)
            yield TextArea(self._step.body, id="body")
            yield Static(id="mistake")

    def on_mount(self) -> None:
        self._show_kind()

    def turn(self) -> None:
        """Makes it the next kind of step."""
        kinds = list(StepKind)
        self._kind = kinds[(kinds.index(self._kind) + 1) % len(kinds)]
        self._show_kind()

    def _show_kind(self) -> None:
        self.kind_shown.update(Content(self.gettext(KINDS[self._kind])))
        self.query_one("#subject-line").display = self._kind is StepKind.EMAIL
        self.text.placeholder = Content(
            {
                StepKind.EMAIL: self.gettext("Write the email in Markdown"),
                StepKind.TEXT: self.gettext("Write your text"),
                StepKind.TASK: self.gettext("What to do, such as: Call {name}"),
            }[self._kind]
        )
        self._look()

    def insert_template(self) -> None:
        """Offers the templates, and puts in the one that is chosen."""
        by = self._texts_account if self._kind is StepKind.TEXT else None
        self.post_message(ChooseTemplate(self._take_template, by))

    def _take_template(self, template: Template) -> None:
        if not self.subject.value.strip():
            self.subject.value = template.subject
        self.text.insert(template.text)
        self.text.focus()

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _look(self) -> None:
        """Says what is wrong before it is saved."""
        why = self._why_not()
        typed = bool(self.text.text or self.subject.value)
        self.mistake.display = why is not None and typed
        self.mistake.update(Content(self.app.language.say(why)) if why else "")
        self.refresh_bindings()

    def _hour(self) -> str:
        typed = self.hour.value.strip()
        return f"0{typed}" if typed[1:2] == ":" else typed

    def _why_not(self) -> Sentence | None:
        if not self.is_mounted:
            return None
        days = self.days.value.strip()
        if not days.isdecimal() or int(days) > MOST_DAYS:
            return sentence("Days must be a number from 0 to {most}.", most=MOST_DAYS)
        if self._hour() and not is_hour(self._hour()):
            return sentence("Type the time like 9:30 or 18:00.")
        if self._kind is StepKind.EMAIL and not self.subject.value.strip():
            return sentence("An email needs a subject.")
        if not self.text.text.strip():
            return sentence("Nothing written yet.")
        return None

    def save(self) -> None:
        """Hands the step back."""
        subject = " ".join(self.subject.value.split()) if self._kind is StepKind.EMAIL else ""
        days = int(self.days.value)
        self.leave()
        self._saved(Step(days, subject, self.text.text, self._kind, self._hour(), self._step.id))
