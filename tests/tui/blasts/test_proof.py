"""The PDF that a board files, read back: who, what, when, the totals, and a line for each person."""

from __future__ import annotations

import csv
import re
import tracemalloc
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from store.credits.export import Cancelled
from store.errors import TextmeterError, WrongUsage
from store.messages.model import Purpose, Status
from store.messages.proof import LEFT_OUT, ByEmail, Line, Proof
from store.sentences import sentence
from tui.blasts.presentation import EMAIL_STATUS, LEFT_OUT_WORDS, STATUS
from tui.blasts.proof import save
from tui.blasts.proof_table import COLUMNS
from tui.blasts.proof_table import save as save_table
from tui.i18n.language import Language

AT = datetime(2026, 11, 29, 21, 57, tzinfo=UTC)
PROOF = Proof(
    id=12,
    channel="sms",
    at=AT,
    as_of=AT + timedelta(days=1),
    timezone="America/Los_Angeles",
    country="US",
    names=("Oak Hill HOA",),
    sender="office",
    address="+14155550100",
    person="Zoë",
    body="The water is off on Sunday.",
    as_sent="The water is off on Sunday.",
    people=2,
    purpose=Purpose.EMERGENCY,
    why="A pipe burst",
)
WORDS = {status.value: words for status, words in STATUS.items()}
WHY = sentence("This number doesn't exist or can't receive texts.")
HOSTILE = (
    "<b>Bold</b> &lt; <para>",
    "evil\u202etxt\x00\x1b[2J",
    "N" + "ä" * 299,
    "x" * 300,
    "🎉" * 300,
    "שלום כהן (Abu) 12",
    "محمد الأمين",
    "\u200b\ufeff",
    "%s {name} \\",
)


def line(name: str = "Ann", status: Status = Status.DELIVERED, to: str = "+14155550123") -> Line:
    left = AT if status in (Status.SENT, Status.DELIVERED) else None
    return Line(to, name, status, WHY if status is Status.FAILED else None, 1, left)


def written(path: Path, lines: Iterable[Line], proof: Proof = PROOF, language: str = "en") -> PdfReader:
    save(path / "proof.pdf", proof, lines, Language(language), WORDS, overwrite=True)
    return PdfReader(path / "proof.pdf")


def said(reader: PdfReader) -> str:
    """All pages, with spaces as they are typed."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_it_says_who_sent_what_when_why_and_to_whom(tmp_path: Path) -> None:
    reader = written(tmp_path, [line("Ann Lee"), line("Bob", Status.FAILED, "+442071838750")])
    words = said(reader)
    for says in (
        "Proof of notice",
        "Oak Hill HOA",
        "Sender (415) 555-0100 · office",
        "Sent by Zoë",
        "Nov 29, 2026, 1:57 PM, Pacific Standard Time (America/Los_Angeles)",
        "Channel Text message (SMS)",
        "Purpose Emergency",
        "Reason A pipe burst",
        "As of Nov 30, 2026, 1:57 PM",
        "The water is off on Sunday.",
        "Bob +44 20 7183 8750 Failed 1 This number doesn't exist or can't receive texts.",
        "Ann Lee (415) 555-0123 Nov 29, 2026, 1:57 PM Delivered 1",
        "Page 1 of 1",
    ):
        assert says in words
    assert words.index("Bob") < words.index("Ann Lee")  # who wasn't reached comes first
    about = reader.metadata
    assert about is not None
    assert about.title == "Proof of notice  ·  Nov 29, 2026, 1:57\u202fPM  ·  Oak Hill HOA"
    assert about.author == "Oak Hill HOA"


def test_the_totals_are_those_of_its_lines(tmp_path: Path) -> None:
    some = [line(f"P{n}", list(Status)[n * n % len(Status)]) for n in range(97)]
    words = said(written(tmp_path, some))
    counts = Counter(one.status for one in some)
    for status, count in counts.items():
        called = WORDS[status].capitalize()
        assert re.search(rf"Totals.*\b{called} {count}\b.*People 97", words)
        assert len(re.findall(rf"555-0123 (?:Nov 29, 2026, 1:57 PM )?{called} 1\b", words)) == count
    assert all(len(re.findall(rf"\bP{n} \(415\)", words)) == 1 for n in range(97))


BOTH = {**WORDS, **EMAIL_STATUS, LEFT_OUT: LEFT_OUT_WORDS}
NO_NUMBER = sentence("This contact has no phone number.")
EVERYBODY = [
    line("Ann Lee")._replace(email=ByEmail("ann@example.com", "sent", None, AT)),
    line("Bob", Status.FAILED)._replace(email=ByEmail("", LEFT_OUT, sentence("No address."), None)),
    Line("", "Cid", LEFT_OUT, NO_NUMBER, 0, None, ByEmail("cid@example.com", "sent", None, AT)),
]


def test_an_emergency_is_told_by_both_ways_and_who_got_neither_comes_first(tmp_path: Path) -> None:
    proof = replace(PROOF, by_email=True)
    assert save(tmp_path / "both.pdf", proof, EVERYBODY, Language("en"), BOTH) == 3
    words = said(PdfReader(tmp_path / "both.pdf"))
    for says in (
        "Channel Text message (SMS), Email",
        "Sent to 3 people",
        "Text Delivered 1 Failed 1 Left out 1 People 3",
        "Email Sent 2 Left out 1 People 3",
        "Name Number Text Email",
        "Ann Lee (415) 555-0123 Delivered Sent · ann@example.com",
        "Cid Left out Sent · cid@example.com",
        "This contact has no phone Nov 29, 2026, 1:57 PM number.",
    ):
        assert says in words
    first, others = words.index("Not reached or unknown"), words.index("Everyone else")
    assert first < words.index("Bob") < others < words.index("Cid")


def test_as_a_table_it_has_a_line_for_each_person_and_channel(tmp_path: Path) -> None:
    file = tmp_path / "proof.csv"
    assert save_table(file, replace(PROOF, by_email=True), EVERYBODY, Language("en")) == 3
    with file.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["name"], row["to"], row["channel"], row["status"]) for row in rows] == [
        ("Ann Lee", "+14155550123", "sms", "delivered"),
        ("Ann Lee", "ann@example.com", "email", "sent"),
        ("Bob", "+14155550123", "sms", "failed"),
        ("Bob", "", "email", "left-out"),
        ("Cid", "", "sms", "left-out"),
        ("Cid", "cid@example.com", "email", "sent"),
    ]
    assert {(row["purpose"], row["why"], row["text"]) for row in rows} == {
        ("emergency", "A pipe burst", PROOF.body)
    }
    assert rows[4]["reason"] == "This contact has no phone number."


def test_whatever_somebody_is_called_it_is_written_and_ends(tmp_path: Path) -> None:
    reader = written(tmp_path, [line(name) for name in HOSTILE])
    words = said(reader)
    assert "<b>Bold</b> &lt; <para>" in words
    assert "evil⟨RLO⟩txt[symbol for" in words
    assert words.count("popper") == 300
    assert "%s {name} \\" in words
    joined = "".join(words.split())
    assert ("ä" * 40 in joined, "x" * 40 in joined) == (True, True)
    assert len(re.findall(r"555-0123", words)) == len(HOSTILE)


@pytest.mark.parametrize("text", [*HOSTILE, "word " * 4_000, "x" * 20_000, "\n" * 20_000, ""])
def test_whatever_the_text_is_it_is_written_and_ends(tmp_path: Path, text: str) -> None:
    reader = written(
        tmp_path, [line()], replace(PROOF, body=text, as_sent=text, names=(text[:300],), why=text)
    )
    assert "Ann" in reader.pages[-1].extract_text()
    last = len(reader.pages)
    assert f"Page {last} of {last}" in " ".join(reader.pages[-1].extract_text().split())


@pytest.mark.parametrize("name", ["Zoë", "José", "Łukasz", "Ελένη", "Юлия", "王小明"])
def test_names_are_found_again_in_it(tmp_path: Path, name: str) -> None:
    assert name in said(written(tmp_path, [line(name)]))


def test_its_font_is_in_it(tmp_path: Path) -> None:
    reader = written(tmp_path, [line("Łukasz")])
    fonts: Any = reader.pages[0]["/Resources"]
    ours = [
        font.get_object()
        for font in fonts["/Font"].values()
        if "DejaVu" in str(font.get_object()["/BaseFont"])
    ]
    assert ours
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in ours)


def test_fields_are_told_with_what_the_first_person_got(tmp_path: Path) -> None:
    words = said(written(tmp_path, [line()], replace(PROOF, body="Hi {first_name}!", as_sent="Hi Ann!")))
    assert "Hi {first_name}! As the first person received it: Hi Ann!" in words


def test_what_was_only_simulated_claims_nothing_else(tmp_path: Path) -> None:
    assert "Simulation only" in said(written(tmp_path, [line()], replace(PROOF, simulated=True)))
    assert "Simulation only" not in said(written(tmp_path, [line()]))


@pytest.mark.parametrize(("country", "size"), [("US", (612, 792)), ("MX", (612, 792)), ("ES", (595, 841))])
def test_paper_is_the_countrys(tmp_path: Path, country: str, size: tuple[int, int]) -> None:
    box = written(tmp_path, [line()], replace(PROOF, country=country)).pages[0].mediabox
    assert (int(box.width), int(box.height)) == size


def test_it_speaks_the_sessions_language(tmp_path: Path) -> None:
    words = said(written(tmp_path, [line("Ann", Status.FAILED)], language="es"))
    assert all(
        says in words for says in ("Constancia de aviso", "29 nov 2026, 13:57", "Página 1 de 1", "Fallido")
    )


def test_the_same_gives_the_same_bytes(tmp_path: Path) -> None:
    some = [line(name) for name in HOSTILE]
    save(tmp_path / "a.pdf", PROOF, some, Language("en"), WORDS)
    save(tmp_path / "b.pdf", PROOF, some, Language("en"), WORDS)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_every_page_has_the_tables_head_and_its_number(tmp_path: Path) -> None:
    reader = written(tmp_path, [line(f"P{n}") for n in range(120)])
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert len(pages) > 2
    for number, words in enumerate(pages, 1):
        assert "Name Number Sent at Status Segments" in words
        assert f"Page {number} of {len(pages)}" in words


def test_ten_thousand_people_take_little_memory(tmp_path: Path) -> None:
    written(tmp_path, [line()])  # what is read once: fonts, names
    tracemalloc.start()
    try:
        some = (line(f"Person {n} Łukasz", to=f"+1415555{n:04}") for n in range(10_000))
        assert save(tmp_path / "many.pdf", PROOF, some, Language("en"), WORDS) == 10_000
        assert tracemalloc.get_traced_memory()[1] < 16_000_000
    finally:
        tracemalloc.stop()


def test_a_file_that_is_there_stays_and_none_is_left_of_what_isnt_wanted(tmp_path: Path) -> None:
    file = tmp_path / "proof.pdf"
    file.write_text("mine")
    with pytest.raises(TextmeterError, match="already exists"):
        save(file, PROOF, [line()], Language("en"), WORDS)
    with pytest.raises(Cancelled):
        save(file, PROOF, [line()], Language("en"), WORDS, overwrite=True, wanted=lambda: False)
    with pytest.raises(WrongUsage, match=r"\.pdf"):
        save(tmp_path / "proof.txt", PROOF, [line()], Language("en"), WORDS)
    assert file.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [file]
