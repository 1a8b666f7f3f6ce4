"""An email as it is written becomes what each person gets. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from store.emails.model import Written
from store.mail import markdown
from store.texts import merge

LINE = "\n\n---\n\n"
"""What stands between an email and what is put below every one."""


class Letter:
    """Markdown with merge fields, read once for all who get it. fields: the names of those that there are;
    below: Markdown without fields that stands below: a signature, a postal address."""

    def __init__(self, subject: str, body: str, fields: Collection[str], below: str = "") -> None:
        self._subject = merge.parse(subject, fields)
        self._body = merge.parse(body, fields)
        self._below = LINE + below if below else ""
        with_below = (*self._body.parts, self._below) if below else self._body.parts
        self._page = markdown.template(merge.Template(self._body.fields, (), with_below))

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that it has, each once."""
        return tuple(dict.fromkeys((*self._subject.fields, *self._body.fields)))

    def subject(self, values: Mapping[str, str]) -> str:
        """One line."""
        return " ".join(self._subject.render(values).split())

    def written(self, values: Mapping[str, str]) -> Written:
        """What somebody gets. Values are text: neither Markdown nor HTML."""
        body = self._body.render(values) + self._below
        return Written(self.subject(values), body, self._page.render(markdown.escaped(values)))
