"""What a campaign was and how far it is, for its own screen as for the side of the list."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from store.emails.model import CampaignSummary
from store.sentences import sentence
from tui.emails.presentation import SIGNS, counts, file_words, leaves, people, sends
from tui.emails.reading import Way
from tui.i18n.language import Language
from tui.i18n.sanitize import literal, plain
from tui.widgets.charts import gauge

WIDEST_GAUGE = 48


def email(subject: str, body: str) -> Content:
    """What was written."""
    return Content("\n").join([Content.styled(plain(subject), "bold"), literal(body, lines=True)])


def progress(
    language: Language, variables: Mapping[str, str], campaign: CampaignSummary, timezone: str, width: int
) -> list[Content]:
    """Whom it went to and when, how far it is, and how many there are of each status: a line each, of which
    the bar has at most `width` cells. variables: the theme's."""
    way = Way(at=campaign.at if campaign.waits else None, each_at=campaign.each_at)
    later = campaign.waits and campaign.at > campaign.created_at
    about = [
        people(language, campaign),
        sends(campaign.sends, language),
        language.date_and_time(campaign.created_at, timezone),
        *([leaves(way, language, timezone)] if later else []),
        *(f"▣ {file_words(file, language)}" for file in campaign.files),
    ]
    total, done = campaign.recipients, campaign.recipients - campaign.waits
    share = done * 1000 // total if total else 1000
    says = language.say(sentence("{done} of {all} done", done=done, all=total))
    room = max(min(width - len(says) - 4, WIDEST_GAUGE), 1)
    return [
        Content.styled("  ·  ".join(about), variables["quiet"]),
        gauge(share, room, variables["foreground"]) + Content(f"  {says}"),
        Content("  ·  ".join(f"{SIGNS[status]} {words}" for status, words in counts(language, campaign))),
    ]
