"""The palette: the plain word for a job finds its command first, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tui.commands import BOARD, COMMANDS, commands_on
from tui.commands.command import by_jobs, ranked
from tui.commands.general import shell_verbs
from tui.text.i18n import speak
from tui.text.verbs import SHELL_ONLY, VERBS

ENGLISH = {
    "paste": "paste",
    "log": "log_occurrence",
    "new": "new_pitfall",
    "create": "new_pitfall",
    "issue": "new_pitfall",
    "ticket": "new_pitfall",
    "search": "search",
    "triage": "inbox",
    "import": "import_items",
    "export": "shell export",
    "duplicate": "duplicate",
    "dup": "duplicate",
    "merge": "duplicate",
    "regression": "reopen",
    "delete": "decline",
    "remove": "decline",
    "close": "set_status",
    "tag": "edit",
    "label": "edit",
    "severity": "edit",
    "keyboard": "help",
    "shortcut": "help",
    "language": "help",
    "settings": "help",
    "screenshot": "attach",
    "later": "snooze",
    "conflict": "keep",
    "vendor reply": "add_vendor_reply",
    "statistics": "retro",
    "rollback": "restore",
}
CHINESE = {
    "粘贴": "paste",
    "报错": "paste",
    "记一次": "log_occurrence",
    "复现": "log_occurrence",
    "新建": "new_pitfall",
    "缺陷": "new_pitfall",
    "搜索": "search",
    "分诊": "inbox",
    "导入": "import_items",
    "导出": "shell export",
    "重复": "duplicate",
    "合并": "duplicate",
    "回归": "reopen",
    "复发": "reopen",
    "删除": "decline",
    "关闭": "set_status",
    "标签": "edit",
    "修改": "edit",
    "严重程度": "edit",
    "快捷键": "help",
    "语言": "help",
    "设置": "help",
    "截图": "attach",
    "稍后": "snooze",
    "冲突": "keep",
    "官方回复": "add_vendor_reply",
    "统计": "retro",
    "撤销": "undo",
    "同步": "sync",
    "修复": "record_fix",
}


@pytest.fixture
def chinese() -> Iterator[None]:
    speak("zh_CN")
    yield
    speak("en")


def first(word: str) -> str:
    found = ranked(word, [*commands_on(BOARD), *shell_verbs()])
    return found[0][1].id if found else ""


def test_english_words_find_their_command_first() -> None:
    assert len(ENGLISH) == 30
    assert {word: first(word) for word in ENGLISH} == ENGLISH


@pytest.mark.usefixtures("chinese")
def test_chinese_words_find_their_command_first() -> None:
    assert len(CHINESE) == 30
    assert {word: first(word) for word in CHINESE} == CHINESE


def test_every_command_has_aliases_in_both_languages() -> None:
    for command in COMMANDS:
        assert any(word.isascii() for word in command.aliases.split()), command.id
        assert any(not word.isascii() for word in command.aliases.split()), command.id


def test_jobs_come_first_and_movement_last() -> None:
    ids = [command.id for command in by_jobs(commands_on(BOARD))]
    assert ids[:5] == ["paste", "log_occurrence", "new_pitfall", "search", "inbox"]
    movement = [command.id for command in commands_on(BOARD) if command.group == "Move"]
    assert ids[-len(movement) :] == movement


def test_nothing_is_found_by_letters_that_name_nothing() -> None:
    assert not ranked("qqzzxx", commands_on(BOARD))


def _check_verbs() -> None:
    for verb in VERBS.keys() - set(SHELL_ONLY):
        if " " not in verb:
            words = verb.replace("-", " ")
            assert max(command.rank(words) for command in COMMANDS) >= 6, verb
    assert VERBS.keys() >= set(SHELL_ONLY)


def test_each_verb_is_found_or_known_as_one_of_the_shell_alone() -> None:
    _check_verbs()


@pytest.mark.usefixtures("chinese")
def test_each_verb_is_found_in_chinese() -> None:
    _check_verbs()
