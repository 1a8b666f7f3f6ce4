"""Emails in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from store.emails.model import CampaignSummary, Status
from tui.contacts.presentation import status_words
from tui.emails.presentation import SIGNS, STATUS, counts
from tui.i18n.language import Language

SENT = CampaignSummary(
    id=1,
    created_at=datetime(2026, 4, 16, tzinfo=UTC),
    at=datetime(2026, 4, 16, tzinfo=UTC),
    each_at="",
    subject="Hi",
    body="Hi",
    sender="",
    service="own",
    recipients=3,
    cancelled=False,
    person="",
    files=(),
    counts={},
)


@pytest.mark.parametrize("status", Status)
def test_there_are_words_and_a_sign_for_however_an_email_stands(status: Status) -> None:
    assert STATUS[status] != ""
    assert SIGNS[status] != ""
    assert str(status_words(status)) != ""
    [(found, words)] = counts(Language("en"), replace(SENT, counts={status: 3}))
    assert (found, words[:2]) == (status, "3 ")
