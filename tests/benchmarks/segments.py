"""Segments against npm's `sms-segments-calculator`, with the same counts, and PyPI's `smsutil`.

`python3 -m tests.benchmarks.segments` alone writes anew what the tests compare with, from npm's counts.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from store.texts.alphabet import BASIC, EXTENSION, normalise
from store.texts.segments import size
from tests.benchmarks.report import Figure

CALCULATOR, CALCULATOR_VERSION = "sms-segments-calculator", "1.3.0"
SMSUTIL = "smsutil==1.1.3"
REFERENCE = Path(__file__).parent.parent / "store" / "texts" / "reference.jsonl"

PLAIN = ("Hi Zoe, the open house on 12 Elm St is on Sunday at 2 pm: coffee, cake & answers. " * 2)[:160]
EMOJI = (
    "Hi Zoe 👋🏽 the open house 🏡 is on Sunday ☀️ at 2 pm, with cake 🎂 for the 👨‍👩‍👧 and see you there 🎉 "
    * 5
)[:400]
ROUNDS = 9

_SERVER = """
const { SegmentedMessage } = require('sms-segments-calculator');
const answer = (question) => {
  const { texts, calls } = JSON.parse(question);
  if (!calls) {
    return texts.map((text) => {
      const message = new SegmentedMessage(text);
      const segments = Array.from(message.segments, (segment) => {
        let part = '';
        for (let i = 0; i < segment.length; i++) if (!segment[i].isUserDataHeader) part += segment[i].raw;
        return part;
      });
      return [message.encodingName, segments];
    });
  }
  const started = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) new SegmentedMessage(texts[0]).segmentsCount;
  return Number(process.hrtime.bigint() - started) / 1e9;
};
require('readline').createInterface({ input: process.stdin })
  .on('line', (line) => console.log(JSON.stringify(answer(line))));
"""

_ASSIGNED = [
    chr(code)
    for code in range(0x20, 0x110000)
    if unicodedata.category(chr(code)) not in {"Cn", "Co", "Cs", "Mn", "Mc", "Me"}
]
_CLUSTERS = (
    *("👨‍👩‍👧‍👦", "🇺🇸", "🇪🇸", "👍🏽", "❤️‍🔥", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩🏿‍🚀", "🏳️‍🌈", "☀️", "☀", "⁉️", "🏻"),
    *("क्ष", "नि", "ไทย", "ด้วย", "한", "ㄱ", "ᄀ", "각", "ﷺ"),
    *("e\u0301", "x\u0302\u0323", "s\u0307", "\u200d", "\ufe0f", "\r\n", "\r"),
)
_KINDS: list[Callable[[random.Random], str]] = [
    lambda rnd: rnd.choice(BASIC),
    lambda rnd: rnd.choice(EXTENSION),
    lambda rnd: rnd.choice("áçíóúâêîôûãõëïÁÍÓÚąćęłńśźżőűřšž`\t"),
    lambda rnd: rnd.choice("“”‘’«»–—…•\u00a0\u2009\u200b\ufeffﬁ™½²"),
    lambda rnd: rnd.choice(_CLUSTERS),
    lambda rnd: rnd.choice(_ASSIGNED),
    lambda rnd: chr(rnd.randrange(0x1F300, 0x1FAFF)),
    lambda rnd: chr(rnd.randrange(0x0400, 0x0460)),
    lambda rnd: chr(rnd.randrange(0x0900, 0x0980)),
    lambda rnd: chr(rnd.randrange(0x1100, 0x1200)),
    lambda rnd: chr(rnd.randrange(0x4E00, 0x9FFF)),
    lambda rnd: chr(rnd.randrange(0xAC00, 0xD7A4)),
    lambda rnd: (
        rnd.choice("aoxñ") + "".join(chr(rnd.randrange(0x300, 0x370)) for _ in range(rnd.randint(1, 4)))
    ),
]


def figures() -> list[Figure]:
    """Fetches both peers into a folder that goes away, and compares."""
    with tempfile.TemporaryDirectory() as folder, Calculator(Path(folder)) as calculator:
        split = _smsutil(Path(folder))
        texts = random_texts(10_000, seed=1)
        reference = [(encoding, len(parts)) for encoding, parts in calculator.split(texts)]
        same = sum(size(text)[:2] == expected for text, expected in zip(texts, reference, strict=True))
        results = [
            Figure(
                "Segments of random texts of every kind of character",
                f"{len(texts):,} texts",
                f"npm: {same:,} counts alike",
                f"{same / len(texts):.4f}",
                "all alike",
                same == len(texts),
            )
        ]
        for what, text, npm_bound, smsutil_bound in (
            ("Segments, 160 GSM characters", PLAIN, 500, 40),
            ("Segments, 400 characters with emoji", EMOJI, 100, 3),
        ):
            rates = [
                (_rate(size, text, 5_000), calculator.rate(text, 100), _rate(split, text, 300))
                for _ in range(ROUNDS)
            ]
            ours, npm, smsutil = (median(column) for column in zip(*rates, strict=True))
            results += (
                Figure.of_rates(what, ours, "npm", npm, npm_bound),
                Figure.of_rates(what, ours, "smsutil", smsutil, smsutil_bound),
            )
    return results


def random_texts(count: int, seed: int) -> list[str]:
    """Normalised texts of one to 500 characters, of a few kinds each or of all.

    No grapheme cluster is larger than a segment: the calculator puts even such a one into a single segment.
    """
    rnd = random.Random(seed)
    texts = []
    for _ in range(count):
        kinds = rnd.sample(_KINDS, rnd.choice((1, 2, 3, 5, len(_KINDS))))
        length = rnd.choice((rnd.randint(1, 30), rnd.randint(60, 180), rnd.randint(100, 500)))
        texts.append(normalise("".join(rnd.choice(kinds)(rnd) for _ in range(length))))
    return texts


class Calculator:
    """The npm calculator in a Node process of its own, as a context manager."""

    def __init__(self, folder: Path) -> None:
        install = [
            "npm",
            "install",
            "--silent",
            "--prefix",
            str(folder),
            f"{CALCULATOR}@{CALCULATOR_VERSION}",
        ]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
        self._node = subprocess.Popen(
            ["node", "--eval", _SERVER],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Calculator:
        return self

    def __exit__(self, *_: object) -> None:
        self._node.communicate()

    def split(self, texts: list[str]) -> list[tuple[str, list[str]]]:
        """Encoding and segments of each text."""
        return [(encoding, parts) for encoding, parts in self._ask(texts, calls=0)]

    def rate(self, text: str, calls: int) -> float:
        """Calls a second."""
        return calls / float(self._ask([text], calls))

    def _ask(self, texts: list[str], calls: int) -> Any:
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.write(json.dumps({"texts": texts, "calls": calls}) + "\n")
        self._node.stdin.flush()
        return json.loads(self._node.stdout.readline())


def _smsutil(folder: Path) -> Callable[[str], object]:
    target = folder / "python"
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-input", "--target", str(target), SMSUTIL]
    subprocess.run(pip, check=True)
    sys.path.insert(0, str(target))
    split: Callable[[str], object] = import_module("smsutil").split
    return split


def _rate(function: Callable[[str], object], text: str, calls: int) -> float:
    """Calls a second."""
    started = perf_counter()
    for _ in range(calls):
        function(text)
    return calls / (perf_counter() - started)


def _write_reference() -> None:
    """The calculator's answers to some texts: encoding and the length of each segment in code points."""
    texts = random_texts(100, seed=2)
    with tempfile.TemporaryDirectory() as folder, Calculator(Path(folder)) as calculator:
        answers = calculator.split(texts)
    lines = (
        json.dumps([text, encoding, [len(part) for part in parts]])
        for text, (encoding, parts) in zip(texts, answers, strict=True)
    )
    REFERENCE.write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    _write_reference()
