"""The first line of a screen: where one is, who one is, whose balance it is, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.widget import Widget

from store.roles import Role
from store.sentences import N_
from tui.literal import literal
from tui.widgets.gauge import gauge

if TYPE_CHECKING:
    from tui.app import TextmeterApp
    from tui.screens.base import TextmeterScreen


ROLES = {Role.OWNER: N_("owner"), Role.SENDER: N_("sender"), Role.VIEWER: N_("viewer")}


class TopLine(Widget):
    """Draws the screen's name and a named person's, with their role, at the left, and the account's plan and
    balance at the right.

    The balance is the app's; until it is there the right side is empty.
    """

    DEFAULT_CSS = """
    TopLine { dock: top; height: 1; background: $surface; }
    """

    GAUGE = 18
    LONGEST_NAME = 12

    def render(self) -> Content:
        screen = cast("TextmeterScreen", self.screen)
        app, _ = screen.textmeter, screen.gettext
        variables = app.theme_variables
        name = Content.styled(_(screen.NAME), f"bold {variables['primary']}")
        where = Content.assemble((" Textmeter", "bold"), "  ", name)
        if app.demo is not None:
            where += Content.styled("  " + _("Demo data"), "italic")
        person, role = self._who(app)
        balance = app.balance
        if balance is None:
            return where + person + role
        from tui.units import left  # the first frame is painted without

        number = app.language.number
        credits = Content.assemble(
            (number(balance.available), f"bold {variables['secondary']}"),
            " ",
            app.language.say(left(app.product, balance.available)),
        )
        meter = Content.assemble(
            "  ",
            gauge(balance.permille, self.GAUGE, screen.limit_style(balance.permille)),
            " ",
            _("{percent} used").format(percent=app.language.percent(balance.permille)),
        )
        plan = Content.styled(app.plan_words(balance.account), f"{variables['foreground']} 60%")
        if app.demo is not None:
            plan = Content.styled(_("gone when you leave"), "italic")
        # What is left matters most: the plan, the meter, the name, then the role give way on a narrow screen.
        for who, *parts in (
            [person + role, plan, Content("    "), credits, meter],
            [person + role, credits, meter],
            [person + role, credits],
            [role, credits],
            [Content(""), credits],
        ):
            right = Content("").join(parts)
            gap = self.size.width - where.cell_length - who.cell_length - right.cell_length - 1
            if gap >= 2:
                return Content.assemble(where, who, " " * gap, right)
        return where

    def _who(self, app: TextmeterApp) -> tuple[Content, Content]:
        """A person's name and role; nothing for whoever runs Textmeter themselves."""
        person = app.person
        if person is None or not person.name:
            return Content(""), Content("")
        name = literal(person.name).truncate(self.LONGEST_NAME, ellipsis=True)
        role = app.language.gettext(ROLES[person.role])
        return Content("  ") + name, Content.styled(f" · {role}", f"{app.theme_variables['foreground']} 70%")
