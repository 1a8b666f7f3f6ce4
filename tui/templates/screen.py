"""Templates: the list, and the one under the cursor with what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.messages.model import Template
from store.people.names import fold
from store.roles import Role
from store.sentences import N_, Key, Sentence, sentence
from tui.base.actions import Action
from tui.base.navigation import Go, Show, StoreOpened, WriteText
from tui.base.screen import TextmeterScreen
from tui.base.undoing import Deed
from tui.blasts.presentation import PURPOSES
from tui.i18n.sanitize import literal
from tui.templates.form import TemplateScreen
from tui.templates.presentation import whole
from tui.templates.queries import Means, listed
from tui.widgets.line_list import Head, PagedList

PURPOSE_WIDTH = 14
DELETE = Key("templates.delete", "d")
NONE_YET = sentence("No templates yet. {key} saves a text under a name.", key=Key("templates.new", "n"))


def key(template: Template) -> str:
    """By what it is known, whatever becomes of its text."""
    return fold(template.name)


class TemplatesScreen(TextmeterScreen):
    """Those that were saved and those that come with Textmeter, by name. One that is deleted stays in its
    line, from where the same key brings it back, until one goes back to Home."""

    NAME = N_("Templates")
    CSS_PATH = "templates.tcss"
    AUTO_FOCUS = "#templates"
    HELP: ClassVar[str] = N_(
        "Texts to send again. Enter opens one in Compose, where you choose who gets it. "
        "Fields such as {{first_name|there}} are filled in for each person; {{address}} and the "
        "like are blanks, and you can't send until you fill them in. {delete} deletes a template; {delete} "
        "again brings it back."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {"delete": DELETE}
    lines: getters.query_one[PagedList[Template]] = getters.query_one("#templates", PagedList)
    empty = getters.query_one("#empty", Static)
    preview = getters.query_one("#whole", Static)

    def __init__(self) -> None:
        super().__init__()
        self._means: Means | None = None
        self._gone: dict[str, Template] = {}
        """Those that were deleted here, by their keys."""

    def actions(self) -> Iterable[Action]:
        yield Action("templates.back", "escape", N_("Back"), N_("Back to Home"), self._home)
        yield Action(
            "templates.use",
            "enter",
            N_("Write"),
            N_("Open this text in Compose; the draft you were writing is kept"),
            self.use,
            why_not=self._nothing,
        )
        yield Action(
            "templates.new",
            "n",
            N_("New"),
            N_("Save another text under a name"),
            lambda: self.app.push_screen(TemplateScreen(self._blank(), "")),
            role=Role.SENDER,
            anywhere=True,
        )
        yield Action(
            "templates.edit",
            "e",
            N_("Edit"),
            N_("Change its name, its text and its purpose"),
            self.edit,
            role=Role.SENDER,
            why_not=self._why_not_change,
        )
        yield Action(
            "templates.delete",
            "d,delete",
            N_("Delete"),
            N_("Delete it; the same key brings it back while you are here"),
            self.delete,
            role=Role.SENDER,
            why_not=self._why_not_delete,
            words=lambda: self.gettext("Bring back") if self._is_gone() else self.gettext("Delete"),
        )

    def _is_gone(self) -> bool:
        current = self.lines.current if self.is_mounted else None
        return current is not None and key(current) in self._gone

    def _nothing(self) -> Sentence | None:
        if self.lines.current is None:
            return sentence("The list is empty.")
        return sentence("Template deleted. {key} brings it back.", key=DELETE) if self._is_gone() else None

    def _why_not_change(self) -> Sentence | None:
        return self._nothing() or self._of_another()

    def _why_not_delete(self) -> Sentence | None:
        return None if self._is_gone() else self._why_not_change()

    def _of_another(self) -> Sentence | None:
        """Only an owner changes what somebody else saved."""
        current, person = self.lines.current, self.app.person
        if current is None or current.shipped or person is None or current.person == person.name:
            return None
        if person.lacks(Role.OWNER) is None:
            return None
        return sentence("Someone else saved this template. Ask them or an owner to change it.")

    def _blank(self) -> Template:
        return Template("", "", language=self.app.language.code)

    def _home(self) -> None:
        self._gone.clear()
        self.post_message(Go("home"))

    # What is there

    def body(self) -> ComposeResult:
        with Container(id="panes"):
            with Vertical(id="list"):
                yield Head(self._columns)
                yield Static(id="empty")
                yield PagedList(self._line, key=key, id="templates")
            with VerticalScroll(id="preview"):
                yield Static(id="whole")

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self.lines.restart()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.lines.restart(keep_line=True)

    def data_changed(self) -> None:
        self.lines.restart(keep_line=True)

    @on(PagedList.PageWanted)
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        if self.app.account is not None:
            self.load(self._read, wanted.query, newest_only=True)

    async def _read(self, query: int) -> None:
        account, language = self.app.account, self.app.language.code
        assert account is not None
        found, self._means = await self.app.fetch(lambda store: listed(store, account, language))
        for there in map(key, found):
            self._gone.pop(there, None)
        found = sorted([*found, *self._gone.values()], key=key)
        self.lines.extend(query, found, complete=True)
        self.empty.display = not found
        self.empty.update(Content(self.app.language.say(NONE_YET)))
        self._show_whole()

    def _columns(self, width: int) -> Content:
        return self._row(Content(self.gettext("Name")), Content(self.gettext("For")), width)

    def _line(self, template: Template, width: int) -> Content:
        name = literal(template.name)
        purpose = Content(self.gettext(PURPOSES[template.purpose])).stylize("$quiet")
        if key(template) in self._gone:
            name, purpose = name.stylize("strike $quiet"), Content(self.gettext("deleted")).stylize("$quiet")
        return self._row(name, purpose, width)

    def _row(self, name: Content, purpose: Content, width: int) -> Content:
        room = max(width - PURPOSE_WIDTH, 0)
        return name.truncate(max(room - 1, 0), ellipsis=True, pad=True) + Content.assemble(
            " ", purpose.truncate(PURPOSE_WIDTH, ellipsis=True, pad=True)
        )

    @on(PagedList.Moved)
    def _moved(self) -> None:
        self._show_whole()
        self.refresh_bindings()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_whole)

    def _show_whole(self) -> None:
        current = self.lines.current
        if current is None or self._means is None:
            self.preview.update(Content(""))
            return
        width = min(self.preview.container_size.width, 76) - 1
        lines = whole(self.app.language, current, self._means, max(width, 20))
        self.preview.update(Content("\n").join(lines))

    @on(Show)
    def _show(self, message: Show) -> None:
        """Puts the cursor on the one that is known by this key."""
        message.stop()
        self.lines.go_to(message.what)

    # What can be done

    @on(PagedList.Chosen)
    def _chosen(self, chosen: PagedList.Chosen) -> None:
        self.action_act("templates.use")

    def use(self) -> None:
        """Writes the one under the cursor in Compose."""
        if (current := self.lines.current) is not None:
            self.post_message(WriteText(current.draft))

    def edit(self) -> None:
        """Opens the one under the cursor to be changed."""
        if (current := self.lines.current) is not None:
            self.app.push_screen(TemplateScreen(current, current.name))

    def delete(self) -> None:
        """Deletes the one under the cursor, or brings it back."""
        if (current := self.lines.current) is not None:
            self.app.finish(self._delete(current, bring_back=self._is_gone()), once="template")

    async def _delete(self, template: Template, *, bring_back: bool) -> None:
        change = "restore" if bring_back else "delete"
        await self.app.fetch(lambda store: getattr(store.templates, change)(template.name))
        if bring_back:
            self._gone.pop(key(template), None)
        else:
            self._gone[key(template)] = template
            deed = Deed(
                sentence("Undone: {name} is back.", name=template.name),
                lambda store: store.templates.restore(template.name),
            )
            self.app.did(sentence("{name} is deleted.", name=template.name), deed)
        if self.is_attached:
            self.lines.restart(keep_line=True)
            self.refresh_bindings()
