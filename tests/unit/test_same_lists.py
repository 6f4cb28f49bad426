"""Lists that are written down twice say the same, and names point at what is there."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

import pytest

from storage.events.items import FixRecorded
from storage.events.values import FieldName, Reported
from storage.imports import merge
from storage.imports.import_item import LeftOutReason, TrackerOutcome
from storage.imports.importer import ImportState
from storage.imports.issue_lists.columns import _USUAL
from storage.model.records import Fix, Pitfall
from storage.model.row import PLAN_NAMES, Text
from storage.model.vocabulary import Axis, NoticeKind
from tui.cli import ci_reports, match
from tui.dialogs import fixes
from tui.dialogs.form import _FORM_FIELDS
from tui.services import chat_channels, external_programs, notify_words
from tui.text import importing

DIALOGS = Path(__file__).parents[2] / "tui" / "dialogs"


def names_in_forms() -> set[str]:
    """What the fields of forms are called: the first argument of whatever makes one."""
    found = set()
    for path in DIALOGS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=made), args=[ast.Constant(value=str(name)), *_]):
                    if made.endswith("Field"):
                        found.add(name)
                case ast.Call(func=ast.Attribute(attr="__init__"), args=[ast.Constant(value), *_]):
                    found.add(str(value))
    return found


def test_a_single_value_has_its_type_and_its_words_in_a_comment() -> None:
    names = get_args(FieldName)
    assert tuple(merge._FIELDS) == names
    assert {"sort" if name == "kind" else name for name in names} < Reported.schema.fields.keys()
    assert {*PLAN_NAMES} < {*names} <= {*Pitfall._fields, *PLAN_NAMES}


def test_a_form_has_each_field_that_stands_for_others() -> None:
    named = names_in_forms()
    assert len(named) > 50
    assert set(_FORM_FIELDS.values()) <= named


def test_a_fix_fills_in_every_field_that_is_recorded() -> None:
    fix = Fix("", 0, "", Axis.CLIENT, "4.1.8", "", Text(), "")
    assert tuple(fixes.held(fix)) == fixes._OF_FIX
    assert set(fixes._OF_FIX) <= set(FixRecorded.schema.fields)


def test_a_document_for_the_editor_has_fields_of_a_pitfall() -> None:
    fields = (*external_programs._LINES, *external_programs._TEXTS)
    assert {*fields} <= {*Pitfall._fields, *PLAN_NAMES}
    assert {*get_args(FieldName)} <= {*fields}


def test_each_column_of_an_imported_list_has_a_name_for_people() -> None:
    assert {*_USUAL} == {*importing._FIELDS}


@pytest.mark.parametrize("name", match.FORMATS)
def test_each_format_of_a_report_has_a_writer(name: str) -> None:
    assert name in ci_reports.REPORTS
    assert len(ci_reports.REPORTS) == len(match.FORMATS)


def test_a_chat_has_words_for_every_notice_and_room_of_every_kind() -> None:
    assert {*notify_words._HEADINGS} == {*NoticeKind}
    assert {*chat_channels._BYTES} == {*chat_channels.ChatKind}


def test_what_is_said_before_an_import_has_words_for_every_value() -> None:
    assert {*importing._STATES} == {*ImportState}
    assert {*importing._OUTCOMES} == {None, *TrackerOutcome}
    assert {*importing._REASONS} == {*LeftOutReason}
