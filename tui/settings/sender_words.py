"""Senders in words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from store.errors import TextmeterError, WrongUsage
from store.messages.providers import Finding, Profile, Severity
from store.messages.senders import SenderInfo
from store.sentences import N_, Sentence, sentence, sentences
from store.texts import phones
from tui.i18n.language import Language
from tui.settings.sender_doors import EMAIL, options, profile

PROVIDERS: Mapping[str, str] = {
    "twilio": N_("Twilio"),
    "smsgate": N_("An Android phone (SMSGate)"),
    "gammu": N_("A modem (gammu-smsd)"),
    "kannel": N_("Kannel"),
    "smtp": N_("A mail server, for emails (SMTP)"),
    "simulated": N_("Simulated"),
}
"""Who carries texts and emails, the likeliest first."""

_SHORT = {
    "twilio": N_("Twilio"),
    "smsgate": N_("Android phone"),
    "gammu": N_("Modem"),
    "kannel": N_("Kannel"),
    "smtp": N_("Mail server"),
    "simulated": N_("Simulated"),
}
"""The same in a column."""

SIGNS = {Severity.OK: "✓", Severity.WARNING: "!", Severity.ERROR: "×"}

_FIRST_NAMES = {"smsgate": "phone", "gammu": "modem", "smtp": "email", "simulated": "test"}
"""What a sender is called unless a person says otherwise, where that isn't its provider's name."""


# The list


class Row(NamedTuple):
    """A line of the list: cells in the session's language. about: what there is no column for."""

    id: str
    provider: str
    number: str
    account: str
    pace: str
    today: str
    about: str


def row(language: Language, one: SenderInfo) -> Row:
    """A sender as the list has it."""
    _ = language.gettext
    return Row(
        one.id,
        _(_SHORT[one.provider]),
        one.number if one.provider == EMAIL else language.phone(one.number),
        _whose(language, one),
        pace_words(language, one.per_second),
        _today(language, one),
        "\n".join(_about(language, one)),
    )


def _whose(language: Language, one: SenderInfo) -> str:
    if one.account_id is None:
        return language.gettext("All accounts")
    return language.gettext("Account {number}").format(number=one.account_id)


def pace_words(language: Language, per_second: float) -> str:
    """A pace, by the unit in which it is at least one: 10 a second, 1 a minute."""
    _ = language.gettext
    if not per_second:
        return _("no limit")
    for seconds, words in ((1, _("{count} per second")), (60, _("{count} per minute"))):
        if per_second * seconds > 0.95:
            return words.format(count=_decimal(per_second * seconds))
    return _("{count} per hour").format(count=_decimal(per_second * 3600))


def _decimal(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _today(language: Language, one: SenderInfo) -> str:
    if one.left_today is None:
        return language.gettext("no limit")
    left, most = language.number(one.left_today), language.number(one.per_day)
    return language.gettext("{left} of {most}").format(left=left, most=most)


def _about(language: Language, one: SenderInfo) -> Iterator[str]:
    _ = language.gettext
    first = [_(PROVIDERS[one.provider]), _whose(language, one), pace_words(language, one.per_second)]
    yield " · ".join(first)
    if one.people_a_month:
        yield language.say(
            sentences("Up to {count} person a month.", "Up to {count} people a month.", one.people_a_month)
        )
    if one.provider == EMAIL:
        yield " · ".join(one.options[name] for name in ("from_name", "host") if name in one.options)
        return
    yield _("Pictures are sent as MMS.") if one.media else _("Texts only, no pictures.")


def facts(language: Language, one: SenderInfo) -> list[tuple[str, str]]:
    """All of a sender as it is set up, each with what it is called; of a secret, whether it is there."""
    _ = language.gettext
    people = language.number(one.people_a_month) if one.people_a_month else _("no limit")
    name = _("Address") if one.provider == EMAIL else _("Number")
    number = one.number if one.provider == EMAIL else language.phone(one.number)
    of_texts = [
        (_("People per month"), people),
        (_("Pictures"), _("as MMS") if one.media else _("can't be sent")),
    ]
    return [
        (_("Sent through"), _(PROVIDERS[one.provider])),
        (name, number or _("not set")),
        (_("Used by"), _whose(language, one)),
        (_("Speed"), pace_words(language, one.per_second)),
        (_("Left today"), _today(language, one)),
        *([] if one.provider == EMAIL else of_texts),
        *_options(language, one),
    ]


def _options(language: Language, one: SenderInfo) -> Iterator[tuple[str, str]]:
    """What its provider wants to know; what isn't set and needn't be is left out."""
    _ = language.gettext
    for name, option in options(one.provider).items():
        if option.secret:
            value = _("set") if name in one.secrets else ""
        else:
            value = one.options.get(name, "") or option.default
        if value or option.required:
            yield _(option.label), value or _("not set")


# The form


class Field(NamedTuple):
    """A field of the form. help: what stands below the form while it is typed in; label, help: in the
    session's language. hint: what holds where it is empty. kept: whether a secret is there already. choices:
    values and how they are shown, of a field in which nothing is typed."""

    name: str
    label: str
    help: str
    hint: str = ""
    secret: bool = False
    kept: bool = False
    choices: Sequence[tuple[str, str]] = ()


def fields(
    language: Language, provider: str, there: SenderInfo | None, accounts: Mapping[str, str]
) -> list[Field]:
    """The form for a sender. there: as it is set up, None for a new one. accounts: in words, by their ids."""
    _ = language.gettext
    usual = profile(provider)
    own = [
        Field(
            "id",
            _("Name"),
            _(
                "Lowercase letters and digits, such as office. Queued messages refer to the sender "
                "by this name."
            ),
        ),
        Field("number", _("Number"), _("The number people see. Leave it empty if you don't know it.")),
    ]
    if provider == EMAIL:
        own[1] = Field("number", _("Address"), _("The address emails come from, such as me@example.com."))
    asked = [
        Field(
            name,
            _(option.label),
            _(option.help),
            option.default or ("" if option.required else _("not set")),
            option.secret,
            there is not None and name in there.secrets,
        )
        for name, option in options(provider).items()
    ]
    account = Field(
        "account",
        _("Account"),
        _("The account that sends texts with it: one, or all that have no sender of their own.")
        if provider != EMAIL
        else _("The account that sends emails with it: one, or all that have no sender of their own."),
        choices=_accounts(language, there, accounts),
    )
    limits = _email_limits(language) if provider == EMAIL else _limits(language, usual)
    return [*own, *asked, account, *limits]


def _accounts(
    language: Language, there: SenderInfo | None, accounts: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Whose texts or emails a sender may carry."""
    named = {"": language.gettext("All accounts"), **accounts}
    if there is not None and there.account_id is not None:
        named.setdefault(str(there.account_id), _whose(language, there))
    return list(named.items())


def _limits(language: Language, usual: Profile) -> Iterator[Field]:
    _ = language.gettext
    no_limit = _("no limit")
    yield Field(
        "per_second",
        _("Texts per second"),
        _("Maximum; 0.5 is one every two seconds, 0 is no limit."),
        f"{usual.per_second:.3g}" if usual.per_second else no_limit,
    )
    yield Field(
        "per_day",
        _("Texts per day"),
        _("Maximum, per UTC day; 0 is no limit."),
        language.number(usual.per_day) if usual.per_day else no_limit,
    )
    yield Field(
        "people_per_month",
        _("People per month"),
        _("Maximum, however much each person gets; 0 is no limit."),
        language.number(usual.people_a_month) if usual.people_a_month else no_limit,
    )


def _email_limits(language: Language) -> Iterator[Field]:
    _ = language.gettext
    no_limit = _("no limit")
    yield Field(
        "per_second",
        _("Emails per second"),
        _("Maximum; 0.5 is one every two seconds, 0 is no limit."),
        no_limit,
    )
    yield Field("per_day", _("Emails per day"), _("Maximum, per UTC day; 0 is no limit."), no_limit)


def first_values(
    language: Language, provider: str, there: SenderInfo | None, taken: Collection[str]
) -> dict[str, str]:
    """What the fields hold at first, by their names: of a sender, as it is; of a new one, a name that isn't
    taken. Secrets are never among them."""
    if there is None:
        return {"id": _free_name(provider, taken)}
    usual = profile(provider)
    limits = {
        "per_second": (there.per_second, usual.per_second),
        "per_day": (there.per_day, usual.per_day),
        "people_per_month": (there.people_a_month, usual.people_a_month),
    }
    if provider == EMAIL:
        del limits["people_per_month"]
    return {
        "id": there.id,
        "number": there.number if provider == EMAIL else language.phone(there.number),
        "account": "" if there.account_id is None else str(there.account_id),
        **{name: "" if _same(value, like) else f"{value:g}" for name, (value, like) in limits.items()},
        **{name: value.replace("\n", "\\n") for name, value in there.options.items()},
    }


def _same(value: float, like: float) -> bool:
    """A pace is kept as whole microseconds between two texts."""
    return abs(value - like) <= like / 1000


def _free_name(provider: str, taken: Collection[str]) -> str:
    name = _FIRST_NAMES.get(provider, provider)
    return next(
        free
        for count in range(1, len(taken) + 2)
        if (free := f"{name}{count if count > 1 else ''}") not in taken
    )


def to_set(
    typed: Mapping[str, str],
    shown: Sequence[Field],
    country: str,
    taken: Collection[str],
) -> dict[str, str]:
    """What was typed, as `Senders.set` takes it: a secret that was left empty stays as it is. taken: names
    that a new sender can't have. Raises WrongUsage; details: key, the field's name."""
    values = {
        field.name: typed.get(field.name, "").strip()
        for field in shown
        if not field.secret or typed.get(field.name, "").strip()
    }
    if values.pop("id") in taken:
        raise _wrong("id", sentence("There is already a sender with this name."))
    if "people_per_month" in values:  # a sender of texts
        values["number"] = number_typed(values["number"], country)
    return values


def refusal(error: TextmeterError, typed: str) -> Sentence:
    """What is said at a field that isn't right, which needn't be named there."""
    if error.code == "no-such-number":
        return sentence("Type a number, not “{text}”.", text=typed)
    return error.says


def number_typed(text: str, country: str) -> str:
    """A number (E.164) as it may be typed at home; a short code, or a name that stands in its place, as it
    is. Raises WrongUsage."""
    if len(re.sub(r"\D", "", text)) <= 6 or re.search("[^\\W\\d_]", text):
        return text
    try:
        return phones.parse(text, country).e164
    except phones.PhoneRefused as refused:
        raise _wrong("number", refused.says) from refused


def _wrong(key: str, says: Sentence) -> WrongUsage:
    return WrongUsage(says, code="sender-setup", key=key)


# A check


def worst(found: Collection[Finding]) -> tuple[Severity, Sentence]:
    """What a check came to: the worst that it found, and how many of these."""
    errors = sum(finding.severity is Severity.ERROR for finding in found)
    warnings = sum(finding.severity is Severity.WARNING for finding in found)
    if errors:
        return Severity.ERROR, sentences("{count} thing to fix", "{count} things to fix", errors)
    if warnings:
        return Severity.WARNING, sentences("{count} warning", "{count} warnings", warnings)
    return Severity.OK, sentence("ready")


def removal(language: Language, provider: str, waiting: int) -> str:
    """What happens to the texts or emails that wait for a sender that is removed."""
    if provider == EMAIL and not waiting:
        return language.gettext("No emails are waiting for it.")
    if provider == EMAIL:
        return language.say(
            sentences(
                "{count} email is waiting for it, and will wait until there is a sender with this "
                "name again.",
                "{count} emails are waiting for it, and will wait until there is a sender with this "
                "name again.",
                waiting,
            )
        )
    if not waiting:
        return language.gettext("No texts are waiting for it.")
    return language.say(
        sentences(
            "{count} text is waiting for it, and will wait until there is a sender with this name again.",
            "{count} texts are waiting for it, and will wait until there is a sender with this name again.",
            waiting,
        )
    )
