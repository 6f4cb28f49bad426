"""The words of a retro's report, in the two languages of the board."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from storage.model.retro import By, Count, Rank, Wait
from storage.reports.words import is_chinese, word

_MINUTE: Final = 60_000
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


class Say(StrEnum):
    """What a report says in words of its own."""

    TITLE = "Retro {name}"
    DAYS = "{first} to {last}"
    PERIOD = "{days} (days in UTC), compared with {before}."
    SO_FAR = "The period is not over: this is how it stood on {day}."
    FIGURES = "Figures"
    FIGURE = "Figure"
    NOW = "This period"
    BEFORE = "Before"
    CHANGE = "Change"
    SIGHTINGS = "Sightings"
    NOT_REPRODUCED = "Tried, not seen"
    OVER_TIME = "Over time"
    FLOW = "Open, worked around, fixed"
    FLOW_TOLD = (
        "From {first} to {last}, the open ones went from {open_before} to {open}, those with a"
        " workaround from {workaround_before} to {workaround}, the fixed ones from"
        " {fixed_before} to {fixed}."
    )
    DAY_ENDED = "End of day"
    BUCKETS = "Sightings by platform"
    BUCKETS_TOLD = "{n} sightings from {first} to {last}: {platforms}."
    SINCE = "From"
    WAITS = "Waiting times"
    WAITS_MEAN = (
        "Counted from the report of a pitfall; nine of ten waited no longer than P90. Those that"
        " still waited when the period ended count as having waited at least that long, so that"
        " a half or nine of ten may not be reached yet."
    )
    WAIT = "Until"
    MEDIAN = "Median"
    MEDIAN_BEFORE = "(before)"
    P90 = "P90"
    REACHED = "Reached"
    STILL_WAITING = "Still waiting"
    NOT_KNOWN = "not yet"
    SHARES = "Where it was seen"
    PITFALLS = "Pitfalls"
    NOT_SAID = "(not said)"
    OTHERS = "(others: {n})"
    PITFALL = "Pitfall"
    STATUS = "Status"
    SEVERITY = "Severity"
    COST = "Cost"
    COST_MEANS = "Sightings, weighted by severity."
    MEANWHILE = "Meanwhile"
    REGRESSIONS = "Seen again where it should be fixed"
    AGES = "Ages of workarounds"
    AGES_MEAN = (
        "Since a workaround was written or confirmed last, for what had one when the period ended."
        " Median: {median}."
    )
    AGE = "Age"
    WEEKS_BELOW = "under {below} weeks"
    WEEKS = "{weeks} to {below} weeks"
    WEEKS_ABOVE = "{weeks} weeks and more"
    NOTES = "Notes and decisions"
    DUE = "Follow-ups to be done"
    OWNER = "Who"
    DUE_ON = "Due"
    WHAT = "What"
    OVERDUE = "{day} (overdue)"
    DONE = "done on {day}"
    TIMELINE = "Timeline"
    NEWEST = "The newest {n} events."
    NOTHING = "None."
    COLOPHON = (
        "Written by Pitboard from the events of the record alone: the same record and the same"
        " period give the same report."
    )
    NAMES = "What stands before a title names the pitfall, as in"
    TABLE = "The same as a table"
    COMMA = ", "
    COLON = ": "
    STOP = "."
    MINUTES = "{n} min"
    HOURS = "{n} h"
    DAYS_LONG = "{n} d"


_ZH: Final = {
    Say.TITLE: "复盘 {name}",
    Say.DAYS: "{first} 至 {last}",
    Say.PERIOD: "{days}（按 UTC 日期），与 {before} 对比。",
    Say.SO_FAR: "本周期尚未结束，以下为 {day} 的情况。",
    Say.FIGURES: "数据",
    Say.FIGURE: "指标",
    Say.NOW: "本期",
    Say.BEFORE: "上期",
    Say.CHANGE: "变化",
    Say.SIGHTINGS: "出现次数",
    Say.NOT_REPRODUCED: "未复现次数",
    Say.OVER_TIME: "走势",
    Say.FLOW: "未解决、有规避方案、官方已修复",
    Say.FLOW_TOLD: (
        "从 {first} 到 {last}：未解决由 {open_before} 变为 {open}，有规避方案由"
        " {workaround_before} 变为 {workaround}，官方已修复由 {fixed_before} 变为 {fixed}。"
    ),
    Say.DAY_ENDED: "当日结束时",
    Say.BUCKETS: "各平台出现次数",
    Say.BUCKETS_TOLD: "从 {first} 到 {last} 共出现 {n} 次：{platforms}。",
    Say.SINCE: "起始日",
    Say.WAITS: "等待时长",
    Say.WAITS_MEAN: (
        "从上报该坑算起；P90 指九成不超过该时长。周期结束时仍在等待的，按至少等了这么久计入，"
        "因此一半或九成可能尚未等到。"
    ),
    Say.WAIT: "等到",
    Say.MEDIAN: "中位数",
    Say.MEDIAN_BEFORE: "（上期）",
    Say.P90: "P90",
    Say.REACHED: "已等到",
    Say.STILL_WAITING: "仍在等",
    Say.NOT_KNOWN: "未到",
    Say.SHARES: "出现在哪里",
    Say.PITFALLS: "坑数",
    Say.NOT_SAID: "（未注明）",
    Say.OTHERS: "（其他 {n} 项）",
    Say.PITFALL: "坑",
    Say.STATUS: "状态",
    Say.SEVERITY: "严重程度",
    Say.COST: "代价",
    Say.COST_MEANS: "出现次数按严重程度加权。",
    Say.MEANWHILE: "规避方案",
    Say.REGRESSIONS: "回归：修复后再次出现",
    Say.AGES: "规避方案的时效",
    Say.AGES_MEAN: (
        "周期结束时仍靠规避方案的坑，距该方案最近一次编写或确认的时间。中位数：{median}。"
    ),
    Say.AGE: "时长",
    Say.WEEKS_BELOW: "不到 {below} 周",
    Say.WEEKS: "{weeks} 至 {below} 周",
    Say.WEEKS_ABOVE: "{weeks} 周及以上",
    Say.NOTES: "记录与决定",
    Say.DUE: "待办事项",
    Say.OWNER: "负责人",
    Say.DUE_ON: "期限",
    Say.WHAT: "内容",
    Say.OVERDUE: "{day}（已过期）",
    Say.DONE: "{day} 完成",
    Say.TIMELINE: "时间线",
    Say.NEWEST: "最新的 {n} 条。",
    Say.NOTHING: "无。",
    Say.COLOPHON: "由 Pitboard 仅根据事件记录生成：记录和周期相同，报告就相同。",
    Say.NAMES: "标题前的编号即该坑的 ID，可用于",
    Say.TABLE: "以表格查看",
    Say.COMMA: "、",
    Say.COLON: "：",
    Say.STOP: "。",
    Say.MINUTES: "{n} 分钟",
    Say.HOURS: "{n} 小时",
    Say.DAYS_LONG: "{n} 天",
}

_FIGURES: Final = {
    Count.OPENED: ("Opened", "新增"),
    Count.WORKED_AROUND: ("Given a workaround", "找到规避方案"),
    Count.FIXED: ("Fixed upstream", "官方已修复"),
    Count.REOPENED: ("Reopened", "重新打开"),
    Count.STILL_OPEN: ("Still open", "仍未解决"),
    Count.REGRESSED: ("Regressed", "回归"),
    Wait.WORKAROUND: ("the first workaround", "首个规避方案"),
    Wait.ANSWER: ("the vendor's first answer", "官方首次回应"),
    Wait.FIX: ("the vendor's fix", "官方修复"),
    Wait.VERIFICATION: ("our verification", "我方验证"),
    By.COMPONENT: ("Component", "组件"),
    By.PLATFORM: ("Platform", "平台"),
    By.CHANNEL: ("Channel", "渠道"),
    By.CLIENT: ("Client version", "客户端版本"),
    By.LIBRARY: ("Base library", "基础库版本"),
    Rank.FREQUENT: ("Most frequent", "出现最多"),
    Rank.EXPENSIVE: ("Most expensive", "代价最高"),
}


class Wording:
    """A report's words in one language (a locale name such as ``zh_CN``)."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._chinese = is_chinese(language)

    def __call__(self, say: Say, **values: object) -> str:
        """Words of the report's own."""
        words = _ZH[say] if self._chinese else say.value
        return words.format(**values) if values else words

    def figure(self, figure: Count | Wait | By | Rank) -> str:
        """What a figure is called."""
        return _FIGURES[figure][self._chinese]

    def word(self, value: StrEnum) -> str:
        """A word of the vocabulary."""
        return word(value, self.language)

    def span(self, ms: int | None) -> str:
        """How long something took; None is longer than anybody has waited yet."""
        if ms is None:
            return self(Say.NOT_KNOWN)
        if ms < _HOUR:
            return self(Say.MINUTES, n=ms // _MINUTE)
        if ms < 2 * _DAY:
            return self(Say.HOURS, n=ms // _HOUR)
        return self(Say.DAYS_LONG, n=ms // _DAY)


def change(now: int, before: int) -> str:
    """By how much a figure changed, with its sign."""
    return f"{now - before:+d}".replace("-", "−") if now != before else "0"
