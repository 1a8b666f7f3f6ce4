"""The house's looks: calm ink on paper, by night and by day.

One colour for what can be acted on (primary), one for money and credits (secondary), amber and red only for
limits. What a colour says, a word or a sign says too.
"""

from __future__ import annotations

from textual.theme import Theme

NIGHT = Theme(
    name="night",
    primary="#7fb4d6",
    secondary="#d9c08a",
    accent="#7fb4d6",
    success="#8fbf9a",
    warning="#e0a458",
    error="#e07a6e",
    foreground="#d8dce2",
    background="#14181e",
    surface="#1a2028",
    panel="#232b35",
    dark=True,
    variables={
        "border": "#3a4654",
        "scrollbar": "#3a4654",
        "scrollbar-hover": "#7fb4d6",
        "scrollbar-active": "#7fb4d6",
        "scrollbar-background": "#1a2028",
        "scrollbar-background-hover": "#1a2028",
        "scrollbar-background-active": "#1a2028",
        "border-blurred": "#2c3642",
        "footer-key-foreground": "#7fb4d6",
        "input-selection-background": "#7fb4d6 30%",
        "block-cursor-background": "#7fb4d6",
        "block-cursor-foreground": "#14181e",
        "block-cursor-text-style": "none",
    },
)

DAY = Theme(
    name="day",
    primary="#1f5f8b",
    secondary="#7a5a12",
    accent="#1f5f8b",
    success="#2f6b3f",
    warning="#8f5600",
    error="#a4342a",
    foreground="#22282f",
    background="#f7f5f0",
    surface="#efece4",
    panel="#e5e1d6",
    dark=False,
    variables={
        "border": "#b9b3a4",
        "scrollbar": "#b9b3a4",
        "scrollbar-hover": "#1f5f8b",
        "scrollbar-active": "#1f5f8b",
        "scrollbar-background": "#efece4",
        "scrollbar-background-hover": "#efece4",
        "scrollbar-background-active": "#efece4",
        "border-blurred": "#d3cdbf",
        "footer-key-foreground": "#1f5f8b",
        "input-selection-background": "#1f5f8b 25%",
        "block-cursor-background": "#1f5f8b",
        "block-cursor-foreground": "#f7f5f0",
        "block-cursor-text-style": "none",
    },
)

CONTRAST = Theme(
    name="contrast",
    primary="#ffffff",
    secondary="#ffffff",
    accent="#ffffff",
    success="#ffffff",
    warning="#ffff00",
    error="#ffff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    dark=True,
    variables={
        "border": "#ffffff",
        "scrollbar": "#ffffff",
        "scrollbar-hover": "#ffffff",
        "scrollbar-active": "#ffffff",
        "scrollbar-background": "#1c1c1c",
        "scrollbar-background-hover": "#1c1c1c",
        "scrollbar-background-active": "#1c1c1c",
        "border-blurred": "#9e9e9e",
        "footer-key-foreground": "#ffffff",
        "input-selection-background": "#ffffff 40%",
        "block-cursor-background": "#ffffff",
        "block-cursor-foreground": "#000000",
        "block-cursor-text-style": "bold",
    },
)

THEMES = (NIGHT, DAY, CONTRAST)
