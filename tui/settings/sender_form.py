"""One sender, to be set up or changed: the fields that its provider needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from store.errors import TextmeterError
from store.messages.senders import SenderInfo
from store.sentences import N_, Key, Sentence, sentence
from tui.base.actions import Action
from tui.base.picker import PickScreen
from tui.base.screen import TextmeterScreen
from tui.i18n.sanitize import literal, plain
from tui.settings.choice import Choice
from tui.settings.sender_check import SenderCheckScreen
from tui.settings.sender_doors import EMAIL, door
from tui.settings.sender_words import PROVIDERS, Field, fields, first_values, refusal, to_set


class Fields(VerticalScroll, can_focus=False):
    """Up and Down go from field to field, and what is below comes into view with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", N_("Down"), show=False),
        Binding("up", "app.focus_previous", N_("Up"), show=False),
    ]


class SenderFormScreen(TextmeterScreen):
    """A form for a sender of some provider's. there: as it is set up, None for a new one; taken: names that
    it can't have then. Once it is saved, it is checked."""

    NAME = N_("Senders")
    CSS_PATH = "senders.tcss"
    HOLDS_INPUT = True
    HELP: ClassVar[str] = N_(
        "The help for each field is below the form. A saved password is never shown; leave it empty to "
        "keep it. {key} saves the sender and checks it."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {"key": Key("sender.save", "ctrl+s")}
    about = getters.query_one("#about", Static)
    trouble = getters.query_one("#trouble", Static)

    def __init__(self, provider: str, there: SenderInfo | None, taken: Collection[str] = ()) -> None:
        super().__init__()
        self._provider = provider
        self._there = there
        self._taken = taken
        self._saving = self._sure = False
        language = self.app.language
        self._fields = self._form()
        self._values = dict.fromkeys((field.name for field in self._fields), "")
        self._values |= first_values(language, provider, there, taken)
        self._kept = {name: plain(value) for name, value in self._values.items()}
        """What the fields held at first."""

    def actions(self) -> Iterable[Action]:
        yield Action("sender.back", "escape", N_("Back"), N_("Keep it as it is"), self._back)
        yield Action(
            "sender.save",
            "ctrl+s,shift+f5",
            N_("Save & check"),
            N_("Save what you typed and test it"),
            self.save,
        )

        yield Action(
            "sender.next",
            "enter",
            N_("Next field"),
            N_("Go to the next field; after the last one, save and check"),
            self._next,
            in_bar=False,
            priority=True,
        )

    def body(self) -> ComposeResult:
        _ = self.gettext
        self._fields = self._form()
        yield Static(Content(_(PROVIDERS[self._provider])), id="title")
        yield Static(id="trouble", classes="error")
        with Fields():
            for field in self._fields:
                with Vertical(classes="entry"):
                    with Horizontal(classes="field"):
                        yield Label(Content(field.label))
                        yield self._entry(field)
                    yield Static(classes="error")
        yield Static(id="about")

    def _form(self) -> list[Field]:
        app, says = self.app, self.gettext("Account {number}: {plan}")
        sends = "emails" if self._provider == EMAIL else "texts"
        accounts = {
            str(one.id): says.format(number=one.id, plan=app.plan_words(one))
            for one in app.accounts
            if app.store.catalog.product(one.product).sends == sends
        }
        return fields(app.language, self._provider, self._there, accounts)

    def _entry(self, field: Field) -> Input | Choice:
        value = self._values[field.name]
        if field.choices:
            choice = Choice(id=field.name)
            choice.show(dict(field.choices)[value])
            return choice
        return Input(
            plain(value),
            id=field.name,
            password=field.secret,
            disabled=field.name == "id" and self._there is not None,
            select_on_focus=False,
            placeholder=self.gettext("set; leave empty to keep it") if field.kept else field.hint,
        )

    @on(Choice.Asked)
    def _ask(self, asked: Choice.Asked) -> None:
        """Asks for one of a field's values, and goes on to the next field."""
        choice = asked.choice
        (field,) = (field for field in self._fields if field.name == choice.id)

        def chosen(value: str | None) -> None:
            if value is not None:
                self._sure, self._values[field.name] = False, value
                choice.show(dict(field.choices)[value])
                self.focus_next()

        self.app.push_screen(PickScreen(field.label, field.choices, self._values[field.name]), chosen)

    def on_mount(self) -> None:
        self.query_one("#id" if self._there is None else "#number", Input).focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Says what the field is for."""
        helps = {field.name: field.help for field in self._fields}
        self.about.update(Content(helps.get(event.widget.id or "", "")))

    @on(Input.Changed)
    def _changed(self, changed: Input.Changed) -> None:
        if changed.input.id in self._values and changed.value != self._values[changed.input.id]:
            self._sure = False
            self._values[changed.input.id] = changed.value
            self._forget(changed.input)

    def _next(self) -> None:
        """On the key itself: what is typed right behind it belongs to the next field already."""
        if isinstance(self.focused, Choice):
            self.focused.action_ask()
        elif self.focused is not None and self.focused.id == self._fields[-1].name:
            self.action_act("sender.save")
        else:
            self.focus_next()

    def _back(self) -> None:
        """Leaves what was changed, when pressed a second time."""
        if self._sure or self._values == self._kept:
            self.leave()
        else:
            self._sure = True
            says = sentence(
                "Press Esc again to discard your changes, or {key} to save them.",
                key=Key("sender.save", "ctrl+s"),
            )
            self.app.hint(says)

    def on_screen_suspend(self) -> None:
        """Whoever comes back is asked once more before anything is dropped."""
        super().on_screen_suspend()
        self._sure = False

    def save(self) -> None:
        """Keeps the sender and checks it; what can't be is said at its field."""
        if not self._saving:
            self._saving = True
            self.app.finish(self._save(dict(self._values)))

    async def _save(self, typed: dict[str, str]) -> None:
        app, id = self.app, typed["id"].strip()
        assert app.account is not None
        try:
            values = to_set(typed, self._fields, app.account.country, self._taken)
            values["provider"] = self._provider
            await app.fetch(lambda store: door(store, id, self._provider).set(id, values, whole=True))
        except TextmeterError as error:
            if not self.is_attached:  # left meanwhile
                raise
            name = str(error.details.get("key", "")).rpartition(".")[2]  # of a secret, all of its name
            self._refuse(name, refusal(error, typed.get(name, "")))
        else:
            self.leave()
            app.push_screen(SenderCheckScreen(id))
        finally:
            self._saving = False

    def _refuse(self, name: str, says: Sentence) -> None:
        """Says what is wrong at its field, or above all of them."""
        words = literal(self.app.language.say(says))
        for error in self.query(".error"):
            error.display = False
        if name in self._values:
            entry = self.query_one(f"#{name}")
            entry.focus()
            error = self._error_of(entry)
        else:
            error = self.trouble
        error.update(words)
        error.display = True

    def _forget(self, entry: Widget) -> None:
        self._error_of(entry).display = self.trouble.display = False

    def _error_of(self, entry: Widget) -> Static:
        field = entry.parent
        assert isinstance(field, Horizontal)
        assert isinstance(field.parent, Vertical)
        return field.parent.query_one(".error", Static)
