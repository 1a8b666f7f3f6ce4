"""`textmeter blasts`: what was sent, what became of it, and sending it again where it failed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.tui.commands.conftest import Textmeter

GOOD, REFUSED, LOST, MISSED = "+14155550123", "+14155550000", "+14155550002", "+14155550003"


def sent(demo: Textmeter) -> int:
    """A text to four people, and what became of it an hour later."""
    numbers = [word for number in (GOOD, REFUSED, LOST, MISSED) for word in ("--to", number)]
    done = demo("--now", "2026-04-16T12:00", "send", *numbers, "--json", "=Hello")
    demo("--now", "2026-04-16T13:00", "balance")
    blast: int = done.json["blast"]
    return blast


def test_texts_are_listed_newest_first(demo: Textmeter) -> None:
    assert demo("blasts", "list").out == "No texts sent yet.\n"
    first = sent(demo)
    demo("send", "--to", GOOD, "Second")
    second, old = demo("blasts", "list", "--json").json
    assert (second["people"], second["purpose"], second["status"]) == (1, "conversation", "sent")
    assert (old["blast"], old["people"], old["credits"], old["status"]) == (first, 4, 4, "unknown")
    assert "=Hello" in demo("blasts", "list").out


def test_what_became_of_each_is_shown_what_failed_first(demo: Textmeter) -> None:
    blast = sent(demo)
    rows = demo("blasts", "show", str(blast), "--json").json
    assert [(row["to"], row["status"]) for row in rows] == [
        (GOOD, "delivered"),
        (REFUSED, "failed"),
        (LOST, "unknown"),
        (MISSED, "undelivered"),
    ]
    lines = demo("blasts", "show", str(blast)).out.splitlines()
    assert lines[0] == "=Hello"
    assert [line[0] for line in lines[2:]] == ["×", "×", "×", "○"]


def test_csv_is_for_spreadsheets(demo: Textmeter) -> None:
    lines = demo("blasts", "show", str(sent(demo)), "--csv").out.splitlines()
    assert lines[0] == (
        "to,name,status,reason,segments,credits,at,price,currency,left_at,channel,sender,from,purpose,why,text"
    )
    assert lines[1].startswith("+14155550123,,delivered,,1,1,2026-04-16T")


def test_what_the_provider_took_for_each_is_told_once_it_has_said_so(demo: Textmeter, tmp_path: Path) -> None:
    blast = str(sent(demo))
    assert demo("blasts", "show", blast, "--json").json[0]["price"] is None
    with sqlite3.connect(tmp_path / "textmeter.sqlite3") as database:
        database.execute("UPDATE message SET price = 7500, currency = 'USD' WHERE phone = ?", (GOOD,))
    row = demo("blasts", "show", blast, "--json").json[0]
    assert (row["price"], row["currency"]) == ("0.0075", "USD")
    assert ",0.0075,USD," in demo("blasts", "show", blast, "--csv").out.splitlines()[1]


def test_each_row_says_when_it_left_by_which_channel_and_what_it_said(demo: Textmeter) -> None:
    rows = demo("blasts", "show", str(sent(demo)), "--json").json
    assert {(row["channel"], row["text"]) for row in rows} == {("sms", "=Hello")}
    left = [row["left_at"] for row in rows]
    assert left == ["2026-04-16T16:00:00+00:00", None, None, "2026-04-16T16:00:00+00:00"]
    assert demo("blasts", "show", "1", "--csv").out.splitlines()[1].endswith(",'=Hello")


def test_the_proof_is_saved_as_a_pdf_which_replaces_no_other_file(demo: Textmeter, tmp_path: Path) -> None:
    file = tmp_path / "proof.pdf"
    blast = str(sent(demo))
    assert demo("blasts", "show", blast, "--pdf", str(file), "--json").json == {
        "file": str(file),
        "people": 4,
    }
    words = " ".join(page.extract_text() for page in PdfReader(file).pages)
    assert all(number in words for number in ("555-0123", "555-0000", "555-0002", "555-0003"))
    before = file.read_bytes()
    done = demo("blasts", "show", blast, "--pdf", str(file))
    assert (done.code, "already exists" in done.err, file.read_bytes()) == (1, True, before)
    assert [one.name for one in tmp_path.iterdir() if one.suffix != ".sqlite3"] == ["proof.pdf"]


def test_a_proof_is_a_pdf_and_nothing_besides(demo: Textmeter, tmp_path: Path) -> None:
    blast = str(sent(demo))
    assert demo("blasts", "show", blast, "--pdf", str(tmp_path / "proof.txt")).code == 2
    assert demo("blasts", "show", blast, "--csv", "--pdf", str(tmp_path / "proof.pdf")).code == 2
    assert demo("blasts", "show", "99", "--pdf", str(tmp_path / "proof.pdf")).code == 2
    assert [one.suffix for one in tmp_path.iterdir()] == [".sqlite3"]


def test_whoever_is_elsewhere_saves_nothing_on_this_machine(
    demo: Textmeter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blast = str(sent(demo))
    monkeypatch.setattr("store.paths._within_reach", False)
    done = demo("blasts", "show", blast, "--pdf", str(tmp_path / "proof.pdf"))
    assert (done.code, "another computer" in done.err) == (4, True)
    assert not (tmp_path / "proof.pdf").exists()


def test_it_is_sent_again_to_those_only_whom_it_is_known_to_have_missed(demo: Textmeter) -> None:
    blast = str(sent(demo))
    assert "2 people" in demo("blasts", "resend", blast, "--failed").out
    assert demo("blasts", "list", "--json").json[0]["blast"] == int(blast)
    done = demo("blasts", "resend", blast, "--failed", "--yes", "--idempotency-key", "k", "--json")
    assert [row["to"] for row in done.json["messages"]] == [REFUSED, MISSED]
    again = demo("blasts", "resend", blast, "--failed", "--yes", "--idempotency-key", "k", "--json")
    assert again.json["blast"] == done.json["blast"]


def test_who_opted_out_meanwhile_is_left_out(demo: Textmeter) -> None:
    blast = str(sent(demo))
    demo("consent", "out", MISSED)
    done = demo("blasts", "resend", blast, "--failed", "--yes", "--json")
    assert [row["to"] for row in done.json["messages"]] == [REFUSED]
    assert [row["to"] for row in done.json["left_out"]] == [MISSED]


def test_what_cant_be_is_told(demo: Textmeter) -> None:
    assert demo("blasts", "show", "9").code == 2
    blast = str(sent(demo))
    assert demo("blasts", "resend", blast).code == 2
    demo("send", "--to", GOOD, "Second")
    done = demo("blasts", "resend", str(int(blast) + 1), "--failed", "--yes")
    assert (done.code, "didn't fail" in done.err) == (2, True)
