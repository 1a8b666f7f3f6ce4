"""What to say where the files of the machine that Textmeter runs on are out of a person's reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.paths import files_within_reach
from store.sentences import Sentence, sentence

if TYPE_CHECKING:
    from tui.app import TextmeterApp


def no_files(app: TextmeterApp, command: str = "") -> Sentence | None:
    """Why nothing can be read from a file or saved in one; None where it can. command: the one that does the
    same by the streams of an SSH session, which in a demo would have another demo's data."""
    if files_within_reach():
        return None
    if not command or app.demo.is_gone_after:
        return sentence("Textmeter runs on another machine here, and can't reach files on yours.")
    return sentence(
        "Textmeter runs on another machine here, and can't reach files on yours. From your machine it goes "
        "by SSH: {command}",
        command=f"ssh HOST {command}",
    )
