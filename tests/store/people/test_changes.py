"""Every change of contacts and groups can be undone by whoever made it, unless they were changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.database import Database
from store.errors import RefusedByRule, TextmeterError, WrongUsage
from store.people.addressbook import AddressBook
from store.people.changes import KEPT
from store.people.model import Contact, Details, Number
from store.roles import Person, Role

ANN, BOB = "+14155550101", "+14155550102"
UNIT = Details(numbers=(("415 555 0199", "work"),), fields=(("Unit", "4B"),), household="Lee", note="x")


@pytest.fixture
def somebody_else(url: str, book: AddressBook) -> Iterator[AddressBook]:
    """The address book as another person has it."""
    database = Database(url, Person("Ola", Role.OWNER))
    yield AddressBook(database)
    database.close()


def add(book: AddressBook, name: str, phone: str = ANN, *groups: str) -> Contact:
    return book.add(first_name=name, phone=phone, groups=groups, region="US", details=UNIT)


def rename(book: AddressBook, contact: Contact, name: str) -> Contact:
    return book.update(
        contact.id,
        first_name=name,
        last_name="",
        company="",
        phone=contact.phone,
        email="",
        groups=contact.groups,
        region="US",
    )


def everything(book: AddressBook) -> tuple[list[Contact], list[tuple[str, int]]]:
    return book.contacts(limit=1_000), book.groups()


CHANGES: dict[str, Callable[[AddressBook, Contact, Contact, Path], object]] = {
    "add": lambda book, ann, bob, path: add(book, "Cy", "+14155550103", "New"),
    "edit": lambda book, ann, bob, path: rename(book, ann, "Anna"),
    "delete": lambda book, ann, bob, path: book.delete(ann.id, bob.id),
    "tag": lambda book, ann, bob, path: book.tag([ann.id, bob.id], add=["VIP"], remove=["Buyers"]),
    "merge": lambda book, ann, bob, path: book.merge(ann.id, [bob.id]),
    "import": lambda book, ann, bob, path: book.import_file(path, region="US"),
    "group removed": lambda book, ann, bob, path: book.remove_group("buyers"),
    "group renamed": lambda book, ann, bob, path: book.rename_group("buyers", "Leads"),
    "named first": lambda book, ann, bob, path: book.name_first(bob.id),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_undone_whole_and_only_once(book: AddressBook, tmp_path: Path, name: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"Name,Phone,Email,Groups\nAnn,{ANN},ann@example.com,VIP\nDee,415-555-0104,,VIP\n")
    ann, bob = add(book, "Ann", ANN, "Buyers"), add(book, "Bob", ANN, "Buyers", "Board")
    book.limit_group("Buyers", [1])
    before = everything(book)
    CHANGES[name](book, ann, bob, path)
    assert everything(book) != before
    undone = book.undo()
    assert undone is not None
    assert everything(book) == before
    assert book.groups(2) == [("Board", 1)]  # a group that is back is offered to nobody new
    last = book.last_change()
    assert last is not None
    assert last.kind == "add"


def test_the_last_changes_are_undone_one_after_another_also_after_a_restart(
    book: AddressBook, url: str
) -> None:
    ann = add(book, "Ann")
    for number in range(KEPT + 5):
        ann = rename(book, ann, f"Ann {number}")
    other = Database(url)
    again = AddressBook(other)
    names = []
    while again.undo():
        (contact,) = again.contacts()
        names.append(contact.first_name)
    other.close()
    assert names == [f"Ann {number}" for number in reversed(range(4, KEPT + 4))]


def test_ones_own_changes_are_undone_and_nobody_elses(book: AddressBook, somebody_else: AddressBook) -> None:
    add(book, "Ann")
    assert somebody_else.undo() is None
    add(somebody_else, "Bob", BOB)
    book.undo()
    assert [contact.name for contact in book.contacts()] == ["Bob"]


@pytest.mark.parametrize("name", ["edit", "delete", "tag", "merge", "import", "group renamed"])
def test_what_somebody_changed_since_is_not_undone(
    book: AddressBook, somebody_else: AddressBook, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"Name,Phone,Groups\nAnna,{ANN},VIP\n")
    ann, bob = add(book, "Ann", ANN, "Buyers"), add(book, "Bob", BOB, "Buyers")
    rename(book, ann, "Anna")
    CHANGES[name](somebody_else, ann, bob, path)
    after = everything(book)
    with pytest.raises(RefusedByRule, match="has changed since, so") as refused:
        book.undo()
    assert refused.value.code == "changed-since"
    assert everything(book) == after
    last = book.last_change()
    assert last is not None
    assert last.kind == "add"  # what was before it is next


def test_an_import_is_not_undone_where_one_who_came_by_it_was_changed_since(
    book: AddressBook, somebody_else: AddressBook, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"Name,Phone\nAnn,{ANN}\nBob,{BOB}\n")
    book.import_file(path, region="US")
    somebody_else.delete(book.contacts("Bob")[0].id)
    with pytest.raises(RefusedByRule, match=r"people\.csv has changed since"):
        book.undo("import")
    assert [contact.name for contact in book.contacts()] == ["Ann"]


def test_an_import_is_undone_whatever_was_done_besides(book: AddressBook, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"Name,Phone\nAnn,{ANN}\n")
    imported = book.import_file(path, region="US")
    for number in range(KEPT + 5):
        add(book, f"P{number}", f"+141555502{number:02}")
    undone = book.undo("import")
    assert undone is not None
    assert (undone.id, undone.what, undone.people) == (imported.change, "people.csv", 1)
    assert book.by_phones([ANN]) == {}
    assert book.undo("import") is None


def test_an_edit_of_what_was_changed_meanwhile_is_refused(book: AddressBook) -> None:
    ann = add(book, "Ann")
    book.tag([ann.id], add=["VIP"])
    with pytest.raises(RefusedByRule, match="changed since you opened it"):
        book.update(
            ann.id,
            first_name="Anna",
            last_name="",
            company="",
            phone=ANN,
            email="",
            groups=(),
            region="US",
            version=ann.version,
        )


def test_merging_keeps_all_that_was_known_and_both_ids_mean_the_one_who_stays(book: AddressBook) -> None:
    ann = book.add(first_name="Ann", phone=ANN, groups=["Buyers"], region="US", details=UNIT)
    other = book.add(
        first_name="Annie",
        phone=BOB,
        email="ann@example.com",
        groups=["VIP"],
        region="US",
        details=Details(fields=(("building", "2"),)),
    )
    third = book.add(first_name="A.", email="a@example.com", region="US")
    book.merge(other.id, [third.id])
    merged = book.merge(ann.id, [other.id])
    assert [number.phone for number in merged.numbers] == [ANN, "+14155550199", BOB]
    assert merged.emails == ("ann@example.com", "a@example.com")
    assert merged.fields == (("unit", "4B"), ("building", "2"))
    assert (merged.name, merged.groups) == ("Ann", ("Buyers", "VIP"))
    assert "Annie" in merged.note
    assert book.contact(third.id) == book.contact(other.id) == merged
    assert sorted(book.merged_from(ann.id)) == [ann.id, other.id, third.id]
    assert [row[0] for row in book.recipients(contacts=[other.id, ann.id, third.id], groups=[])] == [ANN]
    book.undo()
    there = book.contact(other.id)
    assert there is not None
    assert there.first_name == "Annie"


def test_who_may_be_the_same_person_is_proposed_the_likeliest_first(book: AddressBook) -> None:
    ann = book.add(first_name="Ann", last_name="Lee", company="Elm", phone=ANN, email="a@x.org", region="US")
    named = book.add(first_name="Ann", last_name="Lee", company="Elm", phone=BOB, region="US")
    mailed = book.add(first_name="A", email="A@X.org", region="US")
    called = book.add(
        first_name="Annie", phone="+14155550109", region="US", details=Details(((ANN, "work"),))
    )
    book.add(first_name="Ann", last_name="Lee", company="Oak", phone="+14155550108", region="US")
    assert book.duplicates(ann) == [called, mailed, named]


def test_of_those_who_share_a_number_a_text_greets_the_one_named_first(book: AddressBook) -> None:
    ann, bob = add(book, "Ann"), add(book, "Bob")
    assert (book.sharing(ann), book.by_phones([ANN])[ANN].name) == ([bob], "Ann")
    book.name_first(bob.id)
    assert book.by_phones([ANN])[ANN].name == "Bob"
    assert [row[2] for row in book.recipients(contacts=[ann.id, bob.id], groups=[])] == ["Bob", "Ann"]
    book.name_first(ann.id)
    assert book.by_phones([ANN])[ANN].name == "Ann"


def test_further_numbers_are_found_and_a_fax_is_never_texted(book: AddressBook) -> None:
    ann = book.add(phone="", region="US", email="a@x.org", details=Details(((ANN, "fax"), (BOB, "home"))))
    assert (ann.phone, ann.numbers[0]) == (BOB, Number(BOB, "US", "home"))
    assert book.by_phones([ANN]) == {ANN: ann}
    assert book.contacts("555-0101") == [ann]


def test_groups_and_fields_are_searched(book: AddressBook) -> None:
    ann = add(book, "Ann", ANN, "Käufer")
    book.add(first_name="Kaufmann", phone=BOB, region="US")
    assert book.contacts("4b") == [ann]
    assert book.contacts("#kauf") == [ann]
    assert [contact.name for contact in book.contacts("kauf")] == ["Ann", "Kaufmann"]
    assert book.contacts("ann kaufer 0199 lee") == [ann]
    assert book.own_fields() == {"unit": "4B"}


def test_a_group_that_is_not_there_is_neither_removed_nor_renamed(book: AddressBook) -> None:
    ann = add(book, "Ann", ANN, "Buyers", "VIP")
    with pytest.raises(WrongUsage, match="There is no group Nobody"):
        book.remove_group("Nobody")
    with pytest.raises(WrongUsage, match="There is no group Nobody"):
        book.rename_group("Nobody", "x")
    with pytest.raises(WrongUsage, match="There is already a group vip"):
        book.rename_group("Buyers", "vip")
    with pytest.raises(WrongUsage, match="no longer exists"):
        book.tag([ann.id, 999], add=["x"])
    assert everything(book) == ([ann], [("Buyers", 1), ("VIP", 1)])


names = st.sampled_from(["Ann", "ANN", "Bob", "李"])
phones = st.sampled_from([ANN, BOB, "+14155550103"])
steps = st.lists(
    st.tuples(
        st.sampled_from(["add", "edit", "delete", "tag", "merge", "import", "rename", "undo"]),
        names,
        phones,
        st.integers(0, 3),
    ),
    max_size=12,
)


# The fixture gives each example a database of its own.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_whatever_is_done_nobody_is_lost_and_undoing_all_of_it_leaves_nobody(
    new_database: Callable[[], str], tmp_path: Path, steps: list[tuple[str, str, str, int]]
) -> None:
    database = Database(new_database())
    database.migrate(AddressBook.TABLES)
    book = AddressBook(database)
    states = [everything(book)]  # before each change that can be undone
    for what, name, phone, at in steps:
        before, done = everything(book), book.last_change()
        try:
            act(book, what, name, phone, at, tmp_path)
        except TextmeterError:
            assert everything(book) == before
            continue
        after = everything(book)
        if what == "undo":
            if done is not None:
                assert after == states.pop()
        elif book.last_change() != done:
            states.append(before)
        if what in ("add", "tag", "import", "rename"):
            assert {known.id for known in before[0]} <= {known.id for known in after[0]}
        if what in ("add", "import"):
            assert (name.lower(), phone) in {(known.name.lower(), known.phone) for known in after[0]}
        if what == "merge":
            held = {number.phone for known in after[0] for number in known.numbers}
            assert {number.phone for known in before[0] for number in known.numbers} == held
    while book.undo():
        assert everything(book) == states.pop()
    assert everything(book) == ([], [])
    database.close()


def act(book: AddressBook, what: str, name: str, phone: str, at: int, folder: Path) -> None:
    """One step. at: which of those who are there."""
    there = book.contacts()
    some = there[at : at + 1]
    if what == "add":
        add(book, name, phone, "Buyers")
    elif what == "import":
        path = folder / "people.csv"
        path.write_text(f"Name,Phone,Groups\n{name},{phone},VIP\nCy,+14155550104,Buyers\n")
        book.import_file(path, region="US")
    elif what == "undo":
        book.undo()
    elif what == "rename":
        book.rename_group("Buyers", f"Leads {at}")
    elif some and what == "edit":
        rename(book, some[0], name)
    elif some and what == "delete":
        book.delete(some[0].id)
    elif some and what == "tag":
        book.tag([some[0].id], add=[name], remove=["Buyers"])
    elif some and what == "merge":
        book.merge(some[0].id, [other.id for other in there if other.id != some[0].id])
