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
    from store.messages.proof import ByEmail, Line, Proof
    from tui.blasts.paper.pages import Column, Paper
    from tui.i18n.language import Language

T = TypeVar("T")

CHANNELS = {
    "sms": N_("Text message (SMS)"),
    "mms": N_("Text message with pictures (MMS)"),
    "email": N_("Email"),
}

MISSED = frozenset({"failed", "undelivered", "bounced", "unknown", "cancelled", LEFT_OUT})
"""How somebody stands whom it didn't reach, or nobody knows whether it did."""


def missed(line: Line) -> bool:
    """Whether somebody is listed first: neither a text nor an email reached them, as far as is known."""
    return line.status in MISSED and (line.email is None or line.email.status in MISSED)


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
        first, others = (
            opened.enter_context(TemporaryFile("w+", dir=unfinished.parent, encoding="ascii"))
            for _ in range(2)
        )
        words = _Words(proof, language, status)
        counts = Counts()
        for line in _while_wanted(lines, wanted):
            counts.add(line)
            kept = json.dumps(words.cells(line))
            (first if missed(line) else others).write(f"{kept}\n")
        paper = words.paper(unfinished)
        words.begin(paper, counts)
        done = 0
        for title, file in words.parts(first, others):
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
    return counts.went


class Counts:
    """How many lines stand how; went: of them, for how many it left."""

    def __init__(self) -> None:
        self.status, self.emails = Counter[str](), Counter[str]()
        self.went = 0

    def add(self, line: Line) -> None:
        self.status[line.status] += 1
        if line.email is not None:
            self.emails[line.email.status] += 1
        self.went += line.went


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

    def begin(self, paper: Paper, counts: Counts) -> None:
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
        people = counts.went if proof.by_email else proof.people
        paper.facts((_(name), says) for name, says in self._facts(people) if says)
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

    def _totals(self, paper: Paper, counts: Counts) -> None:
        from tui.blasts.paper.pages import LARGE

        _ = self._language.gettext
        paper.gap(14)
        paper.keep(80)
        paper.text(_("Totals"), size=LARGE, bold=True)
        if self._proof.by_email:
            self._channel_totals(paper, counts.status, _("Text"))
            self._channel_totals(paper, counts.emails, _("Email"), by_email=True)
        else:
            self._channel_totals(paper, counts.status, by_email=self._email)

    def _channel_totals(
        self, paper: Paper, counts: Mapping[str, int], title: str = "", *, by_email: bool = False
    ) -> None:
        """title: of one channel of several."""
        from tui.blasts.paper.pages import SMALL

        _, number = self._language.gettext, self._language.number
        paper.gap(4)
        if title:
            paper.keep(60)
            paper.text(title, bold=True)
        there = [
            (self._capital(words), number(counts[one])) for one, words in self._status.items() if counts[one]
        ]
        paper.numbers(there, (_("People"), number(sum(counts.values()))))
        paper.gap(6)
        if by_email:
            sent = _("“Sent” means that a mail server accepted it and it hasn't bounced.")
        else:
            sent = _(
                "“Sent” means that it went out but no receipt has come in yet; some phones never send one."
            )
        paper.text(sent, size=SMALL, quiet=True)

    def _facts(self, people: int) -> Iterator[tuple[str, str]]:
        """people: to how many it went."""
        proof, _ = self._proof, self._language.gettext
        yield N_("Sender"), self._address()
        yield N_("Sent by"), proof.person
        yield N_("Date"), f"{self._when(proof.at)}, {self._timezone()}"
        channels = [CHANNELS[proof.channel], *([CHANNELS["email"]] if proof.by_email else [])]
        service = ["Mailchimp"] if proof.service == "mailchimp" else []
        yield N_("Channel"), ", ".join((*map(_, channels), *service))
        yield N_("Purpose"), _(PURPOSES[proof.purpose])
        yield N_("Reason"), proof.why
        yield (N_("Attachments") if self._email else N_("Pictures")), ", ".join(proof.files)
        yield N_("Sent to"), self._language.say(sentences("{count} person", "{count} people", people))
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

    def parts(self, first: IO[str], others: IO[str]) -> list[tuple[str, IO[str]]]:
        """The tables that there are, with their titles."""
        if not first.tell():
            return [(N_("People"), others)]
        missed = N_("Not reached or unknown"), first
        return [missed, (N_("Everyone else"), others)] if others.tell() else [missed]

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
        if self._proof.by_email:
            return [
                Column(_("Name"), 0.2),
                Column(_("Number"), 0.19),
                Column(_("Text"), 0.27),
                Column(_("Email"), 0.34),
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
        if self._proof.by_email:
            return self._both(line)
        cells = [
            (line.name, ""),
            (line.to if self._email else shown(line.to, self._proof.country), ""),
            (self._when(line.left_at) if line.left_at is not None else "", ""),
            self._stands(line),
        ]
        return cells if self._email else [*cells, (self._language.number(line.segments), "")]

    def _both(self, line: Line) -> list[tuple[str, str]]:
        """Of an emergency: how the text stands and how the email, each with when it left or why it didn't."""
        cells = [(line.name, ""), (shown(line.to, self._proof.country), ""), self._left(line)]
        if line.email is None:  # who was left out by hand
            return [*cells, ("", "")]
        status, note = self._left(line.email)
        return [*cells, (" · ".join(filter(None, (status, line.email.to))), note)]

    def _left(self, one: Line | ByEmail) -> tuple[str, str]:
        status, reason = self._stands(one)
        return status, reason or (self._when(one.left_at) if one.left_at is not None else "")

    def _stands(self, one: Line | ByEmail) -> tuple[str, str]:
        reason = self._language.say(one.reason) if one.reason is not None else ""
        return self._capital(self._status[one.status]), reason

    @staticmethod
    def _capital(words: str) -> str:
        return words[:1].upper() + words[1:]
