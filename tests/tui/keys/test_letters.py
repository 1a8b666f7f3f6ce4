"""The same letter means the same thing on every screen, and one verb has one letter."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from textual.binding import Binding

from tui.base.actions import Action
from tui.base.jumping import LETTERS
from tui.i18n.key_names import shown
from tui.keys.catalog import Catalog, every_class

TUI = Path(__file__).parent.parent.parent.parent / "tui"
F5 = "f5"
BACK = "back"
"""What goes back may do so by the key that led here."""


class Pressed(NamedTuple):
    """One key of an action, and what it does: the last word of the action's id, without what tells it from
    its like ("out-stays")."""

    key: str
    verb: str


def pressed(all_of_them: Catalog) -> Iterator[Pressed]:
    """Every letter, sign, chord and F-key of every action; not those that move, or that enter and leave."""
    for place in (all_of_them.everywhere, *all_of_them.places):
        for action in place.actions.values():
            verb = action.id.rpartition(".")[2].partition("-")[0]
            for key in filter(None, action.key.split(",")):
                if is_sign(key) or "ctrl+" in key or is_f_key(key):
                    yield Pressed(key, verb)


def is_sign(key: str) -> bool:
    named = shown(key, str)
    return " " in key or (len(named) == 1 and named.isascii())


def is_f_key(key: str) -> bool:
    return re.fullmatch(r"(shift\+)?f\d+", key) is not None


def test_a_key_means_one_thing(found: Catalog) -> None:
    meanings: dict[str, set[str]] = defaultdict(set)
    for key, verb in pressed(found):
        if verb != BACK:
            meanings[key].add(verb)
    assert {key: verbs for key, verbs in meanings.items() if len(verbs) > 1} == {}


def test_a_verb_has_one_letter_one_chord_and_one_f_key(found: Catalog) -> None:
    every: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key, verb in pressed(found):
        kind = "go" if " " in key else "F" if is_f_key(key) else "chord" if "ctrl+" in key else "letter"
        every[verb, kind].add(key)
    several = {verb: keys for (verb, _), keys in every.items() if len(keys) > 1 and verb != BACK}
    assert several == {"write": {"c", "w"}, "compose": {"g c", "g w"}}  # as mail programs, and by its name


def test_letters_that_move_in_lists_do_nothing_else(found: Catalog) -> None:
    taken = {key for key, _ in pressed(found)}
    moving = {
        binding.key
        for where in every_class()
        for one in where.__mro__
        for binding in Binding.make_bindings(one.__dict__.get("BINDINGS", ()))
        if one.__module__.startswith("tui.") and len(binding.key) == 1
    } | {"j", "k", "G"}
    assert taken.isdisjoint(moving)


def test_every_action_that_the_source_has_is_found(found: Catalog) -> None:
    ids = {
        id
        for file in TUI.rglob("*.py")
        for id in re.findall(r'\b(?:Action|hidden)\(\s*"([^"]+)"', file.read_text(encoding="utf-8"))
    }
    assert len(ids) > 150
    assert ids - set(found.actions) == set()


def test_ids_can_be_keys_and_tables_of_one_file(found: Catalog) -> None:
    ids = set(found.actions)
    assert ids.isdisjoint(id.rpartition(".")[0] for id in ids if "." in id)


def test_readme_has_the_letters_that_are_in_force(found: Catalog) -> None:
    readme = (TUI / "README.md").read_text(encoding="utf-8").partition("## Keys")[2].partition("\n## ")[0]
    told = dict(re.findall(r"`([^`]+)` (\w+)", readme))
    verbs: dict[str, str] = {}
    for key, verb in pressed(found):
        if is_sign(key):
            verbs[shown(key, str)] = verb
    assert told == verbs


def test_only_send_is_on_f5(found: Catalog) -> None:
    on_f5 = [id for id, action in found.actions.items() if F5 in action.key.split(",")]
    assert on_f5
    assert all(id.startswith("compose.send") for id in on_f5)


def test_jump_mode_has_every_letter() -> None:
    assert sorted(LETTERS) == [chr(letter) for letter in range(ord("a"), ord("z") + 1)]


def test_what_is_in_a_field_or_a_dialog_can_be_reached_by_a_chord_or_an_f_key(found: Catalog) -> None:
    everywhere: dict[str, Action] = dict(found.everywhere.actions)
    for id in ("jump", "palette", "quit"):
        assert everywhere[id].priority
        assert all(not is_sign(key) for key in everywhere[id].key.split(","))


def test_no_hint_draws_a_key_that_is_only_typed() -> None:
    typed = {
        (file.name, key)
        for file in TUI.rglob("*.py")
        for key in re.findall(r'\("([^"]{1,9})", "bold \$primary"\)', file.read_text(encoding="utf-8"))
    }
    assert typed == set()


def test_hints_name_the_keys_that_their_actions_have(found: Catalog) -> None:
    told = {
        key
        for file in TUI.rglob("*.py")
        for key in re.findall(r'\bKey\(\s*"([^"]+)", "([^"]+)"', file.read_text(encoding="utf-8"))
    }
    assert len(told) > 25
    assert {(id, key) for id, key in told if key not in found.actions[id].key.split(",")} == set()
