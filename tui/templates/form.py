"""One template, to be saved or changed, with what it costs at every key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label, Static, TextArea

from store.emails.estimate import MOST_OF_A_SUBJECT
from store.errors import TextmeterError
from store.messages.model import Purpose, Template
from store.roles import Role
from store.sentences import N_, Key, sentence
from store.texts.alphabet import normalise
from tui.base.actions import Action
from tui.base.picker import PickScreen
from tui.base.screen import TextmeterScreen
from tui.base.undoing import Deed
from tui.blasts.presentation import PURPOSES
from tui.compose.editor import Composer
from tui.i18n.language import available
from tui.i18n.sanitize import plain
from tui.settings.choice import Choice
from tui.templates.presentation import cost
from tui.templates.queries import Means, means

OTHER_LANGUAGES = ("ar", "de", "fr", "hi", "ht", "it", "ja", "ko", "pl", "pt", "ru", "tl", "vi", "zh")
"""Offered beside those that Textmeter speaks."""


class TemplateScreen(TextmeterScreen):
    """A form for one template. former: the name that it has, "" for one that is to be saved."""

    NAME = N_("Template")
    CSS_PATH = "templates.tcss"
    HOLDS_INPUT = True
    HELP: ClassVar[str] = N_(
        "A name and the text to save under it. Fields such as {{first_name|there}} are filled in for each "
        "person. Anything else in braces, such as {{address}}, is a blank: the text can't be sent until "
        "someone fills it in. {purpose} sets what it's for, {save} saves it. Space or a click lists all "
        "purposes and languages."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {
        "purpose": Key("template.purpose", "ctrl+g"),
        "save": Key("template.save", "ctrl+s"),
    }
    name_field = getters.query_one("#name", Input)
    composer = getters.query_one(Composer)
    _error = getters.query_one(".error", Static)
    _cost = getters.query_one("#cost", Static)
    _purpose = getters.query_one("#purpose", Choice)
    _language = getters.query_one("#language", Choice)

    def __init__(self, template: Template, former: str) -> None:
        super().__init__()
        self._first = self._template = replace(template, text=normalise(template.text))
        self._former = former
        self._means: Means | None = None
        self._saving = self._sure = False

    def actions(self) -> Iterable[Action]:
        yield Action("template.back", "escape", N_("Back"), N_("Keep it as it is"), self._back)
        yield Action(
            "template.purpose",
            "ctrl+g,shift+f2",
            N_("What for"),
            N_("Conversation, notice, marketing and emergency in turn"),
            self.next_purpose,
        )
        yield Action(
            "template.save",
            "ctrl+s,shift+f5",
            N_("Save"),
            N_("Save this text under this name"),
            self.save,
            why_not=lambda: self.app.lacks(Role.SENDER),
        )

    def body(self) -> ComposeResult:
        _ = self.gettext
        yield Static(classes="error")
        with Horizontal(classes="field"):
            yield Label(Content(_("Name")))
            placeholder = _("e.g. Gate code")
            yield Input(plain(self._template.name), id="name", placeholder=placeholder, select_on_focus=False)
        if self._template.subject or self.app.by_what_is_sent("", "emails"):
            with Horizontal(classes="field"):
                yield Label(Content(_("Subject")))
                yield Input(
                    plain(self._template.subject),
                    id="subject",
                    placeholder=_("For emails only"),
                    max_length=MOST_OF_A_SUBJECT,
                    select_on_focus=False,
                )
        with Horizontal(classes="field"):
            yield Label(Content(_("What for")))
            yield Choice(id="purpose")
        with Horizontal(classes="field"):
            yield Label(Content(_("Language")))
            yield Choice(id="language")
        yield Composer(self._template.text, placeholder=_("Write your text here"))
        yield Static(id="cost")
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        (self.composer if self._template.name else self.name_field).focus()
        self.load(self._read)

    async def _read(self) -> None:
        account = self.app.account
        assert account is not None, "templates are kept once the database is open"
        self._means = await self.app.fetch(lambda store: means(store, account))
        self.composer.know(self._means.audience.fields)
        self._show()

    def on_resize(self) -> None:
        self._show()

    def _show(self) -> None:
        language = self.app.language
        self._purpose.show(language.gettext(PURPOSES[self._template.purpose]))
        self._language.show(language.language_name(self._template.language))
        if self._means is not None:
            width = max(self._cost.content_size.width, 20)
            lines = cost(language, self._template.text, self._means, width)
            self._cost.update(Content("\n").join(lines))

    @on(TextArea.Changed)
    def _text_changed(self, changed: TextArea.Changed) -> None:
        self._change(replace(self._template, text=changed.text_area.text))

    @on(Input.Changed, "#name")
    def _name_changed(self, changed: Input.Changed) -> None:
        if changed.value != plain(self._template.name):
            self._change(replace(self._template, name=changed.value))

    @on(Input.Changed, "#subject")
    def _subject_changed(self, changed: Input.Changed) -> None:
        if changed.value != plain(self._template.subject):
            self._change(replace(self._template, subject=changed.value))

    @on(Choice.Asked)
    def _asked(self, asked: Choice.Asked) -> None:
        """Offers all purposes, or all languages."""
        if asked.choice is self._purpose:
            purposes = [(purpose.value, self.gettext(PURPOSES[purpose])) for purpose in Purpose]
            picker = PickScreen(self.gettext("What for"), purposes, self._template.purpose)
            self.app.push_screen(picker, self._purpose_picked)
        else:
            own = self._template.language
            tags = dict.fromkeys((own, *available(), *OTHER_LANGUAGES))
            languages = [(tag, self.app.language.language_name(tag)) for tag in tags]
            self.app.push_screen(PickScreen(self.gettext("Language"), languages, own), self._language_picked)

    def _purpose_picked(self, purpose: str | None) -> None:
        if purpose is not None:
            self._change(replace(self._template, purpose=Purpose(purpose)))

    def _language_picked(self, language: str | None) -> None:
        if language is not None:
            self._change(replace(self._template, language=language))

    def _change(self, template: Template) -> None:
        if template != self._template:
            self._template, self._sure = template, False
            self._show()

    @on(Composer.TooMuch)
    def _not_taken(self, message: Composer.TooMuch) -> None:
        self.app.hint(message.says)

    @on(Input.Submitted)
    def _go_on(self, submitted: Input.Submitted) -> None:
        """From the name to the subject, if there is one, and to the text."""
        subject = next(iter(self.query("#subject")), None)
        (subject if subject is not None and submitted.input is self.name_field else self.composer).focus()

    def next_purpose(self) -> None:
        """Says that it is for the next of all purposes."""
        every = list(Purpose)
        at = every.index(self._template.purpose)
        self._change(replace(self._template, purpose=every[(at + 1) % len(every)]))

    def _back(self) -> None:
        """Leaves what was changed, when pressed a second time."""
        if self._sure or self._template == self._first:
            self.leave()
        else:
            self._sure = True
            says = sentence(
                "Press Esc again to discard your changes, or {key} to save them.",
                key=Key("template.save", "ctrl+s"),
            )
            self.app.hint(says)

    def on_screen_suspend(self) -> None:
        """Whoever comes back is asked once more before anything is dropped."""
        super().on_screen_suspend()
        self._sure = False

    def save(self) -> None:
        """Keeps it and goes back; what can't be kept is said above."""
        if not self._saving:
            self._saving = True
            self.app.finish(self._save(self._template))

    async def _save(self, template: Template) -> None:
        former = self._former
        try:
            saved = await self.app.fetch(lambda store: store.templates.edit(template, former))
        except TextmeterError as error:
            self._saving = False
            if not self.is_attached:  # left meanwhile
                raise
            self._error.update(Content(plain(self.app.language.say(error.says))))
            self._error.display = True
        else:
            undone = sentence("Undone: “{name}” isn't in your templates any more.", name=saved.template.name)
            if former:
                undone = sentence("Undone: “{name}” is back to how it was.", name=former)
            deed = Deed(undone, lambda store: store.templates.put_back(saved))
            self.app.did(sentence("Saved as “{name}”.", name=saved.template.name), deed)
            self.leave()
