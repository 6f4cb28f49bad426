"""Exports of trackers: states, resolutions, people, comments, error texts, and keys."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from storage.errors import Refused
from storage.imports.import_item import UnreadableItem
from storage.imports.importer import ImportTally, import_items, preview
from storage.imports.sources import SourceFormat, form_of, incoming
from storage.model.records import Pitfall
from storage.model.row import DeclineReason, InboxReason, Plan, Status, Triage
from storage.query.parser import parse
from storage.read.board import Board
from storage.write.store import Store
from tests.processes import ROOT

CASES = ROOT / "tests" / "cases"


def brought_in(
    store: Store, text: str | bytes, *maps: str, file: str = "issues.csv"
) -> tuple[ImportTally, list[str]]:
    """What came of an import, and the columns that were not taken."""
    stream = io.BytesIO(text if isinstance(text, bytes) else text.encode())
    source = incoming(stream, form_of(stream, file), store.path, file=file, asked=maps)
    before = preview(store.path, source.arriving())
    after = import_items(store.session, source.arriving())
    assert (before.new, before.changed, before.states) == (after.new, after.changed, after.states)
    assert source.columns is not None
    return after, list(source.columns.unused)


def case(store: Store, name: str) -> tuple[ImportTally, list[str]]:
    return brought_in(store, (CASES / name).read_bytes(), file=name)


def by_title(store: Store, title: str) -> Pitfall:
    with Board.open(store.path) as board:
        for query in ("", "triage:declined"):
            for row in board.find(parse(query)).page(0, 100):
                if row.title.plain == title:
                    return board.pitfall(row.id)
    raise AssertionError(title)


def mapped(tally: ImportTally) -> dict[str, str | None]:
    return {one.value: one.outcome and one.outcome.value for one, _count in tally.states}


# ZenTao


def test_a_resolution_of_zentao_is_a_decision_and_no_workaround(store: Store) -> None:
    tally, _unused = case(store, "zentao.csv")
    assert mapped(tally) == {"不予解决": "by-design", "重复Bug": "duplicate"}
    declined = by_title(store, "安卓上回调两次")
    assert declined.decision.triage is Triage.DECLINED
    assert declined.decision.decline_reason is DeclineReason.BY_DESIGN
    duplicate = by_title(store, "白图")
    assert duplicate.decision.triage is Triage.INBOX
    assert duplicate.decision.inbox_reason is InboxReason.DUPLICATE
    for one, steps in ((declined, "点登录"), (duplicate, "保存")):
        assert one.workaround.plain == ""
        assert one.reproduction.plain == steps


def test_a_row_of_zentao_is_known_by_its_number_whatever_the_file_is_called(store: Store) -> None:
    case(store, "zentao.csv")
    tally, _unused = case(store, "zentao-renamed.csv")
    assert (tally.new, tally.changed, tally.same) == (0, 1, 1)
    assert by_title(store, "安卓登录回调了两次").decision.triage is Triage.DECLINED


ZENTAO = (
    "Bug编号,所属产品,所属模块,Bug标题,严重程度,优先级,Bug类型,操作系统,重现步骤,Bug状态,由谁创建,"
    "创建日期,指派给,解决方案,解决日期,截止日期\n"
    "31,商城(#2),/支付(#8),付款后没有回调,1,1,代码错误,Android,"
    '"[步骤]付款\n[结果]报错：requestPayment:fail no permission\n[期望]有回调",激活,lin(#3),'
    "2024-03-09,wu(#5),,0000-00-00,2024-04-01\n"
    "32,商城(#2),/,地图抖动,3,2,界面优化,,拖动,已关闭,lin(#3),2024-03-10,closed,设计如此,2024-03-11,0000-00-00\n"
    "33,商城(#2),/,偶发白屏,3,2,代码错误,,打开,已解决,lin(#3),2024-03-10,,无法重现,2024-03-11\n"
    "34,商城(#2),/,分享图模糊,3,2,代码错误,,分享,已解决,lin(#3),2024-03-10,,已解决,2024-03-11\n"
    "35,商城(#2),/,夜间模式,3,2,代码错误,,切换,激活,lin(#3),2024-03-10,,延期处理,2024-03-11\n"
    "36,商城(#2),/,相机黑屏,3,2,代码错误,,拍照,已解决,lin(#3),2024-03-10,,外部原因,2024-03-11\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_an_export_of_zentao_as_it_is_written(store: Store, encoding: str) -> None:
    tally, unused = brought_in(store, ZENTAO.encode(encoding), file="商城-Bug.csv")
    assert (tally.new, tally.set_aside) == (6, 0)
    paying = by_title(store, "付款后没有回调")
    assert paying.status is Status.OPEN
    assert paying.severity == "S1"
    assert paying.component.plain == "支付"
    assert paying.tags == ()
    assert (paying.plan.assignee, paying.plan.due) == ("wu", "2024-04-01")
    assert by_title(store, "地图抖动").plan == Plan()
    assert [one.text for one in paying.signatures] == ["requestPayment:fail no permission"]
    for title, because in (
        ("地图抖动", DeclineReason.BY_DESIGN),
        ("偶发白屏", DeclineReason.NOT_REPRODUCIBLE),
        ("相机黑屏", DeclineReason.NOT_OURS),
    ):
        assert by_title(store, title).decision.decline_reason is because
    assert by_title(store, "分享图模糊").status is Status.FIXED_UPSTREAM
    later = by_title(store, "夜间模式")
    assert (later.status, later.decision.triage) == (Status.OPEN, Triage.INBOX)
    assert {"所属产品", "由谁创建", "解决日期"} <= set(unused)
    assert "操作系统" not in unused


# TAPD


TAPD = (
    "ID,标题,严重程度,优先级,状态,处理人,预计结束,创建人,创建时间,解决方法,详细描述,模块\n"
    "1000123,授权弹窗点不动,严重,高,已解决,吴;钱;,2024-03-20,林,2024-03-09 10:00,"
    "改用按钮触发授权,点了没反应,授权\n"
    "1000124,列表空白,一般,中,已拒绝,吴;,,林,2024-03-09 10:00,,滚动后空白,列表\n"
    "1000125,标题被截断,提示,低,新,,,林,2024-03-09 10:00,重复,标题,列表\n"
)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_what_tapd_calls_the_way_it_was_solved_is_a_remedy(store: Store, encoding: str) -> None:
    tally, unused = brought_in(store, TAPD.encode(encoding), file="tapd.csv")
    solved = by_title(store, "授权弹窗点不动")
    assert solved.workaround.plain == "改用按钮触发授权"
    assert solved.status is Status.FIXED_UPSTREAM
    assert solved.tags == ("@钱",)
    assert (solved.plan.assignee, solved.plan.due) == ("吴", "2024-03-20")
    assert by_title(store, "列表空白").decision.triage is Triage.DECLINED
    again = by_title(store, "标题被截断")
    assert again.workaround.plain == ""
    assert again.decision.inbox_reason is InboxReason.DUPLICATE
    assert unused == ["优先级", "创建人"]
    renamed = TAPD.replace("列表空白", "滚动后列表空白")
    tally, _unused = brought_in(store, renamed.encode(encoding), file="导出(2).csv")
    assert (tally.new, tally.changed) == (0, 1)


# GitHub


def test_issues_of_github_come_with_state_people_comments_and_error(store: Store) -> None:
    tally, unused = case(store, "gh-issues.json")
    assert mapped(tally) == {"CLOSED": "fixed", "OPEN": "open"}
    media = by_title(store, "wx.chooseMedia returns nothing on Android")
    assert media.status is Status.FIXED_UPSTREAM
    assert [one.text for one in media.signatures] == ["chooseMedia:fail cancel of undefined"]
    assert media.component.plain == "wx.chooseMedia"
    assert [one.text.plain for one in media.comments] == [
        "dev-b: Workaround: pass sourceType explicitly."
    ]
    assert media.workaround.plain == "pass sourceType explicitly."
    assert set(media.tags) == {"android"}
    assert media.plan.assignee == "dev-a"
    assert "CLOSED" not in media.reproduction.plain
    assert [one.url for one in media.references] == ["https://example.com/issues/12"]
    assert by_title(store, "白屏").status is Status.OPEN
    assert unused == []


def gh(**values: Any) -> dict[str, Any]:
    return {"number": 5, "title": "Blank page", "state": "OPEN", "body": "It is blank."} | values


def test_an_issue_is_known_by_its_address_and_only_its_new_comment_comes(store: Store) -> None:
    url = "https://example.com/a/b/issues/5"
    one = {"author": {"login": "lin"}, "body": "Same here."}
    brought_in(store, json.dumps([gh(url=url, comments=[one])]), file="a.json")
    more = {"author": {"login": "wu"}, "body": "**Fix:** wait a second."}
    again = json.dumps([gh(url=url, title="Blank page after login", comments=[one, more])])
    tally, _unused = brought_in(store, again, file="issues-new.json")
    assert (tally.new, tally.changed) == (0, 1)
    pitfall = by_title(store, "Blank page after login")
    assert [it.text.plain for it in pitfall.comments] == [
        "lin: Same here.",
        "wu: **Fix:** wait a second.",
    ]
    assert pitfall.workaround.plain == "wait a second."
    other = gh(url="https://example.com/a/c/issues/5")
    assert brought_in(store, json.dumps([other]), file="a.json")[0].new == 1


@pytest.mark.parametrize(
    ("state", "because"),
    [
        ({"state": "CLOSED", "stateReason": "NOT_PLANNED"}, DeclineReason.BY_DESIGN),
        ({"state": "closed", "state_reason": "not_planned"}, DeclineReason.BY_DESIGN),
        ({"state": "CLOSED", "stateReason": "COMPLETED"}, None),
    ],
)
def test_the_reason_says_more_than_the_state(
    store: Store, state: dict[str, str], because: DeclineReason | None
) -> None:
    brought_in(store, json.dumps([gh(**state)]), file="a.json")
    pitfall = by_title(store, "Blank page")
    assert pitfall.decision.decline_reason is because
    assert (pitfall.status is Status.FIXED_UPSTREAM) == (because is None)


# GitLab and Jira


def test_an_export_of_gitlab(store: Store) -> None:
    text = (
        "Title,Description,Issue ID,URL,State,Author,Assignee,Due Date,Created At (UTC),Labels\n"
        'scanCode returns twice,"On Android.\n\n> scanCode:fail busy\n\n## Solution\nScan once.\n",'
        "4,https://gitlab.example.com/a/b/-/issues/4,Closed,Lin,Wu,2024-03-20,"
        '2024-03-09 10:00:00,"ui,scan"\n'
    )
    tally, unused = brought_in(store, text, file="a_issues.csv")
    scan = by_title(store, "scanCode returns twice")
    assert scan.workaround.plain == "Scan once."
    assert [one.text for one in scan.signatures] == ["scanCode:fail busy"]
    assert set(scan.tags) == {"ui", "scan"}
    assert (scan.plan.assignee, scan.plan.due) == ("Wu", "2024-03-20")
    assert scan.status is Status.FIXED_UPSTREAM
    assert unused == ["Author"]
    listed = [
        {
            "id": 8812,
            "iid": 4,
            "title": "scanCode fires twice",
            "state": "closed",
            "web_url": "https://gitlab.example.com/a/b/-/issues/4",
            "description": "On Android.",
        }
    ]
    tally, _unused = brought_in(store, json.dumps(listed), file="x.json")
    assert (tally.new, tally.changed) == (0, 1)


def test_an_export_of_jira_as_a_table(store: Store) -> None:
    text = (
        "Issue key,Summary,Status,Resolution,Assignee,Comment,Comment,Description\n"
        "APP-1,Icons are blurred,Done,Won't Do,lin,,,Always\n"
        "APP-2,Camera stays black,Done,Fixed,,10/Apr/22 1:47 PM;wu;Workaround: restart,"
        '"11/Apr/22 9:00 AM;lin;thanks","{code}\nCameraContext:fail not ready\n{code}"\n'
        "APP-3,Map jumps,In Progress,Unresolved,,,,Often\n"
        "APP-4,Icons again,Done,Duplicate,,,,See APP-1\n"
    )
    tally, _unused = brought_in(store, text)
    assert by_title(store, "Icons are blurred").decision.triage is Triage.DECLINED
    camera = by_title(store, "Camera stays black")
    assert camera.status is Status.FIXED_UPSTREAM
    assert [one.text.plain for one in camera.comments] == ["wu: Workaround: restart", "lin: thanks"]
    assert camera.workaround.plain == "restart"
    assert [one.text for one in camera.signatures] == ["CameraContext:fail not ready"]
    assert by_title(store, "Map jumps").status is Status.OPEN
    assert by_title(store, "Icons again").decision.inbox_reason is InboxReason.DUPLICATE
    assert mapped(tally)["Won't Do"] == "by-design"


def test_an_answer_of_jiras_server_with_rich_text(store: Store) -> None:
    def doc(*texts: str) -> dict[str, Any]:
        paragraphs = [
            {"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in texts
        ]
        return {"type": "doc", "version": 1, "content": paragraphs}

    issue = {
        "key": "APP-9",
        "fields": {
            "summary": "Login sheet stays",
            "status": {"name": "Closed"},
            "resolution": {"name": "Cannot Reproduce"},
            "assignee": {"displayName": "Lin Wu"},
            "duedate": "2024-03-20",
            "description": doc("It stays open.", "Always."),
            "comment": {"comments": [{"author": {"displayName": "Wu"}, "body": doc("Not here.")}]},
        },
    }
    brought_in(store, json.dumps({"issues": [issue]}), file="jira.json")
    login = by_title(store, "Login sheet stays")
    assert login.reproduction.plain == "It stays open.\n\nAlways."
    assert [one.text.plain for one in login.comments] == ["Wu: Not here."]
    assert login.tags == ()
    assert (login.plan.assignee, login.plan.due) == ("Lin Wu", "2024-03-20")
    assert login.decision.decline_reason is DeclineReason.NOT_REPRODUCIBLE


# The mapping, and keys


def test_a_person_changes_what_a_state_comes_to(store: Store) -> None:
    text = "Key,Title,State\nA-1,One,CLOSED\nA-2,Two,Parked\nA-3,Three,Open\n"
    maps = ("status=State:CLOSED=not-ours,Parked=duplicate",)
    tally, _unused = brought_in(store, text, *maps)
    assert mapped(tally) == {"CLOSED": "not-ours", "Parked": "duplicate", "Open": "open"}
    assert by_title(store, "One").decision.decline_reason is DeclineReason.NOT_OURS
    assert by_title(store, "Two").decision.inbox_reason is InboxReason.DUPLICATE


def test_a_state_that_nobody_knows_is_open_is_shown_and_is_not_in_the_notes(store: Store) -> None:
    tally, _unused = brought_in(store, "Key,Title,State,Notes\nA-1,One,Parked,text\n")
    assert mapped(tally) == {"Parked": None}
    pitfall = by_title(store, "One")
    assert (pitfall.status, pitfall.reproduction.plain) == (Status.OPEN, "text")


def test_a_meaning_that_is_none_is_refused(store: Store) -> None:
    stream = io.BytesIO(b"Key,Title,State\nA-1,One,CLOSED\n")
    source = incoming(
        stream, SourceFormat.CSV, store.path, file="a.csv", asked=["status=State:CLOSED=gone"]
    )
    [one] = source.arriving()
    assert isinstance(one, UnreadableItem)
    assert isinstance(one.why, Refused)
    assert "“gone” is none of open, workaround, fixed" in str(one.why)


def test_a_decision_that_a_list_takes_later_is_taken_unless_somebody_decided(store: Store) -> None:
    text = "Key,Title,State\nA-1,One,Open\nA-2,Two,Open\n"
    brought_in(store, text)
    store.triage.accept(by_title(store, "Two").id)
    tally, _unused = brought_in(store, text.replace("Open", "Rejected"))
    assert tally.changed == 2
    assert by_title(store, "One").decision.triage is Triage.DECLINED
    assert by_title(store, "Two").decision.triage is Triage.SETTLED


def test_a_list_of_numbers_is_recognised_under_another_name(store: Store) -> None:
    rows = [("1", "上传后白屏"), ("2", "地图在平板上抖动"), ("3", "授权弹窗点不动")]

    def text(title: str) -> str:
        told = [rows[0], ("2", title), rows[2]]
        return "编号,标题\n" + "".join(f"{key},{name}\n" for key, name in told)

    brought_in(store, text(rows[1][1]), file="问题清单.csv")
    tally, _unused = brought_in(store, text("地图在平板上会抖动"), file="下载.csv")
    assert (tally.new, tally.changed, tally.same) == (0, 1, 2)
    other = "编号,标题\n1,登录超时\n2,分享没有图\n3,相机黑屏\n"
    tally, _unused = brought_in(store, other, file="另一个.csv")
    assert tally.new == 3


def test_stock_words_of_a_column_of_errors_stay_in_the_notes(store: Store) -> None:
    text = "Key,Title,Error,Notes\nA-1,Upload stops,Permission denied,On Android\n"
    tally, _unused = brought_in(store, text)
    assert [one.text for one in tally.vague] == ["Permission denied"]
    pitfall = by_title(store, "Upload stops")
    assert pitfall.signatures == ()
    assert "Permission denied" in pitfall.reproduction.plain


# Every dialect's words for what was decided, and rich text


@pytest.mark.parametrize(
    ("status", "resolution", "outcome"),
    [
        # ZenTao, as exported in either language and as its interface answers
        *(("激活", "", "open"), ("已解决", "已解决", "fixed"), ("已关闭", "设计如此", "by-design")),
        *(("已解决", "延期处理", "open"), ("已关闭", "转为研发需求", "open")),
        *(("已关闭", "外部原因", "not-ours"), ("已关闭", "无法重现", "not-reproducible")),
        *(("已关闭", "不予解决", "by-design"), ("已关闭", "重复Bug", "duplicate")),
        *(("closed", "notrepro", "not-reproducible"), ("closed", "willnotfix", "by-design")),
        *(("resolved", "postponed", "open"), ("closed", "Convert to Story", "open")),
        *(("active", "fixed", "fixed"), ("resolved", "External", "not-ours")),
        # TAPD
        *(("新", "", "open"), ("接受/处理", "", "open"), ("已拒绝", "无需修改", "by-design")),
        *(("已关闭", "问题描述不准确", "by-design"), ("挂起", "", "open"), ("已验证", "", "fixed")),
        *(
            ("重新打开", "已解决", "open"),
            ("已关闭", "需求变更", "by-design"),
            ("延期", "", "open"),
        ),
        # Jira in Chinese and English
        *(("待办", "未解决", "open"), ("完成", "完成", "fixed"), ("完成", "不做", "by-design")),
        *(("已关闭", "不能重现", "not-reproducible"), ("Done", "Won't Do", "by-design")),
        *(("Reopened", "Fixed", "open"), ("Closed", "Incomplete", "open")),
        *(("Resolved", "Cannot Reproduce", "not-reproducible"), ("Done", "Declined", "by-design")),
        # GitHub, GitLab, YouTrack, Bugzilla, Linear, Yunxiao
        *(("CLOSED", "NOT_PLANNED", "by-design"), ("CLOSED", "COMPLETED", "fixed")),
        *(
            ("OPEN", "REOPENED", "open"),
            ("opened", "", "open"),
            ("closed", "DUPLICATE", "duplicate"),
        ),
        *(("RESOLVED", "WORKSFORME", "not-reproducible"), ("RESOLVED", "INVALID", "by-design")),
        *(("Canceled", "", "by-design"), ("Backlog", "", "open"), ("As designed", "", "by-design")),
        *(("暂不修复", "", "open"), ("再次打开", "", "open"), ("待验证", "", "open")),
        *(("有临时方案", "", "workaround"), ("处理中", "", "open"), ("已驳回", "", "by-design")),
    ],
)
def test_what_each_dialect_calls_a_decision(
    store: Store, status: str, resolution: str, outcome: str
) -> None:
    tally, _ = brought_in(store, f"title,status,resolution\nBlank,{status},{resolution}\n")
    said = [one for one in mapped(tally).values() if one != "open"]
    assert (said or ["open"]) == [outcome] or outcome == "open"
    one = by_title(store, "Blank")
    assert (one.status is Status.FIXED_UPSTREAM) == (outcome == "fixed")
    reason = next((reason for reason in DeclineReason if reason.value == outcome), None)
    assert one.decision.decline_reason is reason


@pytest.mark.parametrize("label", ["wontfix", "resolution::duplicate", "Cannot reproduce"])
def test_a_label_says_how_an_issue_was_closed(store: Store, label: str) -> None:
    text = f"Title,State,Labels\nClosed one,Closed,bug;{label}\nOpen one,Open,{label}\n"
    brought_in(store, text)
    assert by_title(store, "Closed one").status is Status.OPEN
    assert by_title(store, "Open one").status is Status.OPEN
    # Whoever says what the state means is not contradicted.
    tally, _ = brought_in(
        store, "Title,State,Labels\nMine,Closed,wontfix\n", "status=State:Closed=fixed"
    )
    assert mapped(tally) == {"Closed": "fixed"}


def test_html_of_trackers_is_read_as_text(store: Store) -> None:
    text = (
        "Bug编号,Bug标题,重现步骤,Bug状态,指派给\n"
        '7,登录超时,"[步骤]<br>打开<br />[结果]<br>qy.login:fail invalid suite<br>[期望]<br>'
        'login:fail 不出现",激活,closed\n'
        '8,选人,"<p>点击后 &lt;view&gt; 变白</p>'
        "<div><b>报错</b>：selectContact:fail by policy</div>"
        "<table><tr><th>机型</th></tr><tr><td>iPhone</td></tr></table>"
        '<img src=""https://example.org/a.png"">",激活,\n'
        '9,标签,"`<p>` 和 `<br>` 不显示",激活,\n'
    )
    brought_in(store, text)
    first, second, third = (by_title(store, title) for title in ("登录超时", "选人", "标签"))
    assert first.reproduction.plain == (
        "[步骤]\n打开\n[结果]\nqy.login:fail invalid suite\n[期望]\nlogin:fail 不出现"
    )
    assert [one.text for one in first.signatures] == ["qy.login:fail invalid suite"]
    assert [*first.tags] == []
    assert "点击后 <view> 变白\n**报错**：selectContact:fail by policy" in second.reproduction.plain
    assert "| 机型 |\n| --- |\n| iPhone |" in second.reproduction.plain
    assert "https://example.org/a.png" in second.reproduction.plain
    assert third.reproduction.plain == "`<p>` 和 `<br>` 不显示"


def test_the_markup_of_jira_is_read_as_markdown(store: Store) -> None:
    text = (
        'Summary,Issue key,Description\nLogin,WX-1,"{code:java}qy.login:fail suite 10003{code}\n\n'
        'h3. Workaround\nUse {{wx.login}}, see [the post|https://example.org/p]"\n'
    )
    brought_in(store, text)
    one = by_title(store, "Login")
    assert one.workaround.plain == "Use `wx.login`, see [the post](https://example.org/p)"
    assert one.reproduction.plain.startswith("```\nqy.login:fail suite 10003\n```\n\n### Work")
    assert [each.text for each in one.signatures] == ["qy.login:fail suite 10003"]


def test_the_number_that_people_see_is_the_key(store: Store) -> None:
    issue = {"id": 900001, "iid": 5, "title": "Audio stops", "state": "opened"}
    brought_in(store, json.dumps([issue]), file="issues.json")
    tally, _ = brought_in(store, "Issue ID,Title,State\n5,Audio stops,Open\n", file="issues.csv")
    assert (tally.new, tally.same) == (0, 1)


def test_columns_that_come_late_in_json_are_named(store: Store) -> None:
    issues: list[dict[str, Any]] = [{"title": f"Issue {n}", "sprint": n} for n in range(260)]
    issues[250]["epic"] = "X"
    issues[259]["fields"] = {"squad": "Y"}
    _, left = brought_in(store, json.dumps(issues), file="issues.json")
    assert left == ["sprint", "epic", "fields.squad"]
