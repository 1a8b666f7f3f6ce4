"""Proof of what went to whom, as a PDF that a board can file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, TypeVar

from store.clock import zone
from store.credits.export import EVERY, Cancelled, whole
from store.errors import WrongUsage
from store.messages.proof import LEFT_OUT
from store.sentences import N_, sentence, sentences
from store.texts.phones import shown
from tui.blasts.presentation import PURPOSES

if TYPE_CHECKING:
    from store.messages.proof import Line, Proof
    from tui.blasts.paper.pages import Column, Paper
    from tui.i18n.language import Language

T = TypeVar("T")

CHANNELS = {
    "sms": N_("Text message (SMS)"),
    "mms": N_("Text message with pictures (MMS)"),
    "email": N_("Email"),
}

MISSED = frozenset({"failed", "undelivered", "bounced", "unknown", "cancelled", LEFT_OUT})
"""How those stand who are listed first: it didn't reach them, or nobody knows."""


def save(
    path: Path,
    proof: Proof,
    lines: Iterable[Line],
    language: Language,
    status: Mapping[str, str],
    *,
    overwrite: bool = False,
    progress: Callable[[int], None] = lambda people: None,
    wanted: Callable[[], bool] = lambda: True,
) -> int:
    """Writes a PDF with a line for each person; how many it went to.

    status: what each is called, in the order of the totals, which count the very lines that follow: these
    wait in a file until all are counted, so that the memory holds few of them. The rest is as
    `store.credits.export.export` has it. Raises WrongUsage where the name isn't a PDF's.
    """
    if path.suffix.lower() != ".pdf":
        raise WrongUsage(
            sentence("The file name must end in .pdf; {name} doesn't.", name=path.name),
            code="no-such-format",
        )
    with ExitStack() as opened:
        unfinished = opened.enter_context(whole(path, overwrite=overwrite))
        missed, others = (
            opened.enter_context(TemporaryFile("w+", dir=unfinished.parent, encoding="ascii"))
            for _ in range(2)
        )
        words = _Words(proof, language, status)
        counts = Counter[str]()
        for line in _while_wanted(lines, wanted):
            counts[line.status] += 1
            kept = json.dumps(words.cells(line))
            (missed if line.status in MISSED else others).write(f"{kept}\n")
        paper = words.paper(unfinished)
        words.begin(paper, counts)
        done = 0
        for title, file in words.parts(missed, others):
            words.begin_table(paper, title)
            for cells in _while_wanted(_kept(file), wanted):
                paper.row(cells)
                done += 1
                if done % EVERY == 0:
                    progress(done)
            paper.end_table()
        paper.save()
        progress(done)
        if not wanted():
            raise Cancelled
    return done - counts[LEFT_OUT]


def _while_wanted(items: Iterable[T], wanted: Callable[[], bool]) -> Iterator[T]:
    """Raises Cancelled where they aren't wanted any more."""
    for count, item in enumerate(items):
        if count % EVERY == 0 and not wanted():
            raise Cancelled
        yield item


def _kept(file: IO[str]) -> Iterator[list[tuple[str, str]]]:
    file.seek(0)
    for line in file:
        yield [(text, note) for text, note in json.loads(line)]


class _Words:
    """What stands where, in a language."""

    def __init__(self, proof: Proof, language: Language, status: Mapping[str, str]) -> None:
        self._proof, self._language = proof, language
        self._status = {one: language.gettext(words) for one, words in status.items()}
        self._email = proof.channel == "email"
        self._when = lru_cache(maxsize=1_000)(self._said_when)

    # The beginning

    def paper(self, path: Path) -> Paper:
        from tui.blasts.paper.pages import Paper

        proof, _ = self._proof, self._language.gettext
        who, what = self._who(), _("Proof of notice")
        title = "  ·  ".join(filter(None, (what, self._when(proof.at), who)))
        return Paper(
            path,
            country=proof.country,
            language=self._language.code,
            title=title,
            author=who,
            foot=_("Page {page} of {pages}"),
        )

    def begin(self, paper: Paper, counts: Mapping[str, int]) -> None:
        """Who, what, when, and the totals."""
        from tui.blasts.paper.pages import LARGE, TITLE

        proof, _ = self._proof, self._language.gettext
        paper.text(_("Proof of notice"), size=TITLE, bold=True)
        if who := self._who():
            paper.text(who, size=LARGE, quiet=True)
        if proof.simulated:
            paper.gap(6)
            paper.text(_("Simulation only: nothing was actually sent."), bold=True)
        paper.gap(12)
        paper.facts((_(name), says) for name, says in self._facts() if says)
        paper.gap(10)
        paper.text(proof.subject if self._email else _("Text"), size=LARGE, bold=True)
        paper.gap(4)
        if proof.as_sent == proof.body or proof.people == 1:
            paper.quote(proof.as_sent)
        else:
            paper.quote(proof.body)
            paper.gap(8)
            paper.text(_("As the first person received it:"), quiet=True)
            paper.gap(4)
            paper.quote(proof.as_sent)
        self._totals(paper, counts)

    def _totals(self, paper: Paper, counts: Mapping[str, int]) -> None:
        from tui.blasts.paper.pages import LARGE, SMALL

        _, number = self._language.gettext, self._language.number
        paper.gap(14)
        paper.keep(80)
        paper.text(_("Totals"), size=LARGE, bold=True)
        paper.gap(4)
        there = [
            (self._capital(words), number(counts[one])) for one, words in self._status.items() if counts[one]
        ]
        paper.numbers(there, (_("People"), number(sum(counts.values()))))
        paper.gap(6)
        if self._email:
            sent = _("“Sent” means that a mail server accepted it and it hasn't bounced.")
        else:
            sent = _(
                "“Sent” means that it went out but no receipt has come in yet; some phones never send one."
            )
        paper.text(sent, size=SMALL, quiet=True)

    def _facts(self) -> Iterator[tuple[str, str]]:
        proof, _ = self._proof, self._language.gettext
        yield N_("Sender"), self._address()
        yield N_("Sent by"), proof.person
        yield N_("Date"), f"{self._when(proof.at)}, {self._timezone()}"
        channel = _(CHANNELS[proof.channel])
        yield N_("Channel"), f"{channel}, Mailchimp" if proof.service == "mailchimp" else channel
        yield N_("Purpose"), _(PURPOSES[proof.purpose]) if proof.purpose is not None else ""
        yield N_("Reason"), proof.why
        yield (N_("Attachments") if self._email else N_("Pictures")), ", ".join(proof.files)
        people = sentences("{count} person", "{count} people", proof.people)
        yield N_("Sent to"), self._language.say(people)
        yield N_("As of"), self._when(proof.as_of)
        yield (N_("Campaign") if self._email else N_("Text ID")), str(proof.id)

    def _who(self) -> str:
        """By which names people know who sent it, else the address; "" where neither is known."""
        return ", ".join(self._proof.names) or self._address()

    def _address(self) -> str:
        proof = self._proof
        address = proof.address if self._email else shown(proof.address, proof.country)
        return " · ".join(part for part in (address, proof.sender) if part)

    def _timezone(self) -> str:
        from babel.dates import get_timezone_name

        local = self._proof.at.astimezone(zone(self._proof.timezone))
        return f"{get_timezone_name(local, locale=self._language.locale)} ({self._proof.timezone})"

    def _said_when(self, at: datetime) -> str:
        return self._language.date_and_time(at, self._proof.timezone)

    # The people

    def parts(self, missed: IO[str], others: IO[str]) -> list[tuple[str, IO[str]]]:
        """The tables that there are, with their titles."""
        if not missed.tell():
            return [(N_("People"), others)]
        first = N_("Not reached or unknown"), missed
        return [first, (N_("Everyone else"), others)] if others.tell() else [first]

    def begin_table(self, paper: Paper, title: str) -> None:
        from tui.blasts.paper.pages import LARGE

        paper.gap(14)
        paper.keep(80)
        paper.text(self._language.gettext(title), size=LARGE, bold=True)
        paper.gap(4)
        paper.table(self._columns())

    def _columns(self) -> list[Column]:
        from tui.blasts.paper.pages import Column

        _ = self._language.gettext
        if self._email:
            return [
                Column(_("Name"), 0.27),
                Column(_("Address"), 0.28),
                Column(_("Sent at"), 0.2),
                Column(_("Status"), 0.25),
            ]
        return [
            Column(_("Name"), 0.25),
            Column(_("Number"), 0.19),
            Column(_("Sent at"), 0.21),
            Column(_("Status"), 0.25),
            Column(_("Segments"), 0.1, right=True),
        ]

    def cells(self, line: Line) -> list[tuple[str, str]]:
        """A person's row, each cell with what stands below it."""
        reason = self._language.say(line.reason) if line.reason is not None else ""
        cells = [
            (line.name, ""),
            (line.to if self._email else shown(line.to, self._proof.country), ""),
            (self._when(line.left_at) if line.left_at is not None else "", ""),
            (self._capital(self._status[line.status]), reason),
        ]
        return cells if self._email else [*cells, (self._language.number(line.segments), "")]

    @staticmethod
    def _capital(words: str) -> str:
        return words[:1].upper() + words[1:]
