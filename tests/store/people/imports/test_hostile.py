"""Files that were made to keep a reader busy: what is done grows with their size, not with its square."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from store.people.imports.csv_files import read_csv
from store.people.imports.importing import decide, take
from store.people.imports.merging import KnownPeople
from store.people.imports.reading import FileText
from store.people.imports.vcards import read_vcards

BEGIN, END = "BEGIN:VCARD\nVERSION:3.0\n", "END:VCARD\n"
SIZE = 200_000


def card(lines: str) -> str:
    return f"{BEGIN}{lines}{END}"


def repeated(text: str, before: str = "") -> Callable[[int], str]:
    """A file of a size that says the same again and again."""
    return lambda size: before + text * (size // len(text))


TABLES: dict[str, Callable[[int], str]] = {
    "a quote opened in each line": repeated('x","\n', "First Name,Phone\n"),
    "a quote opened and never closed": repeated('a,"b\n', "First Name,Phone\n"),
    "a quote alone": repeated('"\n', "Phone\n"),
    "blank lines": repeated("\n", "Phone\n"),
    "a thousand columns, and short rows": repeated("a\n", "tel value," * 999 + "tel value\n"),
}
FILES = TABLES | {
    "one person in ever more groups": lambda size: (
        "Phone,Groups\n" + "".join(f"415-555-0132,{number}\n" for number in range(size // 20))
    ),
    "an address that all share": lambda size: (
        "First Name,Phone,Email\n"
        + "".join(f"{number},+1415555{number % 10_000:04},a@b.c\n" for number in range(size // 25))
    ),
    "numbers in one cell": repeated("1 ::: ", "Phone\n"),
    "addresses in one cell": repeated("x ::: ", "Email\n"),
    "groups in one cell": repeated("g;", "Phone,Groups\n415-555-0132,"),
    "a card without a colon": lambda size: card(f"TEL{'a' * size}\n"),
    "lines without a colon": lambda size: card(f"TEL{'a' * 90}\n" * (size // 94)),
    "commas among parameters": lambda size: card(f"TEL;A=b{',b' * 900}\n") * (size // 1_850),
    "parameters without an end": lambda size: card(f"TEL{';A=b' * 450}\n") * (size // 1_850),
    "soft line breaks": lambda size: card("FN;QUOTED-PRINTABLE:" + "=\n" * (size // 2)),
    "soft line breaks of a long text": lambda size: card("FN;QUOTED-PRINTABLE:" + "aaa=\n" * (size // 5)),
    "base64 in lines": lambda size: card("FN;BASE64:aaaa\n" + "aaaa\n" * (size // 5)),
    "numbers with slashes": repeated("4155552671/", "Phone\n"),
    "letters and digits": repeated("a1", "Phone\n"),
    "words of an encoding": lambda size: card("FN;" + "QUOTED-PRINTABLE" * (size // 16) + "=\n"),
    "numbers of one person": lambda size: card("TEL:1\n" * (size // 6)),
    "members of a group": lambda size: card("KIND:group\nFN:g\n" + "MEMBER:1\n" * (size // 9)),
    "kinds of numbers": lambda size: card("TEL;X-CUSTOM(\n" * (size // 14)),
    "folded lines": lambda size: card("TEL:1\n" + " 1\n" * (size // 3)),
    "cards within cards": repeated(BEGIN),
}


def lines_read(text: str) -> int:
    """In how many steps a table is read."""
    steps = [0]

    def step() -> None:
        steps[0] += 1

    _, rows = read_csv(FileText(text), {}, "US", step)
    for _ in rows:
        pass
    return steps[0]


@pytest.mark.parametrize("made", TABLES.values(), ids=TABLES)
def test_twice_the_table_takes_twice_the_steps(made: Callable[[int], str]) -> None:
    assert lines_read(made(SIZE)) <= 2.1 * lines_read(made(SIZE // 2))


@pytest.mark.timeout(200)
@pytest.mark.parametrize("made", FILES.values(), ids=FILES)
def test_what_such_a_file_comes_to_is_told(made: Callable[[int], str]) -> None:
    told: list[int] = []
    text = made(SIZE)
    decided = decide(io.BytesIO(text.encode()), "US", told.append)
    report = take(decided, KnownPeople([]))
    assert report.added <= len(decided.rows)
    assert len(told) > max(text.count("\n") // 5_000, len(decided.rows) // 500)  # so that it can be stopped


def test_a_comma_more_is_not_twice_the_work() -> None:
    (refused,) = read_vcards(card(f"FN:Zoë\nTEL;TYPE={',' * 60}\n").encode(), {})
    assert refused.refused is not None
    assert (refused.first_name, refused.refused.code) == ("Zoë", "unreadable")


def test_a_card_that_is_too_long_is_called_so_and_costs_no_other() -> None:
    text = card("FN:Zoë\n" + "TEL:415-555-0133\n" * 5_000) + card("FN:Ana\nTEL:+14155550132\n")
    zoe, ana = read_vcards(text.encode(), {})
    assert zoe.refused is not None
    assert (zoe.first_name, zoe.refused.code) == ("Zoë", "too-long")
    assert tuple(number.written for number in ana.numbers) == ("+14155550132",)


def test_a_group_may_have_thousands_of_members() -> None:
    members = "".join(
        f"X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:00000000-0000-0000-0000-\n {n}\n" for n in range(2_000)
    )
    group = card(f"X-ADDRESSBOOKSERVER-KIND:group\nN:Tower\n{members}")
    (ana,) = read_vcards((card("FN:Ana\nUID:00000000-0000-0000-0000-1999\n") + group).encode(), {})
    assert ana.groups == ("Tower",)
