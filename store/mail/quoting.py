"""What somebody wrote in a mail, without the mails that it quotes."""

from __future__ import annotations

import re

_DIVIDERS = re.compile(
    r"-{2,}\s*(original message|forwarded message|mensaje original|ursprüngliche nachricht|message d'origine)"
    r"\s*-{2,}|_{20,}|-- ?",
    re.IGNORECASE,
)
"""Below them stands what isn't new: another mail, or a signature."""
_MOST_ATTRIBUTION = 3
"""Lines of "On Monday, somebody wrote:"."""


def newest(text: str) -> str:
    """Without what is quoted at its end, and without a signature; all of it where nothing would be left."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    end = next((row for row, line in enumerate(lines) if _DIVIDERS.fullmatch(line.strip("\r\n"))), len(lines))
    kept = _without_quotation(lines[:end])
    return "\n".join(kept).strip() or text.strip()


def _without_quotation(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">")):
        end -= 1
    if not any(line.lstrip().startswith(">") for line in lines[end:]):
        return lines[:end]
    # "On Mon, Nov 30, 2026 at 9:41 AM Sam <sam@example.com>\nwrote:", in whatever language.
    if end and lines[end - 1].rstrip().endswith(":"):
        begin = end
        while begin > max(0, end - _MOST_ATTRIBUTION) and lines[begin - 1].strip():
            begin -= 1
        if begin == 0 or not lines[begin - 1].strip():
            return lines[:begin]
        return lines[: end - 1]
    return lines[:end]
