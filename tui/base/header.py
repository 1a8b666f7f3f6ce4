"""The first line of a screen: where one is, who one is, whose balance it is, and what is left."""

from __future__ import annotations

from textual import getters
from textual.content import Content
from textual.widget import Widget

from store.roles import Role
from store.sentences import N_
from tui.base.session_app import SessionApp
from tui.i18n.sanitize import literal
from tui.widgets.charts import gauge

ROLES = {Role.OWNER: N_("owner"), Role.SENDER: N_("sender"), Role.VIEWER: N_("viewer")}


class Header(Widget):
    """Draws a screen's name (a message id) and a named person's, with their role, at the left, and the
    account's plan and balance at the right.

    The balance is the app's; until it is there the right side is empty.
    """

    DEFAULT_CSS = """
    Header { dock: top; height: 1; background: $surface; }
    """

    GAUGE = 18
    LONGEST_NAME = 12
    app = getters.app(SessionApp)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._where = name

    def render(self) -> Content:
        app, _ = self.app, self.app.language.gettext
        variables = app.theme_variables
        name = Content.styled(_(self._where), f"bold {variables['primary']}")
        where = Content.assemble((" Textmeter", "bold"), "  ", name)
        person, role = self._who()
        balance = app.balance
        if balance is None:
            # Demo data takes a moment to be made.
            wait = "  " + _("Demo data: one moment…") if app.demo_shown and app.account is None else ""
            return where + person + role + Content.styled(wait, "italic")
        # What is left matters most: the meter, the plan, the name, then the role give way on a narrow screen.
        names = [where + person + role, where + role, where] if role else [where]
        if app.demo_shown:
            names = [where + Content.styled("  " + _("Demo data"), "italic")]
        if app.demo_gone_after:
            names.insert(0, where + Content.styled("  " + _("Demo, not saved"), "italic"))
        from tui.i18n.units import left  # the first frame is painted without

        number = app.language.number
        credits = Content.assemble(
            (number(balance.available), f"bold {variables['secondary']}"),
            " ",
            app.language.say(left(app.product, balance.available)),
        )
        meter = Content.assemble(
            "  ",
            gauge(balance.permille, self.GAUGE, app.limit_style(balance.permille)),
            " ",
            _("{percent} used").format(percent=app.language.percent(balance.permille)),
        )
        plan = Content.styled(app.plan_words(balance.account), variables["quiet"])
        apart = Content("")
        if balance.purchased:
            says = _("{allotted} allotted, {bought} purchased")
            apart = Content(
                f" ({says.format(allotted=number(balance.allotted), bought=number(balance.purchased))})"
            )
        rights = [
            [plan, Content("    "), credits, apart, meter],
            [credits, apart, meter],
            [credits, apart],
            [credits, meter],
            [credits],
        ]
        if not app.current:
            old = Content.styled("! " + _("out of date"), f"bold {variables['warning']}")
            rights = [[old, Content("  "), credits], [Content("! "), credits]]
        alone = [Content.styled(number(balance.available), f"bold {variables['secondary']}")]
        for left_sides, parts in [
            *((names, parts) for parts in rights),
            ([where], [credits]),
            ([where], alone),
        ]:
            right = Content("").join(parts)
            for left_side in left_sides:
                gap = self.size.width - left_side.cell_length - right.cell_length - 1
                if gap >= 2:
                    return Content.assemble(left_side, " " * gap, right)
        return where

    def _who(self) -> tuple[Content, Content]:
        """A person's name and role; nothing for whoever runs Textmeter themselves."""
        app, person = self.app, self.app.person
        if person is None or not person.name:
            return Content(""), Content("")
        name = literal(person.name).truncate(self.LONGEST_NAME, ellipsis=True)
        role = app.language.gettext(ROLES[person.role])
        return Content("  ") + name, Content.styled(f" · {role}", app.theme_variables["quiet"])
