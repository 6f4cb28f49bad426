"""Our two themes; Textual's own stay available beside them."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="pitboard-dark",
    primary="#5fb3b3",
    secondary="#8fa1b3",
    accent="#d8a657",
    foreground="#d8dee9",
    background="#14181d",
    surface="#1b2027",
    panel="#252c35",
    success="#99c794",
    warning="#e0a458",
    error="#ec6a71",
    dark=True,
    variables={"block-cursor-blurred-background": "#252c35"},
)

LIGHT: Final = Theme(
    name="pitboard-light",
    primary="#1f6f78",
    secondary="#566573",
    accent="#9a5b00",
    foreground="#22282f",
    background="#fbfaf7",
    surface="#f3f1ec",
    panel="#e6e3db",
    success="#2f7d32",
    warning="#a35a00",
    error="#b3261e",
    dark=False,
)

OURS: Final = (DARK, LIGHT)
