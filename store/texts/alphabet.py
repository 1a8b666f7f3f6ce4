"""The GSM 7-bit alphabet (3GPP TS 23.038, 6.2.1 and 6.2.1.1) and the form in which texts are counted."""

from __future__ import annotations

import re
import unicodedata

BASIC = (
    "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The characters of one septet. Of the table, CR (texts have LF only) and the escape are left out."""

EXTENSION = "\f[\\]^{|}~€"
"""The characters of two septets: the escape code and one of the extension table."""

GSM = frozenset(BASIC + EXTENSION)

only_basic = re.compile(f"[{re.escape(BASIC)}]*").fullmatch
outside_gsm = re.compile(f"[^{re.escape(BASIC + EXTENSION)}]")


def storable(text: str) -> str:
    """A text from outside as every database keeps it: without NUL, and without halves of characters."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def normalise(text: str) -> str:
    """The text as it is counted, shown and sent: line ends are LF, characters are composed (Unicode NFC)."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)
