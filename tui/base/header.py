"""The first line of a screen: where one is, who one is, whose balance it is, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.widget import Widget

from store.roles import Role
from store.sentences import N_
from tui.i18n.sanitize import literal
from tui.widgets.gauge import gauge

if TYPE_CHECKING:
    from tui.app import TextmeterApp
    from tui.base.screen import TextmeterScreen


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
        person, role = self._who(app)
        balance = app.balance
        if balance is None:
            # Demo data takes a moment to be made.
            wait = "  " + _("Demo data: one moment…") if app.demo.is_shown and app.account is None else ""
            return where + person + role + Content.styled(wait, "italic")
        # What is left matters most: the meter, the plan, the name, then the role give way on a narrow screen.
        names = [where + person + role, where + role, where] if role else [where]
        if app.demo.is_shown:
            names = [where + Content.styled("  " + _("Demo data"), "italic")]
        if app.demo.is_gone_after:
            names.insert(0, where + Content.styled("  " + _("Demo, not kept"), "italic"))
        from tui.i18n.units import left  # the first frame is painted without

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
        for parts in ([plan, Content("    "), credits, meter], [credits, meter], [credits]):
            right = Content("").join(parts)
            for left_side in names:
                gap = self.size.width - left_side.cell_length - right.cell_length - 1
                if gap >= 2:
                    return Content.assemble(left_side, " " * gap, right)
        return where

    def _who(self, app: TextmeterApp) -> tuple[Content, Content]:
        """A person's name and role; nothing for whoever runs Textmeter themselves."""
        person = app.person
        if person is None or not person.name:
            return Content(""), Content("")
        name = literal(person.name).truncate(self.LONGEST_NAME, ellipsis=True)
        role = app.language.gettext(ROLES[person.role])
        return Content("  ") + name, Content.styled(f" · {role}", f"{app.theme_variables['foreground']} 70%")
