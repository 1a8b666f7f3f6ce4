"""What people call a character."""

from __future__ import annotations

from store.texts.graphemes import cluster_edges, costly, edge_after, edge_before

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"


def test_plain_characters_each_stand_for_themselves() -> None:
    assert list(cluster_edges("abc")) == [0, 1, 2, 3]
    assert list(cluster_edges("")) == [0]


def test_a_family_a_flag_and_an_accent_are_one_each() -> None:
    assert cluster_edges(f"a{FAMILY}") == (0, 1, 6)
    assert cluster_edges("\U0001f1fa\U0001f1f8\U0001f1e8\U0001f1e6") == (0, 2, 4)
    assert cluster_edges("e\u0301x") == (0, 2, 3)


def test_a_place_within_one_goes_to_its_edges() -> None:
    line = f"a{FAMILY}b"
    assert [edge_before(line, column) for column in range(8)] == [0, 1, 1, 1, 1, 1, 6, 7]
    assert [edge_after(line, column) for column in range(8)] == [0, 1, 6, 6, 6, 6, 6, 7]
    assert edge_after(line, 99) == 7


def test_what_is_not_gsm_is_costly_as_a_whole() -> None:
    assert costly("plain [text] é €") == []
    assert costly(f"a—{FAMILY}") == [(1, 2), (2, 7)]


def test_an_accent_that_composes_to_gsm_costs_nothing() -> None:
    assert costly("e\u0301") == []
    assert costly("e\u0302") == [(0, 2)]
