"""Cards are read one by one, of every version that phones still write."""

from __future__ import annotations

import base64

import pytest

from store.people.imports.incoming import Incoming
from store.people.imports.vcards import is_vcard, read_vcards


def cards(*bodies: str) -> list[Incoming]:
    text = "".join(f"BEGIN:VCARD\nVERSION:3.0\n{body}\nEND:VCARD\n" for body in bodies)
    return list(read_vcards(text.encode(), {}))


def written(card: Incoming) -> tuple[str, ...]:
    """The numbers that take texts, best first."""
    return tuple(number.written for number in card.numbers if number.kind != "fax")


def test_a_vcard_file_is_known_by_its_first_line() -> None:
    assert is_vcard(b"\r\nbegin:vcard\r\nVERSION:3.0\r\n")
    assert not is_vcard(b"Name,Phone\nBEGIN:VCARD,1\n")


def test_apples_own_labels_say_what_kind_a_number_is() -> None:
    (card,) = cards(
        "N:Núñez;José;;;\n"
        "item1.TEL:1\nitem1.X-ABLabel:Lake house\n"
        "item2.TEL:2\nitem2.X-ABLabel:_$!<Mobile>!$_"
    )
    assert written(card) == ("2", "1")


def test_the_preferred_number_comes_first_among_its_kind_only() -> None:
    (card,) = cards("N:x\nTEL;type=HOME;type=pref:1\nTEL;type=CELL:2\nTEL;type=CELL;type=pref:3")
    assert written(card) == ("3", "2", "1")


@pytest.mark.parametrize(
    ("line", "phone"),
    [
        ("TEL;VALUE=uri:tel:+1-415-555-0132", "+1-415-555-0132"),
        ('TEL;TYPE="voice,cell";PREF=1;VALUE=uri:tel:+1-415-555-0132;ext=12', "+1-415-555-0132 ext. 12"),
        ("TEL;VALUE=uri:TEL:%2B14155550132;phone-context=example.com", "+14155550132"),
        ("TEL;VALUE=text:+1 415 555 0132", "+1 415 555 0132"),
        ("TEL;CELL:+1 415 555 0132", "+1 415 555 0132"),
        ("TEL;TYPE=CELL:+1 415\n  555 0132", "+1 415 555 0132"),
    ],
)
def test_a_number_is_read_however_it_is_written(line: str, phone: str) -> None:
    (card,) = cards(f"FN:Zoë\n{line}")
    assert written(card) == (phone,)


def test_a_fax_is_no_number_for_texts() -> None:
    (card,) = cards("FN:Zoë\nTEL;type=HOME;type=FAX:1\nTEL;TYPE=pager:2")
    assert written(card) == ()


def test_escaped_signs_are_part_of_a_name() -> None:
    (card,) = cards("N:O\\;Hara\\, Jr.;Zoë\\nAnn;Q;;\nORG:Elm\\, Oak;Sales\nCATEGORIES:a\\,b,c")
    assert (card.first_name, card.last_name) == ("Zoë Ann", "Q O;Hara, Jr.")
    assert (card.company, card.groups) == ("Elm, Oak", ("a,b", "c"))


def test_a_bad_card_is_refused_by_its_name_and_the_others_are_taken() -> None:
    one, two, three = cards("FN:Ana\nTEL:1", "FN:Broken\nTEL", "FN:José\nTEL:3")
    assert (written(one), written(three)) == (("1",), ("3",))
    assert (two.first_name, two.number) == ("Broken", 2)
    assert two.refused is not None
    assert two.refused.code == "unreadable"


def test_a_bad_line_costs_nothing_but_itself_and_is_told() -> None:
    one, two = cards("FN:Ana\nTEL\nTEL:1", "FN;ENCODING=QUOTED-PRINTABLE;CHARSET=NONE:Jos=C3=A9\nTEL:2")
    assert (one.first_name, written(one), [note.code for note in one.notes]) == (
        "Ana",
        ("1",),
        ["unreadable-line"],
    )
    assert (two.first_name, written(two)) == ("José", ("2",))


def test_a_card_that_is_cut_off_is_refused_and_the_next_one_taken() -> None:
    text = "BEGIN:VCARD\nFN:Ana\nTEL:1\nBEGIN:VCARD\nFN:José\nTEL:2\nEND:VCARD\nBEGIN:VCARD\nFN:Zoë\nTE"
    one, two, three = read_vcards(text.encode(), {})
    assert written(two) == ("2",)
    for cut in (one, three):
        assert cut.refused is not None
        assert "has no end" in str(cut.refused.says)


def test_a_card_of_a_group_puts_its_members_there_and_is_nobody() -> None:
    people = cards(
        "FN:Book Club\nX-ADDRESSBOOKSERVER-KIND:group\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:AB-1",
        "FN:Zoë\nTEL:1\nUID:ab-1",
        "FN:Lectores\nKIND:group\nMEMBER:urn:uuid:ab-1",
        "FN:José\nTEL:2\nUID:urn:uuid:ab-2",
    )
    assert [(card.number, card.first_name, card.groups) for card in people] == [
        (1, "Zoë", ("Book Club", "Lectores")),
        (2, "José", ()),
    ]


def test_letters_of_another_encoding_are_read_and_told() -> None:
    raw = "BEGIN:VCARD\r\nFN:José Núñez\r\nTEL:1\r\nEND:VCARD\r\n".encode("cp1252")
    (card,) = read_vcards(raw, {})
    assert (card.first_name, card.last_name) == ("José", "Núñez")
    assert [note.code for note in card.notes] == ["mixed-encoding"]


@pytest.mark.timeout(60)  # next to nothing, unless it is read letter by letter
@pytest.mark.parametrize("fold", [True, False], ids=["folded", "in one line"])
def test_a_picture_of_megabytes_is_passed_over(fold: bool) -> None:
    picture = base64.b64encode(bytes(4_000_000)).decode()
    if fold:
        picture = "\n ".join(picture[at : at + 74] for at in range(0, len(picture), 74))
    (card,) = cards(f"FN:Zoë\nPHOTO;ENCODING=b;TYPE=JPEG:{picture}\nTEL:1")
    assert written(card) == ("1",)


@pytest.mark.parametrize(
    ("lines", "first", "last"),
    [
        ("N;CHARSET=windows-1251:Иванов;Пётр".encode("cp1251"), "Пётр", "Иванов"),
        (b"N;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg", "Jörg", "Müller"),
        (b"N:O'Hara;Zo\xc3\r\n \xab", "Zoë", "O'Hara"),
        (b"N;CHARSET=UTF-8;QUOTED-PRINTABLE:=D0=98=\r\n =D0=B2;=D0=9F=\r\n=D1=91", "Пё", "Ив"),
        (b"N;CHARSET=UTF-8;ENCODING=BASE64:TcO8bGxlcjtKw7ZyZzs7Ow==", "Jörg", "Müller"),
        (b"N;ENCODING=BASE64:TcO8bGxl\r\ncjtKw7ZyZzs7Ow==\r\n", "Jörg", "Müller"),
        (b"N:Desk\\: Office;Zed", "Zed", "Desk: Office"),
        (b"N:;;;;\r\nFN:zoe@example.com", "", ""),
        (b"N:Smith;John;;Mr.;", "John", "Smith"),
    ],
    ids=[
        "charset",
        "qp",
        "fold in a letter",
        "qp folds",
        "base64",
        "base64 lines",
        "colon",
        "address",
        "title",
    ],
)
def test_a_name_arrives_however_it_is_encoded(lines: bytes, first: str, last: str) -> None:
    (card,) = read_vcards(b"BEGIN:VCARD\r\nVERSION:2.1\r\n" + lines + b"\r\nTEL:1\r\nEND:VCARD\r\n", {})
    assert (card.first_name, card.last_name, written(card)) == (first, last, ("1",))


def test_an_assistants_card_is_not_the_persons() -> None:
    (card,) = cards(
        "N:Boss;Big\nTEL:1\nAGENT:\nBEGIN:VCARD\nN:Assist;Amy\nTEL:2\nEND:VCARD\nEMAIL:big@example.com"
    )
    assert (card.first_name, written(card), card.emails) == ("Big", ("1",), ("big@example.com",))
    assert [note.code for note in card.notes] == ["inner-card"]


def test_cards_put_together_with_their_marks_are_all_there() -> None:
    one = "\ufeffBEGIN:VCARD\r\nFN:Ann\r\nTEL:1\r\nEND:VCARD\r\n"
    assert is_vcard(one.encode())
    assert [card.first_name for card in read_vcards((one + one.replace("Ann", "Bob")).encode(), {})] == [
        "Ann",
        "Bob",
    ]


def test_properties_that_are_not_used_are_named() -> None:
    columns: dict[str, str | None] = {}
    list(read_vcards(b"BEGIN:VCARD\nFN:Ann\nTEL:1\nNOTE:x\nX-SKYPE:ann\nEND:VCARD\n", columns))
    assert columns == {"FN": "name", "NOTE": "notes", "TEL": "phone", "X-SKYPE": None}
