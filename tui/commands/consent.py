"""`textmeter consent`: who may be texted, and the proof of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from store.errors import TextmeterError, reason
from store.paths import typed_path
from store.sentences import sentence, sentences
from store.texts import phones
from tui.commands.click_ext import Choice, Command, Group, argument, flag, option
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account
    from store.people.model import Said

PAGE = 1_000


def command(language: Language) -> click.Command:
    _ = language.gettext
    number = argument("number", _("NUMBER|ADDRESS"), _("A phone number or an email address."))
    return Group(
        language,
        "consent",
        about=_("Record who can be texted, and keep the proof."),
        more=_(
            "A number that has opted out gets nothing: no texts, no replies, nothing already "
            "scheduled. The opt-out belongs to the number or address, so deleting, merging or "
            "importing contacts doesn't change it."
        ),
        commands=[
            Command(
                language,
                "list",
                list_consent,
                about=_("List numbers and addresses, and whether you can contact them."),
                params=[flag("--out", _("Show only those who have opted out."))],
                examples=["textmeter consent list --out", "textmeter consent list --json"],
            ),
            Command(
                language,
                "out",
                opt_out,
                about=_("Stop texting a number."),
                params=[number, option("--why", _("TEXT"), _("What they said, and where."))],
                examples=[_('textmeter consent out +14155550123 --why "asked on the phone"')],
            ),
            Command(
                language,
                "in",
                opt_in,
                about=_("Record that a number can be texted."),
                more=_("The reason is kept as proof: what they said or signed, and when."),
                params=[
                    number,
                    option("--why", _("TEXT"), _("What they said or signed, and when."), required=True),
                ],
                examples=[_('textmeter consent in +14155550123 --why "signed the form on May 3"')],
            ),
            Command(
                language,
                "require",
                require,
                about=_("Choose whether marketing requires consent."),
                more=_(
                    "By default, marketing goes to everyone who hasn't opted out. With `on`, it goes "
                    "only to people who said yes. With no value, this shows the current setting."
                ),
                params=[
                    argument("needed", _("STATE"), _("on or off."), Choice(["on", "off"]), required=False)
                ],
                examples=["textmeter consent require on"],
            ),
            Command(
                language,
                "import",
                import_file,
                about=_("Import a list of opt-ins and opt-outs."),
                more=_(
                    "A CSV file with one number per row. Optional columns: state (in or out) and why. "
                    "Without a state column, every number counts as opted out. A list never opts anyone "
                    "back in: `textmeter consent review` shows those for you to decide."
                ),
                params=[argument("file", _("FILE"), _("The file to import, or - for standard input."))],
                examples=["textmeter consent import do-not-text.csv"],
            ),
            Command(
                language,
                "export",
                export_file,
                about=_("Export the full consent history to a file, as proof."),
                params=[
                    argument(
                        "file",
                        _("FILE"),
                        _("A new file: .csv, .xlsx or .jsonl; or - for CSV on standard output."),
                    )
                ],
                examples=["textmeter consent export proof.csv"],
            ),
            Command(
                language,
                "review",
                review,
                about=_("List what needs your decision."),
                more=_(
                    "Shows numbers whose imported state wasn't applied. Decide with `consent in NUMBER "
                    "--why` or `consent out NUMBER`."
                ),
                examples=["textmeter consent review --json"],
            ),
        ],
    )


def list_consent(session: Session, out: bool) -> None:
    with session.open_store() as store:
        found = _all(store, session.account(store), only_out=out)
        if session.json:
            session.answer_array(map(_as_data, found))
        else:
            _in_words(session, store, list(found))


def _all(store: Store, account: Account, *, only_out: bool) -> Iterator[Said]:
    """All numbers of which something was said, the latest first, then the contacts' others."""
    after = None
    while page := store.consent.said(account.id, only_out=only_out, after=after, limit=PAGE):
        yield from page
        after = page[-1]
    last = ""
    while not only_out and (page := store.consent.unsaid(account.id, after=last, limit=PAGE)):
        yield from page
        last = page[-1].number


def opt_out(session: Session, number: str, why: str | None) -> None:
    with session.open_store() as store:
        account = session.account(store)
        phone = _meant(number, account.country)
        _answer(session, store.consent.opt_out(phone, account.id, why=session.text(why or "")))


def opt_in(session: Session, number: str, why: str) -> None:
    with session.open_store() as store:
        account = session.account(store)
        phone = _meant(number, account.country)
        _answer(session, store.consent.opt_in(phone, account.id, why=session.text(why)))


def require(session: Session, needed: str | None) -> None:
    from tui.consent.presentation import marketing_words

    with session.open_store() as store:
        account = session.account(store)
        if needed is not None:
            store.messages.require_consent(account.id, needed == "on")
        needs_yes = store.messages.needs_consent(account.id)
    if session.json:
        session.answer({"marketing_needs_yes": needs_yes})
    else:
        session.say(session.language.say(marketing_words(needs_yes=needs_yes)))


def _meant(typed: str, country: str) -> str:
    """A number (E.164), or an address in lower case. Raises PhoneRefused."""
    return typed.strip().lower() if "@" in typed else phones.parse(typed, country).e164


def _answer(session: Session, said: Said) -> None:
    if session.json:
        session.answer(_as_data(said))
        return
    if "@" in said.number:
        out = said.state == "out"
        gets_none = sentence("{address} won't get any more emails.", address=said.number)
        says = gets_none if out else sentence("{address} can be emailed.", address=said.number)
    elif said.state == "out":
        says = sentence("{number} won't get any more texts.", number=said.number)
    else:
        says = sentence("{number} can be texted.", number=said.number)
    session.say(session.language.say(says))


def import_file(session: Session, file: str) -> None:
    from store.people.consent_files import read

    if file == "-":
        data = sys.stdin.buffer.read()
    else:
        path = typed_path(file)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise TextmeterError(
                sentence("Can't read {path}: {why}. Nothing was changed.", path=file, why=reason(error)),
                code="unreadable-file",
            ) from error
    with session.open_store() as store:
        account = session.account(store)
        listed = read(data, account.country)
        changed = store.consent.import_states(listed.states, sender=account.id, how="list")
    say = session.language.say
    if session.json:
        refused = [{"row": row, "reason": say(why), "code": code} for row, why, code in listed.refused]
        session.answer({**changed._asdict(), "refused": refused})
        return
    said = sentence(
        "{applied} recorded, {unchanged} already known, {asks} for you to decide, {refused} refused.",
        applied=changed.applied,
        unchanged=changed.unchanged,
        asks=changed.asks,
        refused=len(listed.refused),
    )
    session.say(say(said))
    for row, why, _code in listed.refused:
        where = session.language.gettext("row {row}").format(row=session.language.number(row))
        session.say(f"× {where}: {plain(say(why))}")


def export_file(session: Session, file: str) -> None:
    from store.credits.export import Book, export, write_csv
    from store.people.consent_files import COLUMNS, proof

    with session.open_store() as store:
        records = store.consent.records()
        if file != "-":
            path = typed_path(file)
            count = export(path, COLUMNS, proof(records), book=Book(sheets={"": "Consent"}))
        elif session.json:
            session.answer_array(
                {**_as_data(one), "state": one.asks or one.state, "followed": one.asks is None}
                for one in records
            )
            return
        else:
            write_csv(sys.stdout, COLUMNS, proof(records))
            return
    if session.json:
        session.answer({"file": str(path), "records": count})
    else:
        says = sentences(
            "{count} record saved to {path}.", "{count} records saved to {path}.", count, path=str(path)
        )
        session.say(plain(session.language.say(says)))


def review(session: Session) -> None:
    with session.open_store() as store:
        found = store.consent.review(session.account(store).id)
        if session.json:
            session.answer([{**_as_data(one), "asks": one.asks} for one in found])
        elif not found:
            session.say(session.language.gettext("Nothing needs your decision."))
        else:
            _in_words(session, store, found)


def _as_data(said: Said) -> dict[str, object]:
    return {
        "number": said.number,
        "state": said.state.value,
        "how": said.how or None,
        "at": said.at.isoformat() if said.at else None,
        "by": said.by,
        "sender": said.sender or None,
        "why": said.why,
        "name": said.name,
    }


def _in_words(session: Session, store: Store, found: list[Said]) -> None:
    from tui.consent.presentation import how_words, state_words

    language, account = session.language, store.credits.account(session.account_id)
    _, say = language.gettext, language.say
    if not found:
        session.say(_("Nothing recorded yet. Use `textmeter consent out NUMBER` to record an opt-out."))
        return
    session.table(
        [_("Number"), _("Name"), _("State"), _("Since"), _("How"), _("Why")],
        [
            [
                one.number,
                one.name,
                say(state_words(one)),
                language.date_and_time(one.at, account.timezone) if one.at else "",
                say(how_words(one)),
                one.why,
            ]
            for one in found
        ],
    )
