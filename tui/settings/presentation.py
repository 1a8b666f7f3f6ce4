"""Settings in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from store.sentences import N_, Sentence, sentence
from tui.i18n.language import Language
from tui.settings.queries import Seen

ORIGINS = {
    "default": N_("default"),
    "file": N_("file"),
    "environment": N_("environment"),
    "option": N_("option"),
    "keyring": N_("keyring"),
    "credentials": N_("systemd credentials"),
    "database": N_("chosen here"),
}
NAMED = ("account", "_port", "metrics")
"""How the keys of numbers end that count nothing, such as ports."""
SHORT = 24
"""Characters of a value that every line has room for."""
OWN = ("theme", "language")
"""Settings that a person chooses anew for themselves: they stand above all others."""
GROUPS = {
    "": N_("This installation"),
    "start": N_("Start"),
    "mail": N_("Emails"),
    "stripe": N_("Payments"),
    "mailchimp": N_("Mailchimp"),
    "web": N_("In browsers"),
    "run": N_("Delivery without the app"),
    "serve": N_("Guests over SSH and in the browser"),
    "texts": N_("Texts"),
    "emails": N_("Emergency emails"),
}


def value_words(language: Language, seen: Seen) -> str:
    """A setting's value; of a secret, whether there is one."""
    _ = language.gettext
    if seen.trouble is not None:
        return _("can't be read")
    if seen.entry.secret:
        return _("set") if seen.is_set else _("not set")
    if isinstance(seen.value, int):
        named = seen.entry.key.endswith(NAMED)
        return str(seen.value) if named else language.number(seen.value)
    if seen.entry.choices:
        return _(seen.entry.choices[str(seen.value)])
    return seen.value or _("not set")


def origin_words(language: Language, seen: Seen) -> str:
    """Where it comes from; "" for what isn't set."""
    return language.gettext(ORIGINS[seen.origin]) if seen.is_set else ""


class Heading(NamedTuple):
    """The name of a group, in the session's language."""

    name: str


class Row(NamedTuple):
    """A line: what is called how, has which value and where that comes from, in the session's language.

    help: what it is for, or why it can't be changed here; names: how it is called elsewhere. choice: "theme"
    or "language", which are the person's own; else seen is there.
    """

    name: str
    value: str
    origin: str
    help: str
    names: str = ""
    choice: str = ""
    seen: Seen | None = None

    @property
    def about(self) -> str:
        """What stands below the list, with a value that a line may have no room for."""
        return "\n".join(filter(None, (self.help, self.names, self.value if len(self.value) > SHORT else "")))


def rows(language: Language, found: Sequence[Seen]) -> Iterator[Heading | Row]:
    """What the configuration has, by groups, without what is among a person's own."""
    _ = language.gettext
    group = None
    for one in found:
        entry = one.entry
        if entry.key in OWN:
            continue
        if entry.group != group:
            group = entry.group
            yield Heading(_(GROUPS[group]))
        why = one.trouble or why_not_here(one)
        yield Row(
            _(entry.name),
            value_words(language, one),
            origin_words(language, one),
            language.say(why) if why is not None else _(entry.help),
            f"{entry.key} · {entry.variable}",
            seen=one,
        )


def why_not_here(seen: Seen) -> Sentence | None:
    """Why a setting can't be changed in the file, to any effect; None where it can."""
    if seen.origin == "option":
        return sentence("A command-line option sets this. Start Textmeter without it to change it here.")
    if seen.origin == "environment":
        return sentence(
            "The environment variable {name} sets this. Change it there.", name=seen.entry.variable
        )
    if seen.origin == "credentials":
        return sentence("This comes from systemd credentials. Change it in the unit file (LoadCredential).")
    return None
