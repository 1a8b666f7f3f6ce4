"""HTML of a mail as text: nothing is run, fetched or shown but words."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SKIPPED = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg"})
_QUOTED = frozenset(
    {"gmail_quote", "gmail_quote_container", "moz-cite-prefix", "yahoo_quoted", "OutlookMessageHeader"}
)
_BREAKS = frozenset(
    ["br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "hr"]
)


def as_text(html: str) -> str:
    """The words, each block a line, without what is quoted."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.words).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = ""
        """The tag whose content isn't shown, "" none; how many of its kind are open within it."""
        self._within = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden:
            self._within += tag == self._hidden
        elif tag in _SKIPPED or tag == "blockquote" or _is_quoted(attrs):
            self._hidden, self._within = tag, 1
        elif tag in _BREAKS:
            self.words.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._hidden and tag in _BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._within -= tag == self._hidden
            if not self._within:
                self._hidden = ""
        elif tag in _BREAKS and tag not in ("br", "hr"):
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(re.sub(r"\s+", " ", data))


def _is_quoted(attrs: list[tuple[str, str | None]]) -> bool:
    about = dict(attrs)
    classes = (about.get("class") or "").split()
    return not _QUOTED.isdisjoint(classes) or about.get("id") in ("appendonsend", "divRplyFwdMsg")
