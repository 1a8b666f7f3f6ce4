"""What an email takes of the month's, and what is wrong with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from store.credits.catalog_files import Catalog
from store.emails import attachments
from store.emails.audience import EmailAudience
from store.emails.estimate import MOST_CHARACTERS, estimate
from store.emails.model import EmailEstimate, EmailRecipient
from store.errors import WrongUsage
from store.messages.estimate import Funds
from store.messages.model import Draft

PRODUCTS = Catalog.load(None)
ANN = EmailRecipient("ann@example.com", "Ann", own={"unit": "4b"})
BOB = EmailRecipient("bob@example.com")
TWO = EmailAudience((ANN, BOB), fields=("first_name", "last_name", "name", "company", "unit"))
HELLO = Draft(subject="Hello", body="Hello")


def found(
    draft: Draft = HELLO, audience: EmailAudience = TWO, *, left: int = 10, **more: object
) -> EmailEstimate:
    funds = Funds(left, 0, 10 - left, 0)
    product = PRODUCTS.product("agent-email")
    return estimate(draft, audience, product, funds, **more)  # type: ignore[arg-type]


def codes(estimate: EmailEstimate, *, blocking: bool = True) -> list[str]:
    return [problem.code for problem in estimate.problems if problem.blocking is blocking]


def test_each_recipient_is_one_of_the_months() -> None:
    two = found(left=10)
    assert (two.recipients, two.sends, two.left, two.available_after) == (2, 2, 10, 8)
    assert two.sendable


def test_what_is_too_much_is_said_with_how_much() -> None:
    few = found(left=1)
    assert codes(few) == ["not-enough-credits"]
    assert [problem.code for problem in few.problems if problem.blocking] == ["not-enough-credits"]
    assert few.available_after == -1
    assert "1 too few" in str(few.problems[0].says)


@pytest.mark.parametrize(("left", "crosses"), [(10, 0), (4, 80), (3, 90), (2, 95)])
def test_thresholds_are_told_before_it_is_sent(left: int, crosses: int) -> None:
    """10 in all: 80 % are reached by the 8th, 90 % by the 9th, and all by the 10th."""
    assert found(left=left).crosses == crosses


def test_what_leaves_after_the_renewal_takes_nothing_now() -> None:
    later = found(left=1, later=date(2026, 5, 1))
    assert (later.sends, later.available_after, later.sendable) == (0, 1, True)
    assert "2026-05-01" in str(later.problems[0].says)


def test_what_another_service_sends_doesnt_count() -> None:
    elsewhere = found(left=1, service="mailchimp")
    assert (elsewhere.sends, elsewhere.sendable) == (0, True)


@pytest.mark.parametrize(
    ("subject", "body", "blocking"),
    [
        ("", "Hello", ["empty-subject"]),
        ("Hi", " \n ", ["empty-text"]),
        ("{unit}", "Hello", ["empty-subject"]),  # Bob has none
        ("{unit}{first_name|you}", "Hello", []),
        ("Hi", "{unit}", ["empty-text"]),
        ("Hi {nonsense}", "Hello", ["unknown-field"]),
        ("a" * 251, "Hello", ["too-long"]),
        ("Hi", "a" * (MOST_CHARACTERS + 1), ["too-long"]),
    ],
)
def test_words_that_cant_go_out(subject: str, body: str, blocking: list[str]) -> None:
    assert codes(found(Draft(subject=subject, body=body))) == blocking


def test_fields_that_some_lack_are_counted_where_nothing_stands_in() -> None:
    lacking = found(Draft(subject="Hi {first_name|there}", body="{unit}, {first_name} {name|you}"))
    assert codes(lacking) == []
    assert [problem.says.values["count"] for problem in lacking.warnings] == [1, 1]


def test_an_account_for_texts_is_told_of_one_for_emails() -> None:
    refused = estimate(HELLO, TWO, PRODUCTS.product("agent-texts"), Funds(10, 0, 0, 0))
    assert codes(refused) == ["no-emails"]


def test_nobody_is_told() -> None:
    assert codes(found(audience=EmailAudience())) == ["no-recipients"]


# Attachments


def test_files_are_told_by_type_and_size_and_add_up(tmp_path: Path) -> None:
    (tmp_path / "plan.pdf").write_bytes(b"x" * 3_000)
    (tmp_path / "notes").write_bytes(b"y")
    files = attachments.inspect([str(tmp_path / "plan.pdf"), str(tmp_path / "notes")])
    assert files.files == (("plan.pdf", "application/pdf", 3_000), ("notes", "application/octet-stream", 1))
    assert files.problems == ()
    assert found(files=files).size == 2 * len("Hello") + 3_001 * 4 // 3


def test_what_runs_when_it_is_opened_is_told_and_goes_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "Setup.EXE").write_bytes(b"MZ")
    files = attachments.inspect([str(tmp_path / "Setup.EXE")])
    assert [(problem.code, problem.blocking) for problem in files.problems] == [("dangerous-file", False)]
    assert found(files=files).sendable


def test_too_much_too_many_and_what_is_no_file_stop_it(tmp_path: Path) -> None:
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(attachments.MOST_BYTES + 1)
    for paths, code in (
        ([str(large)], "files-too-large"),
        ([str(tmp_path)], "no-file"),
        ([str(tmp_path / "gone.pdf")], "unreadable-file"),
        (["a\0b"], "unreadable-file"),
    ):
        problems = attachments.inspect(paths).problems
        assert [(problem.code, problem.blocking) for problem in problems] == [(code, True)]
        with pytest.raises(WrongUsage) as refused:
            attachments.read(paths)
        assert refused.value.code == code
    small = tmp_path / "small.pdf"
    small.write_bytes(b"x")
    many = attachments.inspect([str(small)] * (attachments.MOST_FILES + 1))
    assert [problem.code for problem in many.problems] == ["too-many-files"]
