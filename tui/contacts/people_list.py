"""The list of people."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from textual import getters
from textual.content import Content

from store.people.model import Contact
from tui.base.session_app import SessionApp
from tui.contacts.presentation import called
from tui.i18n.sanitize import literal
from tui.widgets.line_list import PagedList

MARK = "■ "
LONGEST_NAME = 40


class PeopleList(PagedList[Contact]):
    """A line for each: name, number, country and groups. is_marked: whether somebody is chosen, by the id."""

    app = getters.app(SessionApp)

    def __init__(self, is_marked: Callable[[int], bool]) -> None:
        super().__init__(self._line, key=attrgetter("id"), id="people")
        self._is_marked = is_marked

    def columns(self, width: int) -> Content:
        """The names of the columns."""
        _ = self.app.language.gettext
        return self._row("  ", _("Name"), _("Number"), _("Country"), _("Groups"), width)

    def _row(self, mark: str, name: str, phone: str, country: str, groups: str, width: int) -> Content:
        """A mark and four columns; on a narrow screen the country, then the groups give way."""
        phone_width = 18
        country_width = 18 if width >= 100 else 0
        groups_width = width // 4 if width >= 70 else 0
        name_width = max(width - len(MARK) - phone_width - country_width - groups_width, 0)
        if groups_width:
            name_width = min(name_width, LONGEST_NAME)
            groups_width = width - len(MARK) - phone_width - country_width - name_width
        parts = [
            Content.styled(mark, "bold $primary"),
            literal(name).truncate(name_width - 1, ellipsis=True, pad=True),
            Content(" "),
            literal(phone).truncate(phone_width, ellipsis=True, pad=True),
        ]
        if country_width:
            parts += [literal(country).truncate(country_width - 1, ellipsis=True, pad=True), Content(" ")]
        if groups_width:
            parts.append(literal(groups).truncate(groups_width, ellipsis=True, pad=True))
        return Content("").join(parts)

    def _line(self, contact: Contact, width: int) -> Content:
        language, account = self.app.language, self.app.account
        number = language.phone(contact.phone) if contact.phone else language.gettext("no number")
        abroad = contact.region and account is not None and contact.region != account.country
        country = language.territory(contact.region) if abroad else ""
        groups = " ".join(f"#{group}" for group in contact.groups)
        mark = MARK if self._is_marked(contact.id) else "  "
        return self._row(mark, called(language, contact), number, country, groups, width)
