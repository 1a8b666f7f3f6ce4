"""What was found in words: for the screen, and as plain text for whoever helps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from store.sentences import N_
from tui.diagnostics.checks import NAMES, Finding
from tui.i18n.language import Language

SECTIONS = {
    "program": N_("Textmeter and this terminal"),
    "files": N_("Your files"),
    "data": N_("Database and services"),
}
"""By which findings are shown, from above to below."""

Found = Mapping[str, Sequence[Finding]]
"""Findings by their sections, of those that were looked at."""


def name_of(language: Language, finding: Finding) -> str:
    """What was looked at: a library by its own name."""
    return language.gettext(NAMES[finding.name]) if finding.name in NAMES else finding.name


def to_fix(found: Found) -> list[Finding]:
    """What is to be mended."""
    return [finding for findings in found.values() for finding in findings if finding.advice]


def as_text(language: Language, found: Found) -> str:
    """All of it as lines of plain text."""
    return "\n".join(_lines(language, found)) + "\n"


def _lines(language: Language, found: Found) -> Iterator[str]:
    for section, findings in found.items():
        yield f"# {language.gettext(SECTIONS[section])}"
        for finding in findings:
            yield f"{name_of(language, finding)}: {finding.value}"
            if finding.advice:
                yield f"  ! {finding.advice}"
        yield ""
