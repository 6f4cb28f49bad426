"""Scoring: whether a section of a note reports a problem.

The rule, in points; three are enough:

- a plain sign (fails, error, doesn't, 报错, 无效, 坑, 限制 …) is worth three in the heading, and
  two in the text, each different one again;
- a quoted error text is worth three in the heading and two in the text;
- a hint (only, make sure, otherwise, 注意, 不然, 区别 …) is worth one wherever it stands, each
  different one again, but three at most;
- two platforms in one breath are worth two in the heading, and one in the text;
- the name of an interface is worth one;
- of a long text, each four hundred characters (a Latin letter is a third of one) take one away
  again, down to none, since among many words some will sound like a problem;
- a heading above that announces problems (known issues, 踩坑记录) is worth one;
- a heading that promises an explanation (how to …, 如何 …, 使用 …) takes two away.

The frame of a note (background, summary, links …) never reports a problem.
"""

from __future__ import annotations

import re
from typing import Final

from storage.match.error_text import names_in

ENOUGH: Final = 3
_MOST_FOR_HINTS: Final = 3
_ONE_LESS_EVERY: Final = 400
_CHINESE: Final = re.compile("[\u3400-\u9fff]")

#: What stands around the words of a heading: numbers, marks, pictures.
_AROUND: Final = re.compile(
    r"^(?:[\W_]|\d|[一二三四五六七八九十]+(?=[、.．)）\s])|(?:q|问题?)\s*\d*\s*[:：.、])+|[\W_]+$",
    re.I,
)
#: ``（2026 年）``, ``(v2, ongoing)``: when a collection was made, or of what.
_DATED: Final = re.compile(r"\s*(?:[（(【\[][^（(【\[\])）】]{1,20}[\])）】]|\d{4}\s*年?)\s*$")
_SENTENCE_END: Final = re.compile(r"(?<=[。！？!?；;])|(?<=\.)\s+|\n+")


def is_frame(heading: str) -> bool:
    """Whether a heading belongs to the frame of a note, such as its background or its links."""
    return FRAME.fullmatch(_bare(heading)) is not None


def is_contents_heading(heading: str) -> bool:
    """Whether a heading stands above a table of contents."""
    return CONTENTS.fullmatch(_bare(heading)) is not None


def is_story(heading: str) -> bool:
    """Whether a heading names a part of one problem's story, such as its cause."""
    return STORY.fullmatch(_bare(heading)) is not None


def is_part(heading: str) -> bool:
    """Whether it does, or names what stands beside such a story, such as an example."""
    return is_story(heading) or ASIDE.fullmatch(_bare(heading)) is not None


def is_generic(heading: str) -> bool:
    """Whether a heading says no more than that there is a problem, and on what platform."""
    if not _bare(heading):
        return False
    return not re.sub(r"[\W_]|(?<!\d)\d{1,2}(?!\d)", "", GENERIC.sub(" ", heading))


def explains(heading: str) -> bool:
    """Whether a heading promises an explanation, and names no problem."""
    bare = _bare(heading)
    return EXPLAINING.search(bare) is not None and not PLAIN.search(HARMLESS.sub(" ", bare))


def is_hints(heading: str) -> bool:
    """Whether a heading announces what to know or to ask, of which only some are problems."""
    return HINTS.search(heading) is not None


def announces(heading: str) -> bool:
    """Whether a heading says that problems follow, in so many words."""
    said = HARMLESS.sub(" ", heading)
    return is_collection(heading) or PLAIN.search(said) is not None


def announces_list(line: str) -> bool:
    """Whether the line above a list says that problems follow, such as "We hit 3 issues:"."""
    return _ANNOUNCING.search(line) is not None


def is_collection(heading: str) -> bool:
    """Whether a heading announces problems without naming one."""
    if names_in(heading):
        return False
    heading = _DATED.sub("", heading)
    if is_generic(heading) and _PROBLEM.search(heading):
        return True
    return COLLECTION.fullmatch(_bare(heading)) is not None


def points(
    heading: str, text: str, quoted_in_heading: int, quoted_in_text: int, *, announced: bool
) -> int:
    """How much speaks for a section's reporting a problem; see above for what counts.

    Args:
        heading, text: without their Markdown.
        quoted_in_heading, quoted_in_text: how many error texts they quote.
        announced: whether a heading above announces problems.
    """
    if is_frame(heading):
        return 0
    head, body = (HARMLESS.sub(" ", part) for part in (heading, text))
    hints = _different(HINT, head) | _different(HINT, body)
    by_heading = (
        (3 if PLAIN.search(head) or quoted_in_heading else 0)
        + (2 if CONTRAST.search(head) else 0)
        + (1 if names_in(heading) or names_in(text) else 0)
        + (1 if announced else 0)
        - (2 if EXPLAINING.search(_bare(heading)) else 0)
    )
    by_text = (
        2 * len(_different(PLAIN, body))
        + (2 if quoted_in_text else 0)
        + (1 if CONTRAST.search(body) else 0)
        + min(_MOST_FOR_HINTS, len(hints))
    )
    return by_heading + max(0, by_text - _length(text) // _ONE_LESS_EVERY)


def sentences(text: str) -> list[str]:
    """The sentences of a text; a line's end ends one as well."""
    return [one.strip() for one in _SENTENCE_END.split(text) if one.strip()]


def _different(pattern: re.Pattern[str], text: str) -> set[str]:
    return {match.group().lower() for match in pattern.finditer(text)}


def _length(text: str) -> int:
    """How much a text says, in Chinese characters."""
    chinese = len(_CHINESE.findall(text))
    return chinese + (len(text) - chinese) // 3


def _bare(heading: str) -> str:
    """A heading's words."""
    return _AROUND.sub("", heading)


# The words by which a note is understood, in Chinese and English; to be added to


def any_of(chinese: str, english: str) -> re.Pattern[str]:
    """A pattern for any of the expressions of two lists."""
    latin = f"(?<![A-Za-z])(?:{_either(english)})(?![A-Za-z])"
    return re.compile(f"{_either(chinese)}|{latin}" if chinese.strip() else latin, re.I)


def whole(chinese: str, english: str) -> re.Pattern[str]:
    """A pattern for a heading that is one of the expressions and nothing else."""
    return re.compile(f"(?:{_either(f'{chinese} {english}')})", re.I)


def _either(expressions: str) -> str:
    return "|".join(expressions.split()).replace("_", " ")


#: Plain signs of a problem.
PLAIN: Final = any_of(
    """
    报错 出错 错误 失败 异常 崩溃 闪退 卡死 卡住 卡顿 [白黑花]色?[屏图] 空白 乱码 错[位乱] 遮挡
    穿透 踩到 闪烁 闪屏 抖动 模糊 变形 变[白黑]了? 偏移 漂移 截断 被[盖挡遮占截顶吞] 失焦
    跳动 消失 死循环 少一天
    坑 无效 失效 无法 不能 没法 不行 不支持 不兼容 不生效 不起作用 不允许 不可
    不会(?:再)?(?:触发|执行|回调|显示|更新)
    不(?:显示|触发|执行|返回|刷新|更新|消失|一致|相符|准确?|正确|稳定|响应|对|走|跳转|弹出|出现)
    不(?:回调|收起|回弹|回落|滚动|居中|对齐|加载|播放|渲染|换行|出来|见了|出声|生成|自动)
    没有?(?:任何)?(?:效果|反应|作用|触发|执行|回调|显示|更新|返回|声音) 毫无
    [为是回](?:空|_?(?:0(?![.\\d])|null|NaN|undefined))
    [拿取收找看点弹选传连发加搜划刷播录扫调拉拖关删停]不(?:[到了上开住动掉]|出来?) 打不开
    获取不 丢失 缺失 重复(?:触发|执行|提交|调用) 误导 有误 写错
    超时 被拒 拒绝 泄漏 溢出 限制 上限 最多 只能 [只仅]支持 禁止 限流 配额
    """,
    """
    bugs? buggy fail(?:s|ed|ing|ures?)? errors? exceptions? crash(?:es|ed|ing)? broken breaks?
    (?:do|does|did|is|are|was|were|wo|ca|could)n['’]t (?:does|did|will|can)_not do_not cannot
    never unable impossible unsupported
    not_(?:supported|work(?:ing)?|called|fired|allowed|possible)
    no_(?:effect|longer|callback|response) wrong incorrect(?:ly)? missing ignore[sd]? silently
    undocumented outdated misleading hangs? freez(?:es|ing) frozen stuck blank garbled leaks?
    time(?:s|d)?_out timeouts? unexpected(?:ly)? regressions? quirks? gotchas? pitfalls? caveats?
    empty null undefined limit(?:s|ed|ations?)? quotas? at_most lost loses rejected denied
    refuse[sd]? duplicated? flickers? cover(?:s|ed) overlap(?:s|ped)? inconsistent(?:ly)?
    incompatible stays?_(?:open|black|white|old|there|visible|empty) nothing_(?:happens|helps|works)
    twice jumps? blurry blurred crop(?:s|ped) cut_off drops? off_by dead laggy?
    (?:is|are|was|were|gets?|comes?)_(?:gone|late|too_(?:late|small|large|big|early)|off)
    """,
)

#: Hints at one.
HINT: Final = any_of(
    """
    注意 切记 牢记 记住 记得 一定 务必 必须 必需 需要 否则 不然 除非 才能 才可以 才会 才行 仅 只有
    只会 问题 但是?(?!愿) [，。；]而(?!且) 却 反而 直接 不过 区别 差异 不同 不一样 隔离 独立 特殊
    奇怪 诡异 居然 竟然 没想到 实测 实际上 亲测 疑似 目测 貌似 为什么 为何 老版本 旧版本 缓存 延迟
    规避 绕过 解决(?:方[法案]|办法) 官方(?:回复|答复|修复)
    """,
    """
    problems? issues? but note notice beware careful caution warning remember make_sure ensure
    must need(?:s|ed)?_to only otherwise instead unless except actually although though however
    differs? different(?:ly)? differences? surprising(?:ly)? strange(?:ly)? odd(?:ly)?
    weird(?:ly)? stale cached delay(?:s|ed)? workarounds? why turns_out apparently in_fact
    by_design old_version avoid watch_out
    """,
)

#: Two places where the same is tried, in one breath.
CONTRAST: Final = any_of(
    """
    (?:ios|苹果).{1,60}(?:android|安卓|鸿蒙) (?:android|安卓|鸿蒙).{1,60}(?:ios|苹果)
    (?:真机|手机).{1,60}(?:模拟器|工具) (?:模拟器|工具).{1,60}(?:真机|手机)
    """,
    """
    ios_.{0,120}_android android_.{0,120}_ios (?:devices?|phones?)_.{0,120}_(?:devtools|simulator)
    (?:devtools|simulator)_.{0,120}_(?:devices?|phones?)
    """,
)

#: What sounds like a problem, and says that there is none or how one deals with them.
HARMLESS: Final = any_of(
    """
    (?:没有?|无|未见|不会|不再)(?:任何|再|出现)*(?:报错|出错|问题|异常|错误|bug|坑|限制)
    (?:错误|异常|失败)(?:处理|捕获|上报|监控) 不错 不会错
    """,
    """
    (?:no|without(?:_any)?|zero)_(?:errors?|problems?|issues?|bugs?|limits?|limitations?)
    (?:errors?|exceptions?)_(?:handling|handlers?|monitoring|reporting) bug.?free fail.?safe
    do(?:n['’]t|_not)_worry
    """,
)

#: Headings that promise an explanation.
EXPLAINING: Final = any_of(
    """
    ^(?:如何|怎[么样]|什么是|哪里|在哪|是否|能否|可以)(?!.*(?:不|没|失败|报错))
    ^(?:使用|接入|配置|安装|引入|集成)
    (?:使用|接入|配置|开发|安装)(?:方法|流程|步骤|说明|指南|教程)?$ 有什么(?:不同|区别|用) 吗$
    怎么用$ (?:在哪里?|哪里)$
    """,
    "^how_(?:to|do|can|we) ^(?:what|where|which|can_i|is_there)"
    " ^(?:using|usage|install(?:ing)?|configur(?:e|ing)|setting_up)",
)

#: Headings of a note's frame, which never report a problem.
FRAME: Final = whole(
    """
    (?:记录|项目|写作|需求|业务|文章|开发)?背景 前言 引言 序言? 前记 写在(?:前面|最?后)(?:的话)?
    简介 介绍 概述 概要 综述 摘要 导读 总结 小结 结语 结论 后记 尾声 最后 感想 感悟 收获 展望 致谢
    鸣谢 关于(?:本文|作者|我)? 目录 大纲 索引
    (?:相关|参考|扩展|延伸|其[他它]|推荐|官方)?(?:资料|文献|链接|阅读|文档|文章|资源)(?:汇总|地址|整理)?
    参考 引用 (?:更新|修订|变更)(?:日志|记录|历史) 版本(?:历史|记录)? 许可证? 版权(?:声明)?
    (?:开发|测试|运行)?环境(?:准备|搭建|说明)? 准备(?:工作)? 安装 快速(?:开始|上手)
    技术(?:选型|栈) 项目(?:结构|介绍|简介|地址) 文档(?:说明|导航|目录) 导航
    快速(?:导航|查找|定位|索引)
    (?:后续|下一步|未来|开发|优化|改进|长期|短期)?(?:计划|规划|路线图?)(?:与.{1,6})?
    下一步(?:工作|行动)? 待办(?:事项)? 里程碑
    (?:如何|获取|寻求|更多|技术|需要|还有问题){0,3}(?:帮助|支持|求助)(?:与.{1,6})?
    (?:仍然?|还是?|依然)(?:无法|没有?|不能|未能?)解决.{0,4} 联系(?:我们|方式|作者)
    (?:反馈|求助)(?:渠道|方式) .{0,8}(?:检查|自查|自测|上线|发布|提测|验收)(?:项|清单|列表)
    (?:这些|以下|下面)?都?(?:不是|并非|不算|非)_?(?:bug|问题|缺陷|坑)(?:的?.{0,8}) 正常现象
    .{0,6}?(?:监控|告警|埋点)(?:[和与及].{1,6})?(?:方案|配置|体系|平台|建议)? 交流群? 贡献(?:指南)?
    """,
    """
    background foreword preface introduction intro overview motivation abstract about(?:_.{1,20})?
    summary conclusions? wrap.?up final_(?:words|thoughts) closing(?:_words|_thoughts)? afterword
    recap references? links? resources? useful_links further_reading see_also related(?:_.{1,12})?
    sources? bibliography (?:table_of_)?contents toc index changelog change_log history license
    copyright credits acknowledge?ments? thanks contributing prerequisites requirements setup
    installation getting_started quick.?start environment versions? tl;?dr
    (?:our_|the_)?(?:roadmap|(?:future_|next_|release_)?plans?|next_steps|milestones?|future_work|to-?do(?:s|_list)?)
    (?:get(?:ting)?_|need_|more_|how_to_get_)*(?:help|support)(?:_.{1,16})?
    still_(?:stuck|having|need).{0,30} contact(?:_us)? community
    (?:error_|performance_)?(?:monitoring|alert(?:s|ing)|observability|metrics)(?:_.{1,20})?
    (?:.{1,24}_)?check-?_?list not_(?:a_|an_|really_)?(?:bugs?|issues?|problems?) non-?issues?
    works?_as_(?:designed|intended|expected) expected_behaviou?rs?
    navigation quick_(?:links|reference) how_to_use_this_.{1,12}
    """,
)

CONTENTS: Final = whole(
    "目录 大纲 索引 导航 快速(?:导航|查找|定位|索引)",
    "(?:table_of_)?contents toc index navigation quick_links",
)

#: Headings of one problem's story, told in parts.
STORY: Final = whole(
    """
    (?:问题|错误|异常|bug|故障|场景)?(?:现象|表现|症状|描述|详情|背景|影响|原因|分析)
    (?:问题|错误|异常|bug|故障)?(?:复现|重现|定位|排查|原因|影响)(?:分析|步骤|过程|范围)? 问题
    根本原因 根因 为什么 触发条件
    (?:临时|最终|最后)?(?:解决|处理|规避|修复|绕坑)(?:方[案法式]|办法|思路|过程|步骤)? 期望
    预期(?:结果)? 实际(?:结果)? 官方(?:回复|说法|答复|解释) (?:报错|错误)信息
    """,
    """
    symptoms? problem issue what_happen(?:s|ed) description (?:root_)?cause reasons? why analysis
    diagnosis investigation (?:the_)?fix solutions? resolution workarounds? remedy mitigation
    how_to_(?:fix|solve|avoid|work_around)(?:_it)? steps?(?:_to_reproduce)? impact
    repro(?:duction|duce)?(?:_steps)? expected(?:_.{1,10})? actual(?:_.{1,10})? error_message
    vendor(?:'s)?_(?:reply|answer)
    """,
)

#: Headings beside it, and those of the places where it was tried.
ASIDE: Final = whole(
    """
    方[案法] 办法 做法 (?:正确|错误)(?:做法|写法|姿势|用法|示范) 步骤 结果 结论 补充(?:说明)? 备注
    说明 注意 提示 截图 代码(?:示例)? 示例(?:代码)? 例子 日志 验证 环境 版本
    (?:相关|参考)?(?:链接|资料|文档)(?:地址)? 参考 后续 进展 状态 安卓端? 苹果端? 鸿蒙 pc端? 真机
    模拟器 开发者?工具 微信端? 企业微信 企微
    (?:方[案法]|步骤|场景|情况|示例|例|第)\\s*[一二三四五六七八九十\\d]+步?
    """,
    """
    answer results? environment affected_.{1,12} details? notes? hints? tips? examples? code
    screenshots? logs? status references? links? update bad good wrong right before after android
    ios harmony(?:os)? windows mac(?:os)? devtools simulator on_devices?
    (?:option|step|case|solution|method|approach|example|part)_\\w{1,2}
    """,
)

#: Headings that announce several problems and name none.
COLLECTION: Final = whole(
    """
    .{0,30}?(?:坑|问题|bug|限制|注意事项|错误)点?(?:记录?|汇总|总结|合集|大全|日记|笔记|日志|清单)表?
    .{0,30}?(?:坑|问题|bug)点?\\s?(?:杂记|随记|杂谈|备忘录?|速记)
    .{0,30}?(?:坑|问题|bug|限制|注意事项|错误)点?(?:列表|指南|整理|们|系列|分享|一览表?|经历|经验|台账)
    .{0,10}?(?:踩坑|坑|注意事项|须知|faq)
    [A-Za-z\\d安卓苹果鸿蒙真手机桌面移动小程序企业微信各多端平台系统浏览器的和与及、\\s]{0,16}?(?:兼容|适配|样式|布局)性?的?(?:问题|bug)
    [A-Za-z\\d安卓苹果鸿蒙真手机桌面移动小程序企业微信各多端平台系统浏览器的和与及、\\s]{0,16}?(?:性能|体验|交互|显示|权限)的?(?:问题|bug)
    .{0,16}?(?:常见|已知|遇到|碰到|相关|其[他它]|一些|几个|各种|所有|遗留|未解决|待解决|历史|线上).{0,6}?(?:问题|坑|bug|限制|错误)
    .{0,12}?[的-]_?坑
    """,
    """
    .{0,30}?(?:issues|problems|pitfalls|gotchas|bugs|caveats|traps|quirks)(?:_.{1,24})?
    .{0,30}?(?:limitations|limits|tips)(?:_.{1,24})?
    .{0,24}?(?:issues?|problems?|pitfalls?|bugs?|gotchas?)_(?:list|log|notes|collection)
    .{0,30}?(?:faq|questions|troubleshooting|things_to_(?:know|watch|avoid)|lessons(?:_learned)?)(?:_.{1,24})?
    .{0,30}?do['’]?s?_(?:and|&|/)_don['’]?ts?(?:_.{1,24})?
    """,
)

_ANNOUNCING: Final = re.compile(
    r"(?:\d+|[几这那两三四五六七八九十些]|以下|如下|下面|若干|遇到|碰到|发现|踩)[^。.]{0,12}(?:问题|坑|bug|缺陷)"
    r"[^。.]{0,8}[:：]\s*$"
    r"|(?<![A-Za-z])(?:\d+|several|some|these|the following|following|few|two|three|four|five|many)"
    r" (?:\w+ ){0,2}(?:issues|problems|bugs|pitfalls|gotchas|errors)[^.]{0,30}[:：]\s*$",
    re.I,
)

#: What says nothing of a problem but that it is one, and where.
GENERIC: Final = any_of(
    """
    踩坑 填坑 避坑 问题 坑点? 缺陷 错误 报错 异常 其[他它] 相关 常见 已知 遇到 碰到 一些 记录 汇总
    总结 合集 整理 列表 集锦 笔记 真机
    安卓 苹果 鸿蒙 小程序 企业微信 企微 微信 手机 模拟器 工具 开发者工具 端 样式 篇 部分 方面 类
    案例
    [的之和与及上里中]
    """,
    """
    ios android harmony(?:os)? windows mac(?:os)? pc h5 web bugs? issues? problems? pitfalls?
    gotchas?
    errors? known common other misc(?:ellaneous)? case questions? faq traps? on the and of with
    wechat wecom uni-?app devtools weapp taro
    """,
)

_PROBLEM: Final = any_of(
    "坑 问题 缺陷 错误 报错 异常", "bugs? issues? problems? pitfalls? gotchas? errors? traps? faq"
)

#: Headings of lists in which not each item needs to be a problem.
HINTS: Final = any_of(
    "注意 须知 faq 建议 技巧 经验 问答",
    "tips? hints? faq questions? things_to lessons? notes?"
    " limits? limitations? do['’]?s?_(?:and|&|/)",
)
