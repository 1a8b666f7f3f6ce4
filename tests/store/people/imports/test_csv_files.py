"""Rows of a CSV file are read as they were meant, and a bad row costs the others nothing."""

from __future__ import annotations

import pytest

from store.people.imports.csv_files import read_csv
from store.people.imports.incoming import ImportRefused, Incoming
from store.people.imports.reading import FileText
from store.people.imports.rows import people


def rows(text: str) -> list[Incoming]:
    table, found = read_csv(FileText(text), {}, "US")
    return list(people(found, table.header, table.meaning))


def written(row: Incoming) -> tuple[str, ...]:
    return tuple(number.written for number in row.numbers)


def phones(text: str) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, written(row)) for row in rows(text)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_end_will_do(delimiter: str, end: str) -> None:
    text = end.join(delimiter.join(cells) for cells in (["Name", "Phone"], ["Zoë", "1"], ["José", "2"])) + end
    assert [(row.first_name, written(row)) for row in rows(text)] == [("Zoë", ("1",)), ("José", ("2",))]


def test_the_delimiter_is_the_one_that_makes_sense_of_the_header() -> None:
    assert phones("Name;Phone;Notes, birthdays, pets\nZoë;1;a,b\n") == [(1, ("1",))]


def test_the_line_that_tells_excel_the_delimiter_is_no_row() -> None:
    assert phones("sep=;\nName;Phone\nZoë;1\n") == [(1, ("1",))]


def test_blank_rows_are_counted_and_left_out() -> None:
    assert phones("\nName,Phone\n\nZoë,1\n , \n\nJosé,2\n") == [(2, ("1",)), (5, ("2",))]


def test_a_short_row_lacks_what_is_at_its_end() -> None:
    (row,) = rows("Phone,Name,Company\n1,Zoë\n")
    assert (written(row), row.first_name, row.company, row.refused) == (("1",), "Zoë", "", None)


def test_a_row_with_too_many_cells_is_refused_and_blank_ones_are_not_counted() -> None:
    one, two, three = rows("Name,Phone\nO'Hara, Zoë,1\nJosé,2,,\n李,3\n")
    assert one.refused is not None
    assert one.refused.code == "uneven"
    assert "3 cells, but the file has 2 columns" in str(one.refused.says)
    assert (written(two), written(three)) == (("2",), ("3",))


@pytest.mark.parametrize(
    "bad",
    ['"Zoë,1', '"Zoë" O\'Hara,1', '"'],
    ids=["never closed", "closed too early", "alone"],
)
def test_quotes_that_do_not_match_cost_one_row(bad: str) -> None:
    one, two, three, four = rows(f'Name,Phone\nAna,1\n{bad}\n"José",2\n"李",3\n')
    assert written(one) == ("1",)
    assert two.refused is not None
    assert two.refused.code == "unreadable"
    assert (written(three), written(four)) == (("2",), ("3",))


def test_a_cell_that_is_too_long_is_called_so_and_costs_one_row() -> None:
    one, two = rows(f'Name,Phone\nx,"{"y" * 200_000}"\n"José",2\n')
    assert one.refused is not None
    assert one.refused.code == "too-long"
    assert "more than 131072 characters" in str(one.refused.says)
    assert written(two) == ("2",)


def test_a_row_after_one_with_an_open_quote_may_hold_lines() -> None:
    one, two, three = rows('Name,Phone,Company\nx,1,"y\n"José",2,"Elm,\nOak"\n李,3,\n')
    assert one.refused is not None
    assert (written(two), two.company, written(three)) == (("2",), "Elm, Oak", ("3",))


def test_a_file_of_more_columns_than_any_address_book_is_refused() -> None:
    with pytest.raises(ImportRefused, match="2000 columns") as refused:
        rows("Phone," * 1999 + "Phone\n1\n")
    assert refused.value.code == "too-many-columns"


def test_quoted_cells_may_hold_lines_quotes_and_delimiters() -> None:
    (row,) = rows('Name,Phone,Company\n"Zoë ""Z"" O\'Hara",1,"Elm,\nOak"\n')
    assert (row.first_name, row.last_name, row.company) == ("Zoë", '"Z" O\'Hara', "Elm, Oak")


def test_a_stray_nul_is_dropped() -> None:
    assert phones("Name,Phone\nZo\0ë,415\x00555\n") == [(1, ("415555",))]


def test_several_numbers_in_one_cell_are_told_apart() -> None:
    text = "Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value\nWork,1 ::: 2,Mobile,3\n"
    assert phones(text) == [(1, ("3", "1", "2"))]


def test_the_number_that_is_marked_comes_first_among_its_kind() -> None:
    text = "Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value\nMobile,1,* Mobile,2\n"
    assert phones(text) == [(1, ("2", "1"))]


def test_a_company_is_no_person_by_the_same_name() -> None:
    (row,) = rows("Name,Company,Phone\nCorner Bakery,Corner Bakery,1\n")
    assert (row.first_name, row.last_name, row.company) == ("", "", "Corner Bakery")


def test_a_label_of_google_may_hold_a_comma_and_others_are_lists() -> None:
    (google,) = rows('Labels,Phone\n"Elm, Oak ::: Pine",1\n')
    (plain,) = rows('Groups,Phone\n"Elm, Oak; Pine|Fir",1\n')
    assert google.groups == ("Elm, Oak", "Pine")
    assert plain.groups == ("Elm", "Oak", "Pine", "Fir")


def test_a_file_without_numbers_or_addresses_names_its_columns_and_ours() -> None:
    with pytest.raises(ImportRefused) as refused:
        rows("Name,Street,City\nZoë,Elm St,San Francisco\n")
    assert refused.value.code == "missing-column"
    assert "Its columns: Name, Street, City." in str(refused.value)
    assert "Phone, Mobile, Email" in str(refused.value)


def test_a_header_of_any_length_is_named_briefly() -> None:
    for header in ("x" * 500_000, ",".join("x" * 100 for _ in range(1_000)), '"', "a\n" * 10):
        with pytest.raises(ImportRefused) as refused:
            rows(header)
        assert len(str(refused.value)) < 800


@pytest.mark.parametrize(("columns", "more"), [(12, ""), (13, ", ...")])
def test_twelve_columns_are_named_by_thirty_characters_each(columns: int, more: str) -> None:
    names = ["x" * (29 + number) for number in range(columns)]
    with pytest.raises(ImportRefused) as refused:
        rows(",".join(names))
    shown = ", ".join(name[:30] for name in names[:12])
    assert f"Its columns: {shown}{more}. Textmeter" in str(refused.value)
