"""Markdown as a page: what the writer meant, nothing that runs, and nothing that is fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.mail.markdown import escaped, page, template
from store.texts import merge

SAFE = {
    "html", "head", "meta", "body", "p", "br", "em", "strong", "s", "a", "ul", "ol", "li", "blockquote", "hr",
    "code", "pre", "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip


class Read(HTMLParser):
    """A page's tags and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags = set[str]()
        self.attributes = dict[str, list[str]]()
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


markdown = st.text(st.sampled_from("ab *_~`#>-[]()!<>&\"'\n:/.jx1{}|\\")) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,x)",
        "<javascript:alert(1)>",
        "![x](https://spy.test/a.png)",
        "![x](https://spy.test/a.png \"onload='x'\")",
        "<img src=x onerror=alert(1)>",
        "[a]: javascript:alert(1)\n\n[a]",
    ]
)


@given(text=st.lists(markdown, max_size=4).map("\n".join))
def test_nothing_runs_and_nothing_is_fetched(text: str) -> None:
    read = Read(page(text))
    assert read.tags <= SAFE
    assert set(read.attributes) <= {"href", "title", "start", "style", "charset", "class"}
    assert all(re.match("(https?|mailto):", url, re.IGNORECASE) for url in read.attributes.get("href", []))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi **Zoë**", "<p>Hi <strong>Zoë</strong></p>"),
        ("one\ntwo", "<p>one<br />\ntwo</p>"),
        ("[us](https://a.test/?x=1&y=2)", '<a href="https://a.test/?x=1&amp;y=2">us</a>'),
        ("<me@a.test>", '<a href="mailto:me@a.test">me@a.test</a>'),
        ("![our house](https://a.test/h.png)", '<a href="https://a.test/h.png">our house</a>'),
        ("[![house](https://a.test/h.png)](https://a.test)", '<a href="https://a.test">house</a>'),
        ("# Open house", "<h1>Open house</h1>"),
    ],
)
def test_what_the_writer_meant_is_there(text: str, expected: str) -> None:
    assert expected in page(text)


@given(
    value=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(
        lambda text: text.strip()
    )
)
def test_what_a_field_takes_is_text_wherever_it_stands(value: str) -> None:
    letter = merge.parse("Hi **{unit}**, see [it](https://a.test/{unit}?x) or `{unit}`", ["unit"])
    read = Read(template(letter).render(escaped({"unit": value})))
    assert read.tags == {"html", "head", "meta", "body", "p", "strong", "a", "code"}
    assert read.attributes["href"] == [f"https://a.test/{value.strip()}?x"]
    assert read.text.count(value.strip()) >= 2


def test_a_field_without_a_value_has_its_fallback_as_text() -> None:
    letter = merge.parse("Hi {first_name|you & <b>all</b>}")
    assert "<p>Hi you &amp; &lt;b&gt;all&lt;/b&gt;</p>" in template(letter).render({})


@given(text=st.text("qz01 {}"))
def test_no_text_is_taken_for_what_stands_in_for_a_field(text: str) -> None:
    letter = merge.parse(f"a{text}{{name}}b")
    rendered = template(letter).render(escaped({"name": "Ann"}))
    assert Read(rendered).text.split() == f"a{letter.render({'name': 'Ann'})[1:]}".split()
