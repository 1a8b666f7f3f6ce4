"""What somebody was refused, where it is kept to be said again: the database has a code and values, and here
is the sentence that a code stands for, so that rewording it loses neither its translation nor what was
said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from store.sentences import Sentence, Value, sentence, sentences

_SAYS: Mapping[str, Callable[..., Sentence]] = {
    "hold-buy": lambda **values: sentence(
        "Not enough credits: this needs {needed}, and {available} are available. Nothing was "
        "sent or charged. Buy credits, shorten the text, send it to fewer people, or change "
        "to a larger plan.",
        **values,
    ),
    "hold-plan": lambda **values: sentence(
        "Not enough credits: this needs {needed}, and {available} are available. Nothing was "
        "sent or charged. Shorten the text, send it to fewer people, or change to a larger "
        "plan.",
        **values,
    ),
    "short-buy": lambda count, **values: sentences(
        "This needs {count} credit, with {available} left: {short} too few. Buy {buy}, send "
        "it to fewer people, or shorten it.",
        "This needs {count} credits, with {available} left: {short} too few. Buy {buy}, send "
        "it to fewer people, or shorten it.",
        count,
        **values,
    ),
    "short-plan": lambda count, **values: sentences(
        "This needs {count} credit, with {available} left: {short} too few. Change to a "
        "larger plan, send it to fewer people, or shorten it.",
        "This needs {count} credits, with {available} left: {short} too few. Change to a "
        "larger plan, send it to fewer people, or shorten it.",
        count,
        **values,
    ),
    "short-month": lambda count, **values: sentences(
        "This needs {count} credit, with {available} left: {short} too few. You can't buy "
        "enough: {room} left this month, minimum {least}. Change to a larger plan, send it "
        "to fewer people, or shorten it.",
        "This needs {count} credits, with {available} left: {short} too few. You can't buy "
        "enough: {room} left this month, minimum {least}. Change to a larger plan, send it "
        "to fewer people, or shorten it.",
        count,
        **values,
    ),
    "no-texts": lambda: sentence(
        "This account sends emails, not texts. Nothing was sent. Write an email in Compose "
        "or with `textmeter email send`, or switch to another account."
    ),
    "no-emails": lambda: sentence(
        "This account sends texts, not emails. Nothing was sent. Switch to an email account, "
        "or open one: `textmeter account open --product agent-email --plan free`."
    ),
    "short-emails": lambda count, **values: sentences(
        "This needs {count} email, with {available} left: {short} too few. Change to a "
        "larger plan, or send it to fewer people.",
        "This needs {count} emails, with {available} left: {short} too few. Change to a "
        "larger plan, or send it to fewer people.",
        count,
        **values,
    ),
    "too-many-addresses": lambda **values: sentence(
        "An email can go to at most {most} people, and you chose {people}. Send it in parts.", **values
    ),
    "emails-changed": lambda count, **values: sentences(
        "The numbers changed: this now needs {count} email and leaves {left}. Nothing was "
        "sent. Check them and send again.",
        "The numbers changed: this now needs {count} emails and leaves {left}. Nothing was "
        "sent. Check them and send again.",
        count,
        **values,
    ),
    "too-long": lambda count, **values: sentences(
        "The text is {count} character too long: the limit is {most}. Shorten it, or split it in two.",
        "The text is {count} characters too long: the limit is {most}. Shorten it, or split it in two.",
        count,
        **values,
    ),
    "too-many-recipients": lambda **values: sentence(
        "A text can go to at most {most} people, and you chose {people}. Send it in parts.", **values
    ),
    "draft-sent": lambda: sentence("This text was already sent from another window. It wasn't sent again."),
    "draft-changed": lambda: sentence(
        "This draft was changed in another window, so nothing was sent. Check it and send again."
    ),
    "estimate-changed": lambda count, **values: sentences(
        "The numbers changed: this now costs {count} credit and leaves {left}. Nothing was "
        "sent. Check them and send again.",
        "The numbers changed: this now costs {count} credits and leaves {left}. Nothing was "
        "sent. Check them and send again.",
        count,
        **values,
    ),
}


def refusal(code: str, **values: Value) -> Sentence:
    """The sentence that a code stands for."""
    return replace(_SAYS[code](**values), code=code)


def to_json(says: Sentence) -> list[Any]:
    """As it is kept: code and values. A sentence without a code is kept itself, to stay readable."""
    if says.code:
        return [says.code, dict(says.values)]
    return [says.template, dict(says.values), says.plural]


def from_json(kept: list[Any]) -> Sentence:
    """What was kept, as it is said today."""
    if len(kept) > 2:
        return Sentence(*kept)
    code, values = kept
    return refusal(code, **values)
