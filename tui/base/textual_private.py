"""What we take of Textual that it doesn't promise to keep, in one place: whoever raises its version looks
here, and at `tui.base.diff_display`.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode


def add_bindings(node: DOMNode, bindings: Iterable[Binding]) -> None:
    """Gives one node keys of its own, in place of those that its class has under the same keys. Textual knows
    bindings by class only; several of one node may share a key, of which the first that means something
    counts."""
    own = BindingsMap(bindings).key_to_bindings
    node._bindings = BindingsMap.from_keys(node._bindings.key_to_bindings | own)
