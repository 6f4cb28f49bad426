"""What became of a text, as a person sees it."""

from __future__ import annotations

import pytest

from storage.read.history import SpanKind, differences, elided

_SIGNS = {SpanKind.KEPT: "{}", SpanKind.REMOVED: "[-{}-]", SpanKind.ADDED: "{{+{}+}}"}


def marked(before: str, after: str, around: int = 1_000) -> str:
    spans = elided(differences(before, after), around)
    return "".join(_SIGNS[span.sort].format(span.text) for span in spans)


@pytest.mark.parametrize(
    ("before", "after", "values"),
    [
        ("白色图片", "黑色图片", "[-白-]{+黑+}色图片"),
        ("先用预览", "先用扫码体验版", "先用[-预览-]{+扫码体验版+}"),
        ("use the preview", "use the trial", "use the [-preview-]{+trial+}"),
        ("one two six", "one three four six", "one [-two-]{+three four+} six"),
        ("a b c", "x y c", "[-a b-]{+x y+} c"),
        ("a\nb", "x\ny", "[-a-]{+x+}\n[-b-]{+y+}"),
        ("a", "a\n\nb", "a{+\n\nb+}"),
        ("  a", "a", "[-  -]a"),
        ("升级到 4.1.8 以后", "升级到 4.1.10 以后", "升级到 4.1.[-8-]{+10+} 以后"),
        ("", "x", "{+x+}"),
        ("x", "", "[-x-]"),
        ("", "", ""),
    ],
)
def test_only_what_changed_is_marked(before: str, after: str, values: str) -> None:
    assert marked(before, after) == values


def test_long_stretches_that_stay_are_left_out() -> None:
    before = f"{'before ' * 9}old{' between' * 9} old{' after' * 9}"
    after = before.replace("old", "new")
    assert marked(before, after, 7) == "…before [-old-]{+new+} … [-old-]{+new+} after …"


def test_texts_that_are_too_long_for_words_are_compared_by_lines() -> None:
    lines = [f"的的的的的的的的 {n}" for n in range(200)]
    other = [*lines[:100], "x", *lines[101:], "y"]
    values = marked("\n".join(["a", *lines, "a"]), "\n".join(["b", *other, "b"]))
    assert values.startswith("[-a-]{+b+}\n")
    assert "[-的的的的的的的的 100-]{+x+}" in values
