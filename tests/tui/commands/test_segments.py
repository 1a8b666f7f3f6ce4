"""`textmeter segments`."""

from __future__ import annotations

import json

import pytest

from store.texts.fixes import fixes
from tests.tui.commands.conftest import Textmeter


def test_a_plain_text_is_one_segment(textmeter: Textmeter) -> None:
    assert textmeter("segments", "--json", "Hello").json == {
        "encoding": "GSM-7",
        "segments": 1,
        "units": 5,
        "characters": 5,
        "split": ["Hello"],
        "replaceable": [],
    }


def test_a_dash_is_named_with_its_place_and_substitute(textmeter: Textmeter) -> None:
    found = textmeter("segments", "Sunday — 2 pm", "--json").json
    assert (found["encoding"], found["segments"]) == ("UCS-2", 1)
    assert found["replaceable"] == [{"at": 7, "character": "—", "substitute": "-"}]


def test_what_can_be_replaced_is_what_the_editor_offers(textmeter: Textmeter) -> None:
    text = "Open house 🏠 on Sunday — come ★ see"
    found = textmeter("segments", text, "--json").json
    assert found["replaceable"] == [
        {"at": each.at, "character": each.character, "substitute": each.substitute} for each in fixes(text)
    ]
    assert len(found["replaceable"]) == 3
    assert "at 11: 🏠 → nothing" in textmeter("segments", text).out


def test_a_long_text_is_split_where_it_will_be(textmeter: Textmeter) -> None:
    found = textmeter("segments", "--json", "a" * 161).json
    assert found["segments"] == 2
    assert found["split"] == ["a" * 153, "a" * 8]


def test_people_get_counts_parts_and_what_can_be_replaced(textmeter: Textmeter) -> None:
    done = textmeter("segments", "Sunday — 2 pm")
    assert "UCS-2 · 1 segment · 13 characters" in done.out
    assert "at 7: — → -" in done.out
    assert done.err == ""


def test_an_empty_text_has_no_segment(textmeter: Textmeter) -> None:
    assert textmeter("segments", "", "--json").json["segments"] == 0


def test_a_text_may_come_from_standard_input(textmeter: Textmeter) -> None:
    assert textmeter("segments", "-", "--json", stdin="Zoë\n".encode()).json["split"] == ["Zoë"]


def test_a_text_that_begins_with_a_dash_goes_after_two(textmeter: Textmeter) -> None:
    done = textmeter("segments", "-5 degrees")
    assert done.code == 2
    assert "`textmeter segments -- TEXT`" in done.err
    assert textmeter("segments", "--json", "--", "-5 degrees").json["split"] == ["-5 degrees"]


def test_escape_sequences_reach_no_terminal(textmeter: Textmeter) -> None:
    done = textmeter("segments", "\x1b]0;title\x07 \u202eabc \x9b2J")
    assert not set("\x1b\x07\x9b\u202e") & set(done.out)


def test_what_is_nearly_a_field_is_listed_as_the_editor_lists_it(textmeter: Textmeter) -> None:
    text = "Hi { first_name }, *|LNAME|* — [Company]"
    assert textmeter("segments", text, "--json").json["replaceable"] == [
        {"at": 3, "character": "{ first_name }", "substitute": "{first_name}"},
        {"at": 19, "character": "*|LNAME|*", "substitute": "{last_name}"},
        {"at": 29, "character": "—", "substitute": "-"},
        {"at": 31, "character": "[Company]", "substitute": "{company}"},
    ]
    assert "at 3: { first_name } → {first_name}" in textmeter("segments", text).out


def test_a_brace_after_a_backslash_is_a_brace(textmeter: Textmeter) -> None:
    found = textmeter("segments", r"\{first_name\}", "--json").json
    assert (found["split"], found["units"], found["replaceable"]) == (["{first_name}"], 14, [])


# A JSON string a line


def test_in_a_stream_nothing_is_a_field_or_an_escape(textmeter: Textmeter) -> None:
    found = json.loads(textmeter("segments", "--jsonl", stdin=b'"\\\\{ first_name }"\n').out)
    assert (found["units"], found["replaceable"]) == (18, [])


def test_each_line_is_answered_on_a_line_of_its_own(textmeter: Textmeter) -> None:
    done = textmeter("segments", "--jsonl", stdin=b'"Hello"\n"\\u2014"\n')
    hello, dash = map(json.loads, done.out.splitlines())
    assert hello == {"encoding": "GSM-7", "segments": 1, "units": 5, "characters": 5, "replaceable": []}
    assert dash["encoding"] == "UCS-2"
    assert "split" not in dash


def test_the_last_line_needs_no_end_and_empty_lines_no_answer(textmeter: Textmeter) -> None:
    assert len(textmeter("segments", "--jsonl", stdin=b'\n"a"\r\n\n"b"').out.splitlines()) == 2
    assert textmeter("segments", "--jsonl", stdin=b"").out == ""


def test_a_lone_surrogate_is_counted(textmeter: Textmeter) -> None:
    done = textmeter("segments", "--jsonl", stdin=b'"\\ud83d"\n')
    assert json.loads(done.out)["units"] == 1


def test_a_line_of_a_million_characters_is_answered(textmeter: Textmeter) -> None:
    done = textmeter("segments", "--jsonl", stdin=b'"' + b"a" * 1_530_000 + b'"\n"b"\n')
    assert [json.loads(line)["segments"] for line in done.out.splitlines()] == [10_000, 1]


@pytest.mark.parametrize(
    "bad", [b"hello", b"5", b"null", b'["a"]', b"\xff\xfe", b"\x00" * 50, b"[" * 100_000, b'"a" "b"']
)
def test_a_bad_line_is_named_and_those_before_it_are_answered(textmeter: Textmeter, bad: bytes) -> None:
    done = textmeter("segments", "--jsonl", stdin=b'"a"\n' + bad + b'\n"c"\n')
    answer, error = map(json.loads, done.out.splitlines())
    assert done.code == 2
    assert answer["segments"] == 1
    assert (error["error"]["code"], error["error"]["line"]) == ("bad-line", 2)


def test_a_text_and_a_stream_of_texts_do_not_go_together(textmeter: Textmeter) -> None:
    assert textmeter("segments", "--jsonl", "a").code == 2


def test_without_a_text_it_says_that_it_is_missing(textmeter: Textmeter) -> None:
    done = textmeter("segments")
    assert done.code == 2
    assert done.err.splitlines()[0] == "TEXT is missing."
