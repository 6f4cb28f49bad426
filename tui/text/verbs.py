"""The verb table: every verb with its group, its module and its short help; other names for it.

``--help``, completion of names and “Did you mean” read this alone, and import no verb.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from storage.errors import N_, NP_
from storage.model.fields import NamedTuple


class VerbEntry(NamedTuple):
    """Where a verb is, and its short help: the first line of its own help."""

    place: str
    """``module:attribute``; empty for a word that only leads to verbs below it."""
    help: str


class VerbGroup(NamedTuple):
    """Verbs for one job, in the order in which help lists them."""

    heading: str
    example: str
    verbs: Mapping[str, VerbEntry]


_V = VerbEntry

#: A verb of two words is below the verb or the word that is its first one.
GROUPS: Final = (
    VerbGroup(
        NP_("Verbs", "Find"),
        "pitboard list status:open platform:ios login",
        {
            "list": _V("tui.cli.list:list_", N_("List pitfalls, last seen first.")),
            "show": _V("tui.cli.show:show", N_("Show a pitfall with everything recorded on it.")),
            "history": _V("tui.cli.history:history", N_("Show who changed what, when and why.")),
            "diff": _V(
                "tui.cli.diff:diff", N_("Show what changed on the board between two dates.")
            ),
            "view": _V("tui.cli.config:view", N_("List the saved views.")),
            "view list": _V("tui.cli.config:list_views", N_("List the saved views.")),
            "view save": _V("tui.cli.config:save", N_("Save a query as a view.")),
            "view rename": _V("tui.cli.config:rename", N_("Rename a view.")),
            "view remove": _V("tui.cli.config:remove", N_("Remove a view.")),
            "versions": _V(
                "tui.cli.diff:versions", N_("Show which base library each app version has.")
            ),
        },
    ),
    VerbGroup(
        NP_("Verbs", "Report"),
        "pitboard log 867d --platform ios --client-version 4.1.8",
        {
            "log": _V("tui.cli.report:log", N_("Log an occurrence of a pitfall.")),
            "new": _V("tui.cli.report:new", N_("Report a new pitfall.")),
            "paste": _V(
                "tui.cli.paste:paste",
                N_("Check pasted text for known pitfalls, and log or report it."),
            ),
            "match": _V(
                "tui.cli.match:match", N_("Find known pitfalls in a log file or a stream.")
            ),
            "attach": _V("tui.cli.entries:attach", N_("Attach screenshots and logs to a pitfall.")),
        },
    ),
    VerbGroup(
        NP_("Verbs", "Triage"),
        "pitboard triage accept 867d --severity S1",
        {
            "triage": _V(
                "tui.cli.triage:triage", N_("Go through the inbox, one key per decision.")
            ),
            "triage list": _V(
                "tui.cli.triage:list_inbox", N_("List the inbox, longest waiting first.")
            ),
            "triage accept": _V("tui.cli.triage:accept", N_("Accept pitfalls from the inbox.")),
            "triage duplicate": _V(
                "tui.cli.triage:duplicate", N_("Mark pitfalls as duplicates of another.")
            ),
            "triage not-duplicate": _V(
                "tui.cli.triage:not_duplicate",
                N_("Mark a pitfall as not a duplicate of others."),
            ),
            "triage decline": _V(
                "tui.cli.triage:decline",
                N_("Decline pitfalls: take them off the default view."),
            ),
            "triage decline-reply": _V(
                "tui.cli.triage:decline_reply", N_("Decline a suggested vendor reply.")
            ),
            "triage snooze": _V(
                "tui.cli.triage:snooze",
                N_("Snooze pitfalls until a date, a version or more occurrences."),
            ),
            "triage requeue": _V("tui.cli.triage:requeue", N_("Put pitfalls back into the inbox.")),
        },
    ),
    VerbGroup(
        NP_("Verbs", "Change"),
        'pitboard comment 867d "Seen again after the update"',
        {
            "status": _V("tui.cli.edit:status", N_("Set the status of pitfalls.")),
            "edit": _V(
                "tui.cli.edit:edit", N_("Edit the fields, tags and workaround of pitfalls.")
            ),
            "comment": _V("tui.cli.edit:comment", N_("Add a comment.")),
            "link": _V("tui.cli.edit:link", N_("Add a link.")),
            "vendor-reply": _V("tui.cli.fixes:vendor_reply", N_("Record what the vendor replied.")),
            "entry": _V("", N_("Edit or hide a comment, a fix, an occurrence or another entry.")),
            "entry edit": _V(
                "tui.cli.entries:edit_entry",
                N_("Edit a comment, a fix, an occurrence or another entry."),
            ),
            "entry hide": _V(
                "tui.cli.entries:hide_entry",
                N_("Hide a comment, a fix, an occurrence or another entry."),
            ),
            "signature": _V("", N_("Test a signature before it is added.")),
            "signature test": _V(
                "tui.cli.paste:test_signature", N_("Show what a signature would match.")
            ),
            "attachment": _V("", N_("List, save or open attachments.")),
            "attachment list": _V(
                "tui.cli.entries:list_attachments", N_("List the attachments of a pitfall.")
            ),
            "attachment save": _V(
                "tui.cli.entries:save_attachment", N_("Save attachments to a folder.")
            ),
            "attachment open": _V(
                "tui.cli.entries:open_attachment",
                N_("Open an attachment in the system's viewer."),
            ),
            "undo": _V("tui.cli.history:undo", N_("Undo the last change.")),
            "redo": _V("tui.cli.history:redo", N_("Redo the change that was undone last.")),
            "revert": _V("tui.cli.history:revert", N_("Revert one change of a pitfall's history.")),
        },
    ),
    VerbGroup(
        NP_("Verbs", "Fixes"),
        "pitboard fix 867d --axis client --from 4.1.12",
        {
            "fix": _V("tui.cli.fixes:fix", N_("Record that it is fixed from a version or a date.")),
            "verify": _V("tui.cli.fixes:verify", N_("Verify whether a fix or a workaround works.")),
            "reopen": _V("tui.cli.fixes:reopen", N_("Reopen pitfalls: the fix does not hold.")),
            "watch": _V("tui.cli.watch:watch", N_("Look for vendor replies on linked pages.")),
            "bug-report": _V(
                "tui.cli.report:write_report",
                N_("Write a bug report for the vendor's community."),
            ),
        },
    ),
    VerbGroup(
        NP_("Verbs", "Retro"),
        "pitboard retro last-month --output retro.html",
        {
            "retro": _V(
                "tui.cli.retro:retro", N_("Show the figures of a week, sprint or other period.")
            ),
            "retro note": _V("tui.cli.retro:note", N_("Add a note, a decision or a follow-up.")),
            "retro follow-ups": _V(
                "tui.cli.retro:follow_ups", N_("List the follow-ups that are not done.")
            ),
            "retro done": _V("tui.cli.retro:done", N_("Mark follow-ups as done.")),
        },
    ),
    VerbGroup(
        NP_("Verbs", "Team"),
        "pitboard share git@example.com:team/board.git",
        {
            "share": _V("tui.cli.sharing:share", N_("Share the board through a git remote.")),
            "sync": _V("tui.cli.sharing:sync", N_("Send and receive what is new.")),
            "notify": _V(
                "tui.cli.notify:notify", N_("Tell the team's chats what is new on the board.")
            ),
            "notify test": _V("tui.cli.notify:test", N_("Send a test message to a channel.")),
            "notify list": _V(
                "tui.cli.notify:list_channels", N_("List the channels of the team's chats.")
            ),
            "members": _V("tui.cli.sharing:members", N_("List the people who write on the board.")),
            "members quarantine": _V(
                "tui.cli.sharing:list_quarantine",
                N_("List events that are kept and do not count."),
            ),
            "members accept": _V("tui.cli.sharing:accept", N_("Count quarantined events now.")),
            "members ignore": _V(
                "tui.cli.sharing:ignore", N_("Leave a store's changes out of this board.")
            ),
            "members trust": _V(
                "tui.cli.sharing:trust", N_("Count the changes of an ignored store again.")
            ),
            "catalogue": _V("", N_("Take in pitfalls that others keep, or give yours to them.")),
            "catalogue list": _V(
                "tui.cli.catalogue:list_",
                N_("List the catalogues whose pitfalls come to this board."),
            ),
            "catalogue subscribe": _V(
                "tui.cli.catalogue:subscribe",
                N_("Subscribe to a catalogue: a git repository of pitfalls that others keep."),
            ),
            "catalogue update": _V(
                "tui.cli.catalogue:update",
                N_("Take in what is new in the catalogues that the board is subscribed to."),
            ),
            "catalogue remove": _V(
                "tui.cli.catalogue:remove", N_("End the subscription to a catalogue.")
            ),
            "catalogue check": _V(
                "tui.cli.catalogue:check",
                N_("Check the files of a catalogue that you keep, as a pull request should."),
            ),
            "catalogue contribute": _V(
                "tui.cli.catalogue:contribute",
                N_("Write a pitfall as an entry of a catalogue, for its maintainer."),
            ),
            "resolve": _V(
                "tui.cli.history:resolve",
                N_("Resolve a conflict: values that people changed at once."),
            ),
        },
    ),
    VerbGroup(
        NP_("Verbs", "Board"),
        "pitboard export board.csv",
        {
            "init": _V("tui.cli.boards:init", N_("Create a board.")),
            "import": _V("tui.cli.import_:import_", N_("Import notes, issue lists or events.")),
            "export": _V(
                "tui.cli.board_file:export", N_("Export the board as events, JSON or CSV.")
            ),
            "backup": _V(
                "tui.cli.board_file:backup",
                N_("Back up the board to a file, or restore it from one."),
            ),
            "doctor": _V("tui.cli.board_file:doctor", N_("Check the board for damage.")),
            "recover": _V(
                "tui.cli.board_file:recover", N_("Recover a damaged board into a new file.")
            ),
            "path": _V("tui.cli.boards:path", N_("Print the path of the board's file.")),
            "serve": _V("tui.cli.boards:serve", N_("Show the board in a browser.")),
            "boards": _V("tui.cli.boards:boards", N_("List the boards of your settings.")),
            "boards list": _V(
                "tui.cli.boards:list_boards", N_("List the boards of your settings.")
            ),
            "boards add": _V(
                "tui.cli.boards:add", N_("Give a board's file a name in your settings.")
            ),
            "boards remove": _V(
                "tui.cli.boards:remove", N_("Remove a board's name from your settings.")
            ),
            "config": _V("", N_("Show or change your settings, and the board's time zone.")),
            "config list": _V("tui.cli.config:list_", N_("List the settings with their values.")),
            "config get": _V("tui.cli.config:get", N_("Print the value of a setting.")),
            "config set": _V("tui.cli.config:set_", N_("Set a setting in config.toml.")),
            "config unset": _V("tui.cli.config:unset", N_("Leave a setting at its default.")),
            "config edit": _V("tui.cli.config:edit", N_("Edit config.toml in your editor.")),
            "config schema": _V(
                "tui.cli.config:schema",
                N_("Print the JSON Schema of config.toml, for editors."),
            ),
            "config timezone": _V(
                "tui.cli.config:time_zone", N_("Show or set the board's time zone.")
            ),
            "skill": _V(
                "tui.cli.agents:skill",
                N_("Print a skill for agents, or install it in a project."),
            ),
            "mcp": _V(
                "tui.cli.agents:serve_mcp",
                N_("Serve the board to an agent by MCP, over stdin and stdout."),
            ),
            "schema": _V(
                "tui.cli.agents:print_schema",
                N_("Print the JSON Schema of what --json writes."),
            ),
            "man": _V("tui.cli.completion:man", N_("Print the manual page.")),
            "completion": _V(
                "tui.cli.completion:completion", N_("Print the completion script of a shell.")
            ),
        },
    ),
)

VERBS: Final = {name: entry for group in GROUPS for name, entry in group.verbs.items()}
#: What is done in a shell alone; the screen says so to those who look for it there.
SHELL_ONLY: Final = (
    *("match", "watch", "notify", "init", "export", "backup", "doctor", "recover", "path", "serve"),
    *("config", "skill", "mcp", "schema", "man", "completion"),
)


def below(word: str) -> list[str]:
    """The second words of the verbs below a word."""
    return [name.removeprefix(f"{word} ") for name in VERBS if name.startswith(f"{word} ")]


#: What people type who know another tool, or speak Chinese.
SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "list": ("ls", "all", "find", "grep", "search", "query", "filter", "列表", "搜索", "查找"),
    "show": ("cat", "get", "info", "view-pitfall", "details", "open", "查看", "显示", "详情"),
    "history": ("blame", "changes", "timeline", "audit", "历史", "时间线"),
    "diff": ("compare", "since", "对比", "比较"),
    "view": ("views", "save", "saved", "视图"),
    "versions": ("version", "libs", "libraries", "版本"),
    "new": ("add", "create", "file", "issue", "新增", "新建", "添加"),
    "log": ("occurrence", "seen", "hit", "record", "again", "记录", "出现", "记一次"),
    "paste": ("clipboard", "粘贴"),
    "match": ("scan", "check-log", "known", "匹配"),
    "attach": ("upload", "screenshot", "add-file", "附件", "截图"),
    "triage": ("分诊",),
    "triage list": ("inbox", "waiting", "todo", "收件箱", "待处理"),
    "triage accept": ("keep", "接受"),
    "triage duplicate": ("dup", "dupe", "merge", "same", "重复", "合并"),
    "triage not-duplicate": ("apart", "different", "distinct", "不重复"),
    "triage decline": ("reject", "wontfix", "dismiss", "ignore", "拒绝", "驳回"),
    "triage snooze": ("later", "defer", "postpone", "sleep", "稍后", "推迟"),
    "triage requeue": ("return", "unsnooze", "放回"),
    "status": ("close", "resolve-pitfall", "set", "workaround", "state", "关闭", "状态"),
    "edit": ("modify", "update", "change", "tag", "label", "rename", "修改", "编辑", "标签"),
    "comment": ("note", "say", "reply", "评论"),
    "link": ("ref", "url", "reference", "链接"),
    "vendor-reply": ("statement", "vendor", "official", "官方回复"),
    "entry edit": ("amend", "correct", "更正"),
    "entry hide": ("hide", "delete", "del", "rm", "remove", "删除", "隐藏"),
    "signature test": ("try", "signatures", "特征", "试特征"),
    "attachment list": ("attachments", "files"),
    "attachment save": ("download",),
    "undo": ("撤销", "撤消"),
    "redo": ("重做",),
    "revert": ("restore", "rollback", "恢复", "还原"),
    "fix": ("fixed", "fixes", "修复"),
    "verify": ("confirm", "retest", "验证", "确认"),
    "reopen": ("regress", "regression", "broken", "重新打开"),
    "bug-report": ("report", "报告", "反馈"),
    "watch": ("poll", "check-links", "monitor", "vendor-watch", "关注", "监视", "盯"),
    "retro": ("stats", "statistics", "summary", "figures", "回顾", "复盘", "统计"),
    "retro note": ("decision", "decide"),
    "retro follow-ups": ("followups", "actions", "follow-up", "待办"),
    "retro done": ("finish", "complete", "完成"),
    "share": ("join", "remote", "clone", "共享"),
    "sync": ("push", "pull", "fetch", "同步"),
    "notify": ("chat", "webhook", "robot", "announce", "通知", "机器人", "推送"),
    "members": ("who", "whoami", "people", "users", "team", "成员"),
    "resolve": ("conflict", "conflicts", "contest", "解决冲突", "冲突", "分歧"),
    "init": ("start", "setup", "初始化"),
    "import": ("load", "bring", "导入"),
    "export": ("dump", "csv", "json", "导出"),
    "backup": ("copy", "备份"),
    "doctor": ("check", "fsck", "verify-board", "rebuild", "repair", "检查", "体检"),
    "recover": ("rescue", "salvage", "抢救"),
    "config timezone": ("timezone", "tz", "time-zone", "时区"),
    "path": ("where", "file-path", "db", "路径"),
    "serve": ("web", "browser", "http", "server", "浏览器", "网页"),
    "boards": ("projects", "switch", "databases", "看板"),
    "config list": ("settings", "options", "preferences", "prefs", "设置"),
    "config edit": ("configure",),
    "skill": ("agents", "agent", "技能"),
    "mcp": ("serve-mcp", "model-context-protocol"),
    "completion": ("completions", "bash", "zsh", "fish", "补全"),
}


def near(word: str, known: Collection[str]) -> str | None:
    """The shortest known word that begins with this one, else one that is spelt nearly so."""
    # Imported here, since only a mistake needs it.
    from difflib import get_close_matches

    begun = sorted((one for one in known if one.startswith(word)), key=len)
    return next(iter(begun or get_close_matches(word, known, 1)), None)


def nearest(typed: str) -> str | None:
    """The verb that somebody may have meant: by a synonym, its last word, or how it is spelt."""
    names = {synonym: verb for verb, known in SYNONYMS.items() for synonym in known}
    for verb in reversed(VERBS):
        first, _blank, last = verb.rpartition(" ")
        # “add” and “set” alone are about pitfalls.
        if first not in ("boards", "config"):
            names[last] = verb
    names |= {verb: verb for verb in (*VERBS, "help")}
    words = (wanted := typed.casefold()).split()
    for word in (wanted, *words[-1:]):
        if word in names:
            return names[word]
    if len(words) > 1 and (second := below(words[0])):
        # The first word is right, and would make any second one look near.
        close = near(words[-1], second)
        return f"{words[0]} {close}" if close else None
    # What begins as a verb itself is that verb, whatever synonyms begin so.
    close = near(wanted, VERBS if any(verb.startswith(wanted) for verb in VERBS) else names)
    return names[close] if close else None
