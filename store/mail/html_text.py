"""HTML of a mail as text: nothing is run, fetched or shown but words.

By a scanner of our own: it reads each character once, while the standard library's takes minutes for half a
megabyte of tags that somebody left open on purpose.
"""

from __future__ import annotations

import html
import re

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<end>/?)(?P<tag>[a-z][a-z0-9]*)(?P<about>[^<>]*)>|<[!?/][^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_SKIPPED = frozenset(
    ["script", "style", "head", "title", "template", "noscript", "object", "svg", "blockquote"]
)
_BREAKS = frozenset(
    ["p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "br", "hr"]
)
MOST_ATTRIBUTES = 1_000
"""Characters of a tag that are looked at."""
_QUOTED = re.compile(
    r"\bclass\s*=\s*[\"']?[^\"'>]*\b(gmail_quote|moz-cite-prefix|yahoo_quoted|OutlookMessageHeader)"
    r"|\bid\s*=\s*[\"']?(appendonsend|divRplyFwdMsg)\b"
)


def as_text(page: str) -> str:
    """The words, each block a line, without what is quoted."""
    words: list[str] = []
    hidden, depth, at = "", 0, 0
    for token in _TOKEN.finditer(page):
        if not hidden:
            words.append(_spaced(page[at : token.start()]))
        at = token.end()
        tag = (token["tag"] or "").lower()
        if hidden:  # until its own end, whatever is left open within it
            depth += 0 if tag != hidden else -1 if token["end"] else 1
            hidden = hidden if depth else ""
        elif not token["end"] and (tag in _SKIPPED or _is_quoted(token["about"] or "")):
            hidden, depth = tag, 1
        elif tag in _BREAKS:
            words.append("\n")
    if not hidden:
        words.append(_spaced(page[at:]))
    lines = (" ".join(line.split()) for line in html.unescape("".join(words)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _is_quoted(attributes: str) -> bool:
    return _QUOTED.search(attributes[:MOST_ATTRIBUTES]) is not None


def _spaced(text: str) -> str:
    """In HTML, an end of a line is a space like any other."""
    return re.sub(r"\s+", " ", text)
