"""What the providers share that give us plain text: our own name for a text, and whoever wrote one that came
in."""

from __future__ import annotations

import re
from contextlib import suppress
from hashlib import blake2b

from store.messages.providers import Outgoing
from store.texts import phones
from store.texts.alphabet import storable

LONGEST = 255 * 153
"""Characters of a text: a phone joins no more parts."""

_NAME = 40
_SHORT_CODE = 6


def reference(outgoing: Outgoing) -> str:
    """What stands for a text at a provider: its id, with a digest of what it is, since a database that was
    put back from a backup gives ids to other texts again."""
    digest = blake2b(f"{outgoing.to}\0{outgoing.body}".encode(errors="replace"), digest_size=4)
    return f"{outgoing.id}-{digest.hexdigest()}"


def message(reference: str) -> int | None:
    """The id of the text for which a reference stands; None for anything else."""
    match = re.fullmatch("([0-9]{1,18})-[0-9a-f]{8}", reference)
    return int(match[1]) if match else None


def number(written: str, own: str) -> str:
    """Who wrote a text: E.164 where what a carrier wrote can be read so, with or without its +; else a short
    code or name as it came, "" for nothing. own: the sender's number, whose country writes it like that."""
    plain = storable(written).strip()[:_NAME]
    if not plain.removeprefix("+").isdecimal() or len(plain) <= _SHORT_CODE:
        return plain
    for spelling in (plain, f"+{plain.lstrip('+')}"):
        with suppress(phones.PhoneRefused):
            return phones.parse(spelling, _region(own)).e164
    return plain


def _region(own: str) -> str:
    with suppress(phones.PhoneRefused):
        return phones.parse(own, "US").region
    return "US"
