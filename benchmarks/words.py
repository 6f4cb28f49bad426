"""The words that boards are made of: what people write about WeCom mini-programs.

Half of the pitfalls are in Chinese, half in English, as in a team that reads
the vendor's documents in one and the error texts in the other.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

APIS: Final = (
    "wx.qy.login", "wx.qy.checkSession", "wx.qy.selectEnterpriseContact",
    "wx.qy.getEnterpriseUserInfo", "wx.qy.getMobile", "wx.qy.getEmail",
    "wx.qy.shareToExternalMoments", "wx.qy.shareToExternalContact", "wx.qy.shareToExternalChat",
    "wx.qy.openEnterpriseChat", "wx.qy.openUserProfile", "wx.qy.getNFCReaderState",
    "wx.qy.startNFCReader", "wx.qy.sendChatMessage", "wx.qy.getContext", "wx.qy.getCurExternalChat",
    "wx.qy.selectExternalContact", "wx.qy.getSystemInfo", "wx.qy.createSchedule",
    "wx.qy.startMeeting", "wx.qy.previewFile", "wx.qy.wedocSelectDoc", "wx.qy.claimClassAdmin",
    "wx.login", "wx.request", "wx.uploadFile", "wx.downloadFile", "wx.connectSocket",
    "wx.saveImageToPhotosAlbum", "wx.chooseMedia", "wx.previewImage", "wx.getImageInfo",
    "wx.canvasToTempFilePath", "wx.createSelectorQuery", "wx.createIntersectionObserver",
    "wx.navigateTo", "wx.redirectTo", "wx.switchTab", "wx.reLaunch", "wx.getLocation",
    "wx.openLocation", "wx.scanCode", "wx.setClipboardData", "wx.getStorageSync",
    "wx.setStorageSync", "wx.getUpdateManager", "wx.showModal", "wx.showToast", "wx.hideLoading",
    "wx.pageScrollTo", "wx.openDocument", "wx.getSystemInfoSync", "wx.onKeyboardHeightChange",
    "wx.createInnerAudioContext", "wx.getRecorderManager", "wx.openBluetoothAdapter",
    "wx.requestSubscribeMessage", "wx.getFileSystemManager", "wx.createVKSession",
)  # fmt: skip
SURFACES: Final = (
    "input", "textarea", "scroll-view", "swiper", "picker-view", "web-view", "canvas",
    "movable-view", "cover-view", "page-container", "rich-text", "share-element", "live-player",
    "map", "trial version", "subpackages", "worker", "custom tabBar", "skyline", "sitemap",
    "devtools", "admin console", "privacy popup", "plugin", "cloud function",
)  # fmt: skip

ZH_PLACES: Final = (
    "企业微信", "微信", "开发者工具", "邀请体验版", "扫码体验版", "正式版", "预览", "真机调试",
    "安卓", "苹果手机", "鸿蒙", "桌面端", "管理后台", "侧边栏", "工作台", "聊天工具栏",
    "客户联系", "朋友圈", "分包", "插件", "弹窗", "自定义导航栏", "半屏页面", "内嵌网页",
)  # fmt: skip
ZH_SUBJECTS: Final = (
    "登录", "授权", "保存图片到相册", "上传附件", "扫码", "分享到客户朋友圈", "选择通讯录成员",
    "获取手机号", "获取定位", "打开文档", "录音", "播放语音", "键盘弹起", "列表滚动", "下拉刷新",
    "上拉加载", "页面跳转", "返回上一页", "支付", "订阅消息", "更新版本", "成员管理", "体验成员",
    "权限申请", "二维码", "小程序码", "缓存", "网络请求", "长连接", "蓝牙", "画布导出", "图片预览",
    "视频播放", "地图标记", "日程创建", "会议预约", "审批单", "客户标签", "群聊", "临时素材",
)  # fmt: skip
ZH_TROUBLES: Final = (
    "失败且没有回调", "显示白色图片", "一直转圈", "返回内部错误", "偶尔闪退", "没有反应",
    "提示没有权限", "被系统拦截", "内容残留没有清空", "样式错乱", "位置偏移", "比文档少一个字段",
    "文档与实际不符", "每天只能三次", "超时", "重复触发", "顺序颠倒", "拿到的是旧数据", "中文乱码",
    "黑屏", "卡顿严重", "无法关闭", "高度计算错误", "遮住输入框", "被截断", "无法识别",
    "返回空对象", "第二次才生效", "切到后台以后失效", "升级以后不可用",
)  # fmt: skip
ZH_STEPS: Final = (
    "用没有体验权限的账号打开小程序", "从胶囊菜单进入邀请体验版", "点击右上角的更新版本",
    "连续点击两次按钮", "切换到后台十秒以后再回来", "在管理后台里把成员移出再加回来",
    "清空缓存以后重新进入", "断开网络再连上", "先打开弹窗再关闭", "横屏以后再转回来",
    "在会话里点开分享卡片", "把基础库调到最低版本", "换一台低端安卓机", "关闭相册权限以后再试",
    "用开发者工具重新预览", "等进度条走完以后再点击", "同时打开两个企业的体验版",
    "输入超过一百个汉字", "选择一张超过十兆的图片", "滚动到列表底部", "长按二维码识别",
    "从群聊的工具栏进入", "让客户扫描小程序码", "升级企业微信到最新版本",
)  # fmt: skip
ZH_REMEDIES: Final = (
    "先检查自己的网络,再看官方社区有没有公告", "给企业微信打开完整的相册权限",
    "把回调写进参数对象里,不要作为第二个参数", "只邀请自己,确认能打开以后再分享给别人",
    "延迟三百毫秒再调用", "改用旧接口,并在外面包一层", "在页面隐藏的时候手动清空",
    "用条件渲染重新创建组件", "改成后端转发请求", "每天最多安排三条", "提示用户重新进入小程序",
    "捕获异常以后重试一次", "把图片先压缩再保存", "在管理后台里重新配置体验成员",
    "固定高度,不要依赖自动计算", "等官方修复,暂时隐藏入口",
)  # fmt: skip
ZH_REMARKS: Final = (
    "今天又遇到一次", "客户那边也反馈了", "社区里有人说是灰度", "官方回复说已经定位",
    "升级以后好了", "只有这个企业会出现", "和基础库版本有关系", "测试同学稳定复现",
    "换了账号就正常", "怀疑是缓存的问题", "已经在社区发帖", "重新预览以后正常",
)  # fmt: skip

EN_PLACES: Final = (
    "Android", "iOS", "HarmonyOS", "Windows", "macOS", "devtools", "the invited trial version",
    "the trial version opened by QR code", "the release", "preview", "WeCom", "WeChat",
    "the sidebar", "the workbench", "the chat toolbar", "customer moments", "a subpackage",
    "a plugin page", "a half-screen page", "an embedded web view", "remote debugging",
)  # fmt: skip
EN_TROUBLES: Final = (
    "fails without calling back", "saves a white picture", "spins forever",
    "returns an internal error", "crashes now and then", "does nothing", "says permission denied",
    "is blocked by the system", "keeps its old text", "breaks the layout", "is off by a few pixels",
    "lacks a documented field", "ignores the second argument", "is limited to three a day",
    "times out", "fires twice", "arrives in the wrong order", "returns stale data",
    "garbles Chinese text", "shows a black screen", "stutters badly", "cannot be closed",
    "computes the wrong height", "covers the keyboard", "is cut off", "is not recognised",
    "returns an empty object", "works only the second time", "stops after going to background",
    "broke with the latest update", "reports success although nothing was saved",
    "needs full album access", "loses the session", "rejects a valid signature",
)  # fmt: skip
EN_WHEN: Final = (
    "after an upgrade", "for accounts without trial permission", "when entered by invitation",
    "on slow networks", "with an old base library", "while a popup is open", "in dark mode",
    "for external contacts", "when the user is in two companies", "after a cold start",
    "with large files", "behind a proxy", "on foldable screens", "when the cache is full",
    "on the first launch", "with the vConsole enabled", "inside an iframe", "under lazy loading",
)  # fmt: skip
EN_STEPS: Final = (
    "Open the mini-program with an account that has no trial permission.",
    "Enter by the capsule menu of an invited trial version.", "Tap the button twice in a row.",
    "Send the app to the background for ten seconds and come back.",
    "Remove the member in the admin console and add them again.", "Clear the cache and reopen.",
    "Switch the network off and on.", "Open the popup, type something, close it.",
    "Rotate the device and rotate it back.", "Open the shared card from a conversation.",
    "Set the base library to the lowest supported version.", "Try a low-end Android device.",
    "Revoke album permission, then save again.", "Preview again from devtools.",
    "Wait until the progress bar has finished.", "Open trial versions of two companies at once.",
    "Paste more than a hundred characters.", "Choose a picture larger than ten megabytes.",
    "Scroll to the end of the list.", "Long-press the QR code.", "Upgrade the client and retry.",
)  # fmt: skip
EN_REMEDIES: Final = (
    "Check your own network first; then look for an outage notice in the community.",
    "Grant full access to the album.", "Pass success, fail and complete inside the object.",
    "Invite only yourself, check that it opens, then share.", "Wait 300 ms before the call.",
    "Wrap the older interface and use that.", "Clear the value by hand when the page hides.",
    "Create the component again with a conditional.", "Forward the request from the backend.",
    "Plan at most three a day.", "Ask the user to reopen the mini-program.",
    "Catch the error and retry once.", "Compress the picture before saving it.",
    "Configure the trial members again.", "Give it a fixed height.", "Hide the entry meanwhile.",
)  # fmt: skip
EN_REMARKS: Final = (
    "Seen again today.", "A customer reports the same.", "The community says it is a grey release.",
    "The vendor has acknowledged it.", "Gone after the upgrade.", "Only in this company.",
    "Depends on the base library.", "QA reproduces it every time.", "Another account is fine.",
    "Looks like a caching problem.", "Posted in the community.", "Fine after a new preview.",
)  # fmt: skip

TAGS: Final = (
    "登录", "相册", "体验版", "分享", "权限", "样式", "网络", "login", "album", "trial", "share",
    "permission", "layout", "network", "keyboard", "upload", "regression", "vendor",
)  # fmt: skip
COMPANIES: Final = ("north", "south", "east", "west", "demo", "head office", "branch")
DEVICES: Final = (
    "HUAWEI P40", "HUAWEI Mate 60", "Xiaomi 12", "Redmi K50", "OPPO Reno8", "vivo X90",
    "iPhone 11", "iPhone 13 mini", "iPhone 15 Pro", "MatePad 11", "ThinkPad X1", "MacBook Air",
)  # fmt: skip
PEOPLE: Final = ("陈晓", "Li Na", "王磊", "Maria", "zhao.min", "Ops", "测试组", "Jonas")
_RELEASES: Final = 78


def message(rng: random.Random, api: str) -> str:
    """An error text as it is pasted from a console."""
    short = api.removeprefix("wx.").removeprefix("qy.")
    code = rng.choice((-1, 40001, 40029, 41001, 48002, 60011, 84024, 301002, 9999))
    return rng.choice(
        (
            f"{short}:fail errcode {code}",
            f"invoke result:{api.removeprefix('wx.')},{short}:fail",
            f'{{"errMsg":"{short}:fail system permission denied","errno":{code}}}',
            f"{short}:fail 内部错误",
            f"{short}:fail timeout\n    at Function.{short} (WAService.js:2:{code % 997})",
        )
    )


def version(rng: random.Random) -> str:
    """A client's or a base library's version."""
    return f"{rng.randint(2, 4)}.{rng.randint(0, 30)}.{rng.randint(0, 9)}"


def version_of_then(rng: random.Random, share: float) -> str:
    """What somebody runs when so great a share of three years has passed: mostly the newest.

    One is released every two weeks, so that what runs where comes to a table as in life.
    """
    number = max(0, int(share * _RELEASES) - rng.choice((0, 0, 0, 0, 1, 1, 2, 3, 6)))
    return f"{2 + number // 30}.{number % 30}.{number % 3}"


def page_name(rng: random.Random) -> str:
    """The path of a page, the long tail of what is searched for."""
    part = rng.choice(("order", "member", "visit", "report", "task", "approval", "stock", "lesson"))
    return f"pages/{part}{rng.randint(1, 400)}/{rng.choice(('index', 'detail', 'edit', 'list'))}"


def component(rng: random.Random) -> str:
    """An API or a surface of the platform."""
    return rng.choice(APIS) if rng.random() < 0.8 else rng.choice(SURFACES)


def title(rng: random.Random, named: str, *, chinese: bool) -> str:
    """A pitfall's title."""
    if not chinese:
        return f"{named} {rng.choice(EN_TROUBLES)} on {rng.choice(EN_PLACES)} {rng.choice(EN_WHEN)}"
    subject, trouble, place = map(rng.choice, (ZH_SUBJECTS, ZH_TROUBLES, ZH_PLACES))
    return rng.choice(
        (
            f"{named} 在{place}里{subject}{trouble}",
            f"{place}{subject}{trouble}:{named}",
            f"{place} {version(rng)} 以后{subject}{trouble}",
        )
    )


def notes(rng: random.Random, named: str, *, chinese: bool) -> str:
    """Reproduction notes: steps, expected, actual."""
    steps = rng.sample(ZH_STEPS if chinese else EN_STEPS, rng.randint(2, 6))
    listed = "\n".join(f"{place}. {step}" for place, step in enumerate(steps, 1))
    if chinese:
        expected, actual = rng.choice(ZH_SUBJECTS), rng.choice(ZH_TROUBLES)
        return (
            f"{listed}\n\n页面:`{page_name(rng)}`\n\n"
            f"**期望**:{expected}正常。\n**实际**:`{named}` {actual}。"
        )
    actual = rng.choice(EN_TROUBLES)
    return (
        f"{listed}\n\nPage: `{page_name(rng)}`\n\n"
        f"**Expected**: it works.\n**Actual**: `{named}` {actual}."
    )


def remedy(rng: random.Random, *, chinese: bool) -> str:
    """What to do meanwhile."""
    return _several(rng, ZH_REMEDIES, "。") if chinese else _several(rng, EN_REMEDIES, " ")


def remark(rng: random.Random, *, chinese: bool) -> str:
    """A comment."""
    return _several(rng, ZH_REMARKS, ",") if chinese else _several(rng, EN_REMARKS, " ")


def _several(rng: random.Random, sentences: Sequence[str], glue: str) -> str:
    return glue.join(rng.sample(sentences, rng.randint(1, 3)))
