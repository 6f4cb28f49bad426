"""What is read from pasted texts, in the shapes in which people have them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage.model.vocabulary import Channel, Host, Platform
from storage.paste.extraction import PasteResult
from storage.paste.reader import read
from storage.text import dates
from storage.text.zones import in_zone, zone


def values_of(pasted: PasteResult) -> dict[str, str]:
    return {field: reading.value for field, reading in pasted.values.items()}


def contradicting(pasted: PasteResult) -> dict[str, list[str]]:
    return {one.field: [it.value for it in one.readings] for one in pasted.contradictions}


ANDROID = {
    "platform": "android",
    "host": "wecom",
    "client_version": "4.1.8",
    "base_library": "2.30.4",
    "os_version": "13",
    "device": "HUAWEI ALN-AL00",
}


@pytest.mark.parametrize(
    "printed",
    [
        '{"brand":"HUAWEI","model":"ALN-AL00","system":"Android 13","platform":"android",'
        '"version":"4.1.8","SDKVersion":"2.30.4","environment":"wxwork","pixelRatio":3}',
        "getSystemInfo {brand: 'HUAWEI', model: 'ALN-AL00', system: 'Android 13',"
        " platform: 'android', version: '4.1.8', SDKVersion: '2.30.4', environment: 'wxwork'}",
        'SDKVersion: "2.30.4"\nbrand: "HUAWEI"\nenvironment: "wxwork"\nmodel: "ALN-AL00"\n'
        'platform: "android"\nsystem: "Android 13"\nversion: "4.1.8"\nwindowWidth: 360\n',
        '{\n  "res": {\n    "brand": "HUAWEI",\n    "model": "ALN-AL00",\n'
        '    "system": "Android 13",\n    "platform": "android",\n'
        '    "host": {"env": "WeChat", "version": 671088640},\n'
        '    "version": "4.1.8",\n    "environment": "wxwork",\n    "SDKVersion": "2.30.4"\n  }\n}',
        '{"data":"{\\"brand\\":\\"HUAWEI\\",\\"model\\":\\"ALN-AL00\\",\\"version\\":\\"4.1.8\\",'
        '\\"system\\":\\"Android 13\\",\\"SDKVersion\\":\\"2.30.4\\",'
        '\\"environment\\":\\"wxwork\\"}"}',
        '{"brand":"HUAWEI","model":"ALN-AL00","system":"Android 13","platform":"android"}\n'
        '{"SDKVersion":"2.30.4","version":"4.1.8","environment":"wxwork","enableDebug":false}',
        '{"SDKVersion":"2.30.4","version":"4.1.8","environment":"wxwork","model":"ALN-AL00",'
        '"brand":"HUAWEI","system":"Android 13',
    ],
    ids=["json", "console", "opened tree", "nested", "string in json", "two objects", "cut off"],
)
def test_what_a_device_prints_of_itself_is_read_in_any_shape(printed: str) -> None:
    pasted = read(printed)
    assert values_of(pasted) == ANDROID
    assert not pasted.contradictions
    assert not pasted.message
    assert pasted.environment.host is Host.WECOM
    assert pasted.environment.platform is Platform.ANDROID


@pytest.mark.parametrize(
    ("platform", "system", "read_as", "version"),
    [
        ("ios", "iOS 17.1.2", "ios", "17.1.2"),
        ("ohos", "HarmonyOS 5.0.0", "harmony", "5.0.0"),
        ("windows", "Windows 11 x64", "windows", "11"),
        ("mac", "macOS 14.1", "macos", "14.1"),
    ],
)
def test_every_platform_is_known_by_the_vendors_name(
    platform: str, system: str, read_as: str, version: str
) -> None:
    pasted = read(f'{{"platform":"{platform}","system":"{system}","SDKVersion":"3.3.4"}}')
    assert values_of(pasted)["platform"] == read_as
    assert values_of(pasted)["os_version"] == version


def test_the_simulator_is_devtools_and_its_made_up_system_is_not_read() -> None:
    pasted = read(
        'SDKVersion:"2.4.3" brand:"devtools" model:"iPhone 6" platform:"devtools"'
        ' system:"iOS 10.0.1" version:"6.6.3"'
    )
    assert values_of(pasted) == {
        "platform": "devtools",
        "channel": "devtools",
        "base_library": "2.4.3",
        "device": "iPhone 6",
    }


def test_wecom_tells_its_own_version_and_beside_it_the_one_of_the_wechat_inside() -> None:
    pasted = read(
        'wx.qy.getSystemInfo {version: "4.1.8", errMsg: "qy__getSystemInfo:ok"}\n'
        'wx.getSystemInfo {brand: "Xiaomi", model: "2201123C", system: "Android 13",'
        ' version: "8.0.28", SDKVersion: "2.14.1", environment: "wxwork"}'
    )
    assert values_of(pasted)["client_version"] == "4.1.8"
    assert values_of(pasted)["host"] == "wecom"
    assert not pasted.contradictions
    alone = read('{"environment":"wxwork","version":"8.0.28","SDKVersion":"2.14.1"}')
    assert "client_version" not in values_of(alone)


def test_the_host_in_an_object_tells_the_version_of_wecom() -> None:
    printed = (
        '{"version":"8.0.30","host":{"env":"WeCom","version":"4.0.20"},"environment":"wxwork",'
        '"SDKVersion":"2.30.4"}'
    )
    pasted = read(printed)
    assert values_of(pasted) == {
        "host": "wecom",
        "client_version": "4.0.20",
        "base_library": "2.30.4",
    }
    assert not pasted.contradictions
    assert pasted.left_out == ('"version":"8.0.30"',)
    two = read(printed.replace("8.0.30", "4.1.8"))
    assert sorted(contradicting(two)["client_version"]) == ["4.0.20", "4.1.8"]


TEMPLATE = """框架类型\t问题类型\t终端类型\t微信版本\t基础库版本
小程序\tBug\t微信iOS客户端\t8.0.40\t3.3.4
- 当前 Bug 的表现（可附上截图）
点保存以后提示 saveImageToPhotosAlbum:fail auth deny
- 预期表现

- 复现路径
1. 打开页面
2. 点保存
- 提供一个最简复现 Demo
https://developers.weixin.qq.com/s/abcdefghijkl
"""


def test_the_communitys_template_is_read_with_its_steps() -> None:
    pasted = read(TEMPLATE)
    assert values_of(pasted) == {
        "platform": "ios",
        "host": "wechat",
        "client_version": "8.0.40",
        "base_library": "3.3.4",
    }
    assert pasted.message == "saveImageToPhotosAlbum:fail auth deny"
    assert "复现路径\n1. 打开页面\n2. 点保存" in pasted.reproduction
    assert "预期表现" not in pasted.reproduction, "nothing was written under it"
    assert pasted.urls == ("https://developers.weixin.qq.com/s/abcdefghijkl",)
    assert pasted.title == pasted.message


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("企业微信版本：4.1.8（19012）", "client_version", "4.1.8"),
        ("客户端版本 ： ｖ４．１．８", "client_version", "4.1.8"),
        ("客户端版本：4.1。8", "client_version", "4.1.8"),
        ("【基础库版本】2.30.4", "base_library", "2.30.4"),
        ("* **基础库**：2.30.4", "base_library", "2.30.4"),
        ("[基础库版本号] 2.30.4", "base_library", "2.30.4"),
        ("3、基础库2.30.4", "base_library", "2.30.4"),
        ("终端类型（Android/iOS）：安卓", "platform", "android"),
        ("终端类型: Android", "platform", "android"),
        ("【终端类型】 安卓", "platform", "android"),
        ("Platform: iOS", "platform", "ios"),
        ("企业微信 安卓", "host", "wecom"),
        ("企业微信 安卓", "platform", "android"),
        ("系统版本：Android 13", "os_version", "13"),
        ("操作系统：iOS 17.1", "platform", "ios"),
        ("iOS：17.1.2", "os_version", "17.1.2"),
        ("操作机型：小米 13（Android 14）", "device", "小米 13"),
        ("操作机型：小米 13（Android 14）", "os_version", "14"),
        ("开发者工具版本：1.06.2504010", "devtools_version", "1.06.2504010"),
        ("渠道：邀请体验版", "channel", "trial-invited"),
        ("小程序版本: 0.0.4-扫码体验版", "channel", "trial-qr"),
        ("环境：预览", "channel", "preview"),
        ("打开方式：真机调试", "channel", "preview"),
        ("版本类型：正式版", "channel", "release"),
        ("Host: wecom", "host", "wecom"),
        ("渠道：devtools", "channel", "devtools"),
        ("权限：没有后台的体验权限", "permission", "没有后台的体验权限"),
        ("企业：甲公司", "company", "甲公司"),
        ("网络类型：WiFi", "network_type", "wifi"),
        ("网络: 5G", "network_type", "5g"),
        ("Network: 无线", "network_type", "wifi"),
        ("系统 网络\niOS 4g", "network_type", "4g"),
        (
            '{"networkType":"3g","signalStrength":-1,"errMsg":"getNetworkType:ok"}',
            "network_type",
            "3g",
        ),
        ("networkType: 'none'", "network_type", "none"),
        ("WeCom version: 4.1.8", "client_version", "4.1.8"),
        ("- Base library: 2.30.4", "base_library", "2.30.4"),
        ("Device: Pixel 9", "device", "Pixel 9"),
        ("OS: Android 14", "os_version", "14"),
        ("机型\niPhone 6", "device", "iPhone 6"),
        ("| 基础库版本 | 机型 |\n|---|---|\n| 2.30.4 | iPhone 15 Pro |", "device", "iPhone 15 Pro"),
        ("终端类型 微信版本 基础库版本\n工具 6.5.3 2.0.0", "platform", "devtools"),
        ("微信版本 6.7.3 手机 iphone5C 系统 10.3.3", "os_version", "10.3.3"),
    ],
)
def test_labels_are_read_as_people_write_them(line: str, field: str, value: str) -> None:
    assert values_of(read(line))[field] == value


@pytest.mark.parametrize(
    "call", ["wx.getDeviceInfo()", "wx.getAppBaseInfo():", "getSystemInfoSync"]
)
def test_the_call_that_printed_a_device_names_no_pitfall(call: str) -> None:
    pasted = read(f'{call}\n{{SDKVersion: "3.7.0", version: "4.1.28"}}\n朋友圈一天只能发三条')
    assert pasted.title == pasted.gist == "朋友圈一天只能发三条"


def test_several_labels_share_a_line_and_what_is_between_them_stays() -> None:
    line = "用企业微信打开就报错，企业微信版本号：4.0.0，手机型号：Redmi 9，android版本：11"
    pasted = read(line)
    assert values_of(pasted) == {
        "platform": "android",
        "host": "wecom",
        "client_version": "4.0.0",
        "os_version": "11",
        "device": "Redmi 9",
    }
    assert pasted.note == line


@pytest.mark.parametrize(
    ("agent", "values"),
    [
        (
            "Mozilla/5.0 (Linux; Android 13; M2012K11AC Build/TKQ1.220829.002; wv)"
            " AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/107.0 Mobile Safari/537.36"
            " wxwork/4.1.8 MicroMessenger/7.0.1 NetType/WIFI Language/zh miniProgram/wx0123",
            {
                "platform": "android",
                "host": "wecom",
                "client_version": "4.1.8",
                "os_version": "13",
                "device": "M2012K11AC",
            },
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2_1 like Mac OS X) AppleWebKit/605.1.15"
            " (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.31(0x18001f2f) NetType/WIFI",
            {
                "platform": "ios",
                "host": "wechat",
                "client_version": "8.0.31",
                "os_version": "17.2.1",
                "device": "iPhone",
            },
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) AppleWebKit/605.1.15"
            " Safari/604.1 wechatdevtools/1.06.2504030 MicroMessenger/8.0.5 Language/zh_CN",
            {"platform": "devtools", "channel": "devtools", "devtools_version": "1.06.2504030"},
        ),
    ],
    ids=["wecom", "wechat", "devtools"],
)
def test_user_agents_are_read(agent: str, values: dict[str, str]) -> None:
    pasted = read(agent)
    assert values_of(pasted) == values
    assert not pasted.note
    assert not pasted.message


CONSOLE = """[system] WeChatLib: 3.8.10 (2025.5.6 18:15:20)
[system] Launch Time: 1983 ms
Fri Nov 20 2026 14:03:22 GMT+0800 (中国标准时间) 页面
save.js:12 MiniProgramError
{"errMsg":"saveImageToPhotosAlbum:fail auth deny"}
    at Object.errorReport (WAServiceMainContext.js?t=wechat&s=1719467770338&v=3.8.10:1)
    at save.js:12(env: macOS,mp,1.06.2504010; lib: 3.8.10)
"""


def test_the_console_of_devtools_is_read_with_its_stack_and_without_its_chatter() -> None:
    pasted = read(CONSOLE)
    assert values_of(pasted) == {
        "platform": "devtools",
        "channel": "devtools",
        "base_library": "3.8.10",
        "devtools_version": "1.06.2504010",
    }
    assert pasted.message.splitlines() == CONSOLE.splitlines()[3:]
    assert pasted.title == "saveImageToPhotosAlbum:fail auth deny"
    assert "Launch Time" not in pasted.note
    assert pasted.seen_at == int(datetime(2026, 11, 20, 6, 3, 22, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("张三: 安卓 4.1.8 保存图片是白的", {"platform": "android", "client_version": "4.1.8"}),
        ("安卓13上白屏", {"platform": "android", "os_version": "13"}),
        ("iOS 17.1.2 点不动", {"platform": "ios", "os_version": "17.1.2"}),
        ("iOS 4.1.8 点不动", {"platform": "ios", "client_version": "4.1.8"}),
        ("苹果13 点不动", {"platform": "ios", "device": "苹果13"}),
        ("邀请体验版里安卓是白的，iOS正常", {"platform": "android", "channel": "trial-invited"}),
        ("企微4.1.22，小米13，打开就闪退", {"host": "wecom", "client_version": "4.1.22"}),
        ("微信 8.0.40 没反应", {"host": "wechat", "client_version": "8.0.40"}),
        ("企业微信里白屏，微信里没问题", {"host": "wecom"}),
        ("on WeCom 4.1.8 for Android it is white; iOS is fine", {"platform": "android"}),
        ("体验版二维码进去的，基础库 2.30.4", {"channel": "trial-qr", "base_library": "2.30.4"}),
    ],
)
def test_what_people_mention_in_passing_is_read(words: str, values: dict[str, str]) -> None:
    pasted = read(words)
    assert values.items() <= values_of(pasted).items()
    assert not pasted.contradictions
    assert pasted.note == words


@pytest.mark.parametrize(
    "report",
    [
        "Steps:\n1. open the invitation\nExpected: the new build\nActual: the old build opens\n",
        "复现步骤\n1. 点开邀请\n预期表现\n新版\n当前 Bug 的表现\nthe old build opens\n",
    ],
)
def test_what_happened_names_it_and_not_the_first_step(report: str) -> None:
    assert read(report).title == "the old build opens"


def test_a_chats_lines_lose_who_said_them_in_titles_and_messages() -> None:
    pasted = read("张三 2026-11-20 14:03:22\n保存图片是白的\n李四: qy.login:fail\n")
    assert pasted.message == "qy.login:fail"
    assert pasted.note == "保存图片是白的"
    assert pasted.title == "qy.login:fail"
    assert pasted.gist == "qy.login:fail 保存图片是白的"
    assert pasted.seen_at is not None


@pytest.mark.parametrize(
    "code",
    [
        "if (res.platform === 'android') {\n  wx.showToast({title: 'iOS'})\n}",
        "npm WARN deprecated /app/ios/index.js",
        "pages/android/index.wxml",
        "const axios = require('axios')",
    ],
)
def test_code_and_paths_are_no_environment(code: str) -> None:
    assert not read(code).values


# Contradictions


@pytest.mark.parametrize(
    "line", ["网络: 很差", "网络类型：未知", "networkType: '2g'", "网络 5.5.5 连不上"]
)
def test_a_network_that_is_not_known_is_none(line: str) -> None:
    assert "network_type" not in values_of(read(line))


def test_what_contradicts_is_told_with_its_places_and_the_device_is_believed_first() -> None:
    pasted = read(
        '{"system":"Android 13","platform":"android","SDKVersion":"2.30.4"}\n'
        "终端类型：iOS\n基础库版本：2.14.1\n"
    )
    assert values_of(pasted)["platform"] == "android"
    assert contradicting(pasted) == {
        "platform": ["android", "ios"],
        "base_library": ["2.30.4", "2.14.1"],
    }
    [platform, _library] = pasted.contradictions
    assert [(one.line, one.words) for one in platform.readings] == [
        (1, '"platform":"android"'),
        (2, "终端类型:iOS"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "系统版本：Android 13\n系统：安卓 13.0",
        "企业微信版本：4.1\nMozilla/5.0 (Linux; Android 13) wxwork/4.1.8 MicroMessenger/7.0.1",
        "企业微信版本：4.1.8\n微信版本：8.0.40",
        "机型：iPhone\n手机：iPhone 12 Pro",
        '机型：红米 K40\n{"brand":"Redmi","model":"M2012K11AC"}',
    ],
)
def test_more_and_less_exact_words_for_one_thing_do_not_contradict(text: str) -> None:
    assert not read(text).contradictions


def test_which_trial_version_it_was_is_left_open_unless_it_was_said() -> None:
    trial = '{"miniProgram":{"appId":"wx01","envVersion":"trial","version":""}}'
    pasted = read(trial)
    assert "channel" not in pasted.values
    assert contradicting(pasted) == {"channel": ["trial-invited", "trial-qr"]}
    output = read(f"{trial}\n是邀请体验版")
    assert values_of(output)["channel"] == Channel.TRIAL_INVITED
    assert not output.contradictions
    assert values_of(read("微信版本：8.0.40\n体验版"))["channel"] == Channel.TRIAL_QR


# Message, note, time


def test_the_message_under_its_label_is_taken_whole() -> None:
    pasted = read(
        "机型：iPhone 12\n报错信息：\ninvoke result:qy.login\n  qy.login:fail\n\n别的都好\n"
    )
    assert pasted.message == "invoke result:qy.login\n  qy.login:fail"
    assert pasted.note == "别的都好"


def test_an_objects_line_keeps_the_error_beside_it() -> None:
    pasted = read('{"SDKVersion":"3.6.5","platform":"android"} saveImageToPhotosAlbum:fail')
    assert pasted.message == "saveImageToPhotosAlbum:fail"
    assert values_of(pasted)["base_library"] == "3.6.5"


def test_an_object_that_reports_an_error_is_the_message() -> None:
    text = '{"errMsg":"qy__login:fail","errCode":-1}'
    assert read(text).message == text
    assert not read('{"errMsg":"getStorage:ok"}').message


@pytest.mark.parametrize(
    "text",
    [
        "2022-04-10 14:03:22 打开失败 内部错误",
        "[2022-04-10 14:03:22.123] 打开失败 内部错误",
        "2022-04-10 14:03:22 [error] 打开失败 内部错误",
        "14:03:22 打开失败 内部错误",
    ],
)
def test_a_time_before_what_a_program_says_hides_nothing(text: str) -> None:
    assert read(text).message == text
    assert not read(text).note
    assert not read("2022-04-10 14:03:22 我打开失败了，怎么办？").message


@pytest.mark.parametrize("text", ["打开失败 内部错误", "提示：打开失败 内部错误"])
def test_what_a_program_says_in_chinese_is_a_message(text: str) -> None:
    assert read(text).message == "打开失败 内部错误"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("时间：2026-11-20", datetime(2026, 11, 20)),
        ("发生时间：2026年11月20日 下午2:03", datetime(2026, 11, 20, 14, 3)),
        ("[2026/11/20 14:03:22] qy.login:fail", datetime(2026, 11, 20, 14, 3, 22)),
        ("2026-11-20T14:03:22.123Z fail", datetime(2026, 11, 20, 14, 3, 22, tzinfo=UTC)),
        ("2026-11-20 09:00 开始\n时间：2026-11-20 14:03", datetime(2026, 11, 20, 14, 3)),
    ],
)
def test_it_happened_when_the_text_says_so(text: str, at: datetime) -> None:
    assert read(text).seen_at == zone().ms(at)


def test_a_builds_date_or_a_time_to_come_is_not_when_it_happened() -> None:
    assert read("[system] WeChatLib: 3.8.10 (2025.5.6 18:15:20)").seen_at is None
    monday = int(datetime(2026, 11, 23, tzinfo=UTC).timestamp() * 1000)
    assert read("时间：2027-11-20 14:03", now=monday).seen_at is None
    text = "2026-11-22 14:03:22 qy.login:fail\n2026-11-23 08:00:01 qy.login:fail"
    last = int(datetime(2026, 11, 22, 14, 3, 22, tzinfo=UTC).timestamp() * 1000)
    assert read(text, now=monday).seen_at == last


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("2026-11-20 14:00:01 info: start\n2026-11-20 14:03:22 qy.login:fail", "14:03:22"),
        ("2026-11-20 14:00:01 tick\n2026-11-20 14:30:01 tick\nqy.login:fail", "14:30:01"),
        ("2026-11-20 14:00:01 a:fail\n2026-11-20 14:30:01 b:fail", "14:00:01"),
        ("2026-11-20 14:00:01 tick\n时间：2026-11-20 14:20:05\nqy.login:fail", "14:20:05"),
        ("qy.login:fail\n2026-11-20 14:00:01 tick\n2026-11-20 14:30:01 tock", "14:00:01"),
        ("2026-11-20 14:00:01 开始\n2026-11-20 14:30:01 结束", "14:00:01"),
        ("2026-11-20 14:00:01 开始\n2026-11-20 14:05:01 点一下\n报错信息：\nx:fail", "14:05:01"),
    ],
)
def test_it_happened_when_the_error_was_written(text: str, clock: str) -> None:
    assert read(text).seen_at == dates.moment(f"2026-11-20 {clock}")


@pytest.mark.parametrize(
    ("words", "client", "platform", "of_the_system"),
    [
        ("企业微信 for Mac 4.1.3 登录失败", "4.1.3", "macos", ""),
        ("企业微信Mac版 4.1.3", "4.1.3", "macos", ""),
        ("企业微信 Windows 4.1.3.6008 登录失败", "4.1.3.6008", "windows", ""),
        ("企业微信版本：Windows 4.1.3.6008", "4.1.3.6008", "windows", ""),
        ("WeCom for Mac 4.1.3, macOS 13.4", "4.1.3", "macos", "13.4"),
        ("企业微信 for Windows 5.0.3.6005，Windows 10", "5.0.3.6005", "windows", "10"),
        ("企业微信 Windows 11 打不开", "", "windows", "11"),
        ("企业微信 iOS 17.2 打不开", "", "ios", "17.2"),
        ("企业微信 安卓 4.1.8 打不开", "4.1.8", "android", ""),
        ("macOS 10.15.7 企业微信 4.1.3", "4.1.3", "macos", "10.15.7"),
    ],
)
def test_the_version_behind_a_systems_name_is_the_apps_or_the_systems(
    words: str, client: str, platform: str, of_the_system: str
) -> None:
    pasted = read(words)
    found = {"host": "wecom", "platform": platform} | {
        name: value
        for name, value in (("client_version", client), ("os_version", of_the_system))
        if value
    }
    assert values_of(pasted) == found
    assert not pasted.contradictions


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("qy.login:fail on iPhone 12 iOS 15.4 WeCom 4.1.8", "ios wecom 4.1.8 15.4 iPhone_12"),
        ("qy.login:fail (iPhone 12, iOS 15.4, WeCom 4.1.8)", "ios wecom 4.1.8 15.4 iPhone_12"),
        ("iPhone 12 iOS 15.4: qy.login:fail", "ios 15.4 iPhone_12"),
        ("2026-11-20 14:03:22 [iPhone 12] qy.login:fail", "ios iPhone_12"),
        ("qy.login:fail, Android 13", "android 13"),
        ("request:fail timeout WeCom 4.1.8", "wecom 4.1.8"),
        ("qy.login:fail, WeCom 4.1.8, lib 2.30.4", "wecom 4.1.8 2.30.4"),
        ("Error: login timed out; Huawei P40 and HarmonyOS 2.0.", "harmony 2.0 Huawei_P40"),
        ("报错信息：qy.login:fail, Android 13", "android 13"),
        ("点一下登录就报 qy.login:fail on Pixel 7 Android 13", "android 13 Pixel_7"),
    ],
)
def test_where_an_error_was_seen_is_read_on_its_line(line: str, values: str) -> None:
    pasted = read(line)
    assert list(values_of(pasted).values()) == [one.replace("_", " ") for one in values.split()]
    assert "fail" in pasted.message or "timed out" in pasted.message
    assert not pasted.contradictions


@pytest.mark.parametrize(
    "line",
    [
        "openDoc:fail requires WeCom 4.0.20",
        "scanCode:fail not supported on iOS 15",
        "getX:fail only for Android 13",
        "request:fail https://example.com/WeCom 4.1.8",
        "TypeError: cannot read 'x' of undefined at /Users/iPhone 12",
        "    at login (iPhone 12 iOS 15.4)",
        '{"errMsg":"x:fail Android 13"}',
        "Error: expected Android 13, got Android 12",
        "npm ERR! System Windows 10",
        "x:fail on iOS 15.4 or later",
        "x:fail Android",
    ],
)
def test_a_system_that_an_error_speaks_of_is_not_where_it_was_seen(line: str) -> None:
    assert not values_of(read(line))


@pytest.mark.parametrize(
    "words",
    [
        "lib 2.30.4 WeCom 4.1.8 iPhone 12 iOS 15.4",
        "SDKVersion: 2.30.4 WeCom 4.1.8 iPhone 12 iOS 15.4",
        "基础库2.30.4 iPhone 12 ios15.4 企微4.1.8",
        "基础库2.30.4 企业微信4.1.8 iPhone 12 iOS 15.4",
        "基础库 2.30.4 企业微信4.1.8 iPhone 12 iOS 15.4",
        "企微4.1.8 基础库2.30.4 iPhone 12 iOS 15.4",
    ],
)
def test_what_stands_behind_a_base_library_is_read_as_well(words: str) -> None:
    assert values_of(read(words)) == {
        "host": "wecom",
        "client_version": "4.1.8",
        "base_library": "2.30.4",
        "platform": "ios",
        "os_version": "15.4",
        "device": "iPhone 12",
    }


def test_a_time_without_a_zone_is_one_of_the_boards() -> None:
    text = "2026-11-20 14:03:22 打开失败 内部错误"
    with in_zone("+08:00"):
        assert read(text).seen_at == dates.moment("2026-11-20 14:03:22+08:00")
        assert read(text).seen_at == dates.moment("2026-11-20 14:03:22")
        assert read(f"{text[:19]}Z x:fail").seen_at == dates.moment("2026-11-20 14:03:22Z")


def test_signs_that_could_fool_a_reader_are_made_visible_and_colours_dropped() -> None:
    pasted = read("\ufeff\x1b[31mError:\x1b[0m save\u200b:fail\r\n机型：a\u202eb\x07\r\n")
    assert pasted.message == "Error: save<U+200B>:fail"
    assert values_of(pasted)["device"] == "a<U+202E>b␇"


@pytest.mark.parametrize(
    "words",
    ["Every evening the picture is white", "the elegant way works", "安卓上偶尔会错位"],
)
def test_what_people_say_is_a_note_and_no_message(words: str) -> None:
    pasted = read(words)
    assert pasted.note == words
    assert not pasted.message
    assert pasted.title == words


def test_a_very_long_log_gives_the_first_whole_lines_that_fit() -> None:
    lines = [f"Error {number}: something failed" for number in range(5_000)]
    message = read("\n".join(lines)).message.splitlines()
    assert message == lines[: len(message)]
    assert 0 < len("\n".join(message)) <= 8_000


@pytest.mark.parametrize("text", ["", " \n\t\n", "\x00", "无"])
def test_nothing_is_read_from_nothing(text: str) -> None:
    pasted = read(text)
    assert not pasted.values
    assert not pasted.contradictions
    assert pasted.seen_at is None


# The error under a label, and what was expected instead


@pytest.mark.parametrize(
    ("text", "message", "note"),
    [
        (
            "**问题描述**\nTypeError: Cannot read property len of undefined\n"
            "    at Object.<anonymous> (main.js:10)\n",
            "TypeError: Cannot read property len of undefined\n"
            "    at Object.<anonymous> (main.js:10)",
            "",
        ),
        (
            "问题描述：Error: page not registered\n    at foo (app.js:3:1)\n机型：iPhone 13",
            "Error: page not registered\n    at foo (app.js:3:1)",
            "",
        ),
        (
            "### Description\nUncaught ReferenceError: foo is not defined\n    at app.js:3:7\n\n"
            "Happens every time.",
            "Uncaught ReferenceError: foo is not defined\n    at app.js:3:7",
            "### Description\n\nHappens every time.",
        ),
        ("Notes: setClipboardData:fail busy", "setClipboardData:fail busy", ""),
    ],
)
def test_an_error_under_a_label_is_the_message(text: str, message: str, note: str) -> None:
    pasted = read(text)
    assert (pasted.message, pasted.note) == (message, note)


def test_a_frame_belongs_to_the_error_among_the_steps() -> None:
    pasted = read("现象:\nTypeError: a.b is not a function\n   at x (a.js:1:2)\n预期结果：不报错")
    assert pasted.message == "TypeError: a.b is not a function\n   at x (a.js:1:2)"
    assert "预期结果：不报错" in pasted.reproduction


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "两台手机微信版本均为8.0.40，基础库版本都是3.2.1\n期望的表现：无报错，正常打开\n"
            '实际：errMsg "navigateTo:fail page not found"\n',
            "navigateTo:fail page not found",
        ),
        (
            "期望的结果\n不出现 error 提示\n实际的结果\nnavigateBack:fail no page\n",
            "navigateBack:fail no page",
        ),
        ("预期：提示“保存失败”时能重试\n实际：saveFile:fail no space", "saveFile:fail no space"),
        (
            "**Expected behavior**\nIt fails with a clear error\n**Actual behavior**\n"
            "Error: request:fail 301\n",
            "Error: request:fail 301",
        ),
        ("预期结果：无异常", ""),
        ("点了以后没有报错，只是白屏", ""),
    ],
)
def test_what_was_expected_is_no_error(text: str, message: str) -> None:
    assert read(text).message == message


# The machine that it was built on


BUILT = [
    "在 iPhone 13 (iOS 16.2) 微信 8.0.40 上点按钮没反应\nCLI environment info:\n  OS: macOS 13.1\n"
    '  Node: 18.12.0\nerrMsg: "openLocation:fail auth deny"\n',
    "Taro CLI 3.6.8 environment info:\n    System:\n      OS: macOS 13.1\n    Binaries:\n"
    "      Node: 18.12.0\n    npmPackages:\n      @tarojs/cli: 3.6.8\n\n"
    "真机 iPhone 13，iOS 16.2，微信 8.0.40",
    "System:\n  OS: Windows 10\nBinaries:\n  Node: 16.2.0\n"
    "真机 iPhone 13，iOS 16.2，微信8.0.40 白屏",
    "手机系统: iOS\n手机系统版本号: 16.2\n手机机型: iPhone 13\n微信版本: 8.0.40\n"
    "PC开发环境操作系统: Windows\nPC开发环境操作系统版本号: 10\nHBuilderX版本号: 3.8.4",
]


@pytest.mark.parametrize("text", BUILT)
def test_the_build_machine_is_not_the_device(text: str) -> None:
    pasted = read(text)
    assert values_of(pasted) == {
        "platform": "ios",
        "os_version": "16.2",
        "device": "iPhone 13",
        "host": "wechat",
        "client_version": "8.0.40",
    }
    assert not pasted.contradictions
    assert "macOS" not in text or "OS: macOS 13.1" in pasted.note
    assert "Windows" not in text or "Windows" in pasted.note


def test_a_desktop_is_a_device_where_nothing_was_built() -> None:
    assert values_of(read("系统：Windows 11\n企业微信版本：4.1.20"))["platform"] == "windows"


# Versions in prose, and several devices


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (
            "两台手机微信版本均为8.0.40，基础库版本都是3.2.1",
            {"client_version": "8.0.40", "base_library": "3.2.1"},
        ),
        (
            "微信都升级到 8.0.45 了，基础库用的是 3.3.4",
            {"client_version": "8.0.45", "base_library": "3.3.4"},
        ),
        ("企业微信版本统一为4.1.20，安卓", {"host": "wecom", "client_version": "4.1.20"}),
        (
            "用的8.0.33版微信，3.0.1版本的基础库",
            {"client_version": "8.0.33", "base_library": "3.0.1"},
        ),
        (
            "WeChat version is 8.0.40 on both phones, base library was 3.2.1",
            {"client_version": "8.0.40", "base_library": "3.2.1"},
        ),
        ("The WeCom client is at 4.1.8", {"host": "wecom", "client_version": "4.1.8"}),
    ],
)
def test_versions_are_read_from_sentences(words: str, values: dict[str, str]) -> None:
    pasted = read(words)
    assert values.items() <= values_of(pasted).items()
    assert not pasted.contradictions


@pytest.mark.parametrize(
    ("text", "devices"),
    [
        (
            "iPhone 13 (iOS 16.2) 和 小米 11 (Android 12) 上都白屏，微信 8.0.40",
            ["iPhone 13", "小米 11"],
        ),
        ("iPhone 12 and Pixel 7 both show a blank page", ["iPhone 12", "Pixel 7"]),
        ("机型：iPhone 14\n机型：华为 P50", ["iPhone 14", "华为 P50"]),
        ("两台设备：小米12、小米13 都复现", ["小米12", "小米13"]),
        ("机型: Mate 60\n报错：打开失败\n设备: iPhone 13", ["Mate 60", "iPhone 13"]),
        ("机型: iPhone 13\n型号: P60 Pro", ["iPhone 13", "P60 Pro"]),
        ("机型: Mate 60\nmodel: Find X7", ["Mate 60", "Find X7"]),
        ("机型: 小米 1\n机型: 小米 14", ["小米 1", "小米 14"]),
        ("机型: iPhone 13\n机型: iPhone 13 Pro", ["iPhone 13", "iPhone 13 Pro"]),
        ("机型: iPhone 13 Pro\n机型: iPhone 13 Pro Max", ["iPhone 13 Pro", "iPhone 13 Pro Max"]),
        ("iPhone 13 和 iPhone 13 Pro 上都白屏", ["iPhone 13", "iPhone 13 Pro"]),
        ("机型: iPhone X\n机型: iPhone XS Max", ["iPhone X", "iPhone XS Max"]),
        ("机型: Mate 60\n型号: 华为 Mate 60 Pro", ["Mate 60", "华为 Mate 60 Pro"]),
        ("机型: 小米12\n手机: 小米12S Ultra", ["小米12", "小米12S Ultra"]),
        ("机型: Galaxy S23+\n手机: 三星 Galaxy S23", ["Galaxy S23+", "三星 Galaxy S23"]),
        ("机型: 小米 11\n手机: 小米 11 青春版", ["小米 11", "小米 11 青春版"]),
        (
            '机型：iPhone 13\n{"model":"iPhone 13 Pro<iPhone14,2>","system":"iOS 16.2"}',
            ["iPhone 13 Pro<iPhone14,2>", "iPhone 13"],
        ),
    ],
)
def test_two_devices_of_one_report_are_a_choice(text: str, devices: list[str]) -> None:
    assert contradicting(read(text))["device"] == devices


@pytest.mark.parametrize(
    "text",
    [
        "机型: Mate 60\n型号: 华为Mate60",
        "机型: P40\n型号: HUAWEI P40 5G",
        "机型: iPhone 13 Pro 256GB\n手机: iPhone 13 Pro",
        "机型: iPad\n手机: iPad Pro",
        '机型：iPhone 13 Pro\n{"model":"iPhone 13 Pro<iPhone14,2>"}',
        '机型：iPhone14,2\n{"model":"iPhone 13 Pro<iPhone14,2>"}',
        "机型: 红米 K40\n型号: M2012K11AC",
        "机型: Reno 8\n型号: PGEM10",
        "机型: Mate 60 Pro\n型号: ALN-AL00",
    ],
)
def test_two_names_of_one_device_are_no_choice(text: str) -> None:
    assert not read(text).contradictions


@pytest.mark.parametrize(
    ("text", "values", "of_the_other"),
    [
        (
            "device: Pixel 7\nmodel: iPhone 12 (iOS 16.1)\n微信版本: 8.0.40",
            {"device": "Pixel 7", "host": "wechat", "client_version": "8.0.40"},
            {"platform": ["ios"], "os_version": ["16.1"]},
        ),
        ("Pixel 7 打不开，iPhone 12 也打不开", {"device": "Pixel 7"}, {"platform": ["ios"]}),
        ("机型: iPhone 13\n型号: P60", {"device": "iPhone 13", "platform": "ios"}, {}),
        (
            "platform: ios\ndevice: Pixel 7\nmodel: iPhone 12",
            {"device": "iPhone 12", "platform": "ios"},
            {},
        ),
    ],
)
def test_the_system_is_the_one_of_the_device_that_is_taken(
    text: str, values: dict[str, str], of_the_other: dict[str, list[str]]
) -> None:
    pasted = read(text)
    assert values_of(pasted) == values
    contradictions = contradicting(pasted)
    assert len(contradictions.pop("device")) == 2
    assert contradictions == of_the_other


def test_each_device_has_its_system_beside_it() -> None:
    pasted = read("iPhone 13 (iOS 16.2) 和 小米 11 (Android 12) 上都白屏")
    places = {
        one.field: [(it.value, it.words[:4]) for it in one.readings]
        for one in pasted.contradictions
    }
    assert places == {
        "device": [("iPhone 13", "iPho"), ("小米 11", "小米 1")],
        "platform": [("ios", "iPho"), ("android", "小米 1")],
        "os_version": [("16.2", "iPho"), ("12", "小米 1")],
    }


CHAT = "iOS 16 上企业微信 4.1.2 打开会话没反应 wx.openEnterpriseChat"


def test_a_version_that_wecom_prints_is_its_own_and_contradicts_another() -> None:
    pasted = read(
        f"{CHAT}\n"
        '{"platform":"android","system":"Android 13","version":"4.1.6","environment":"wxwork",'
        '"SDKVersion":"2.30.1","brand":"Xiaomi","model":"M2012K11AC"}'
    )
    values = values_of(pasted)
    assert (values["platform"], values["os_version"], values["client_version"]) == (
        ("android", "13", "4.1.6")
    )
    assert contradicting(pasted) == {
        "platform": ["android", "ios"],
        "client_version": ["4.1.6", "4.1.2"],
        "os_version": ["13", "16"],
    }


def test_no_value_of_another_device_joins_the_one_whose_platform_stands() -> None:
    pasted = read(f'{CHAT}\n{{"platform":"android","SDKVersion":"2.30.1"}}')
    assert values_of(pasted) == {"platform": "android", "host": "wecom", "base_library": "2.30.1"}
    assert contradicting(pasted) == {
        "platform": ["android", "ios"],
        "client_version": ["4.1.2"],
        "os_version": ["16"],
    }
    pasted = read("iOS 16 白屏\n安卓手机上企业微信 4.1.6 白屏")
    assert values_of(pasted)["platform"] == "ios"
    assert "client_version" not in pasted.values
    assert contradicting(pasted)["client_version"] == ["4.1.6"]


def test_a_version_that_is_not_taken_is_listed() -> None:
    printed = '{"environment":"wxwork","version":"8.0.40","SDKVersion":"2.30.1"}'
    for text in (f"企业微信版本：4.1.8\n{printed}", "企业微信版本：4.1.8\n微信版本：8.0.40"):
        pasted = read(text)
        assert values_of(pasted)["client_version"] == "4.1.8"
        assert any("8.0.40" in one for one in pasted.left_out), text
    two = read("企业微信版本：4.1.8\n微信版本：4.1.6")
    assert contradicting(two) == {"client_version": ["4.1.8", "4.1.6"]}


# What ``uni`` prints, and what is left out


UNI = (
    '{"deviceBrand":"apple","deviceModel":"iPhone 13","osName":"ios","osVersion":"16.2",'
    '"hostName":"WeChat","hostVersion":"8.0.40","hostSDKVersion":"3.2.1","appId":"__UNI__1",'
    '"safeArea":{"left":0},"supports":["a","b"],"备用":"x"}'
)


def test_what_uni_prints_is_read_and_the_rest_is_listed() -> None:
    pasted = read(f"uni.getSystemInfo {UNI}")
    assert values_of(pasted) == {
        "platform": "ios",
        "os_version": "16.2",
        "device": "iPhone 13",
        "host": "wechat",
        "client_version": "8.0.40",
        "base_library": "3.2.1",
    }
    assert pasted.left_out == (
        'appId: "__UNI__1"',
        "left: 0",
        'supports: ["a","b"]',
        '备用: "x"',
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"page":"pages/a","scene":1011,"info":{"SDKVersion":"3.2.1","platform":"ios"}}',
        '{\n "page": "pages/a",\n "info": {"SDKVersion":"3.2.1","platform":"ios"},\n'
        ' "scene": 1011\n}',
        '{"page":"pages/a","info":{"SDKVersion":"3.2.1","platform":"ios","scene":1011},'
        '"errMsg":"login:fail"}',
        '{"SDKVersion":"3.2.1","platform":"ios","page":"pages/a","scene":1011}',
    ],
)
def test_nothing_of_an_object_is_dropped_unlisted(text: str) -> None:
    pasted = read(text)
    assert values_of(pasted)["base_library"] == "3.2.1"
    kept = "\n".join((pasted.message, pasted.note, *pasted.left_out))
    assert "pages/a" in kept
    assert "1011" in kept


# Tables


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><th>微信版本</th><th>基础库版本</th><th>系统</th></tr>\n"
        "<tr><td>8.0.40</td><td>3.2.1</td><td>Android 13</td></tr></table>\nscanCode:fail",
        "<table>\n<tr>\n<td>微信版本</td>\n<td>8.0.40</td>\n</tr>\n<tr><td>系统<td>Android 13"
        "<tr><td>基础库</td><td><b>3.2.1</b></td></tr><tr><td>报错信息</td><td>scanCode:fail</td>"
        "</tr>\n</table>",
        "| 微信版本 | 8.0.40 |\n|---|---|\n| 系统 | Android 13 |\n| 基础库 | 3.2.1 |\n"
        "| 报错 | scanCode:fail |",
        "微信版本\t8.0.40\t基础库\t3.2.1\n系统\tAndroid 13\nscanCode:fail",
    ],
    ids=["labels above", "labels beside", "markdown", "tabs"],
)
def test_tables_are_read_with_labels_above_or_beside(table: str) -> None:
    pasted = read(table)
    assert values_of(pasted) == {
        "host": "wechat",
        "client_version": "8.0.40",
        "base_library": "3.2.1",
        "platform": "android",
        "os_version": "13",
    }
    assert pasted.message == "scanCode:fail"


def test_a_table_in_html_keeps_its_lines_its_other_cells_and_what_is_around_it() -> None:
    pasted = read(
        "先看\n<table>\n<tr><td>机型</td><td>iPhone 13</td></tr>\n"
        "<tr><td>其它</td><td>a &lt; b<br>c</td></tr></table> 谢谢\nat Object.<anonymous>"
    )
    assert pasted.values["device"].line == 3
    assert pasted.note == "先看\n\n其它 | a < b c\n 谢谢"


# What a report says in its own words: the error alone is the message


@pytest.mark.parametrize(
    ("text", "message", "environment"),
    [
        (
            "【问题描述】\n"
            "点击提交后报错\n"
            "ReferenceError: regeneratorRuntime is not defined\n"
            "    at pages/index/index.js:12:5",
            "ReferenceError: regeneratorRuntime is not defined\n    at pages/index/index.js:12:5",
            {},
        ),
        (
            "## Describe the bug\n"
            "\n"
            "Uncaught TypeError: wx.qy.selectEnterpriseContact is not a function\n"
            "\n"
            "## To Reproduce\n"
            "\n"
            "1. open\n"
            "2. tap",
            "Uncaught TypeError: wx.qy.selectEnterpriseContact is not a function",
            {},
        ),
        (
            "异常信息: java.lang.IllegalStateException: Fragment already added\n"
            "机型: HUAWEI Mate 40 Pro\n"
            "系统: HarmonyOS 3.0.0\n"
            "企业微信版本: 4.1.20",
            "java.lang.IllegalStateException: Fragment already added",
            {
                "host": "wecom",
                "client_version": "4.1.20",
                "platform": "harmony",
                "os_version": "3.0.0",
                "device": "HUAWEI Mate 40 Pro",
            },
        ),
        (
            "Dev machine: MacBook Pro M1, macOS 14.2\n"
            "Device: iPhone 15 Pro, iOS 17.2\n"
            "WeCom 4.1.16\n"
            'Error: "shareAppMessage:fail not supported"',
            'Error: "shareAppMessage:fail not supported"',
            {
                "host": "wecom",
                "client_version": "4.1.16",
                "platform": "ios",
                "os_version": "17.2",
                "device": "iPhone 15 Pro",
            },
        ),
        (
            "开发环境：macOS 12.6，微信开发者工具 1.06.2402040\n"
            "测试机：Redmi K60（Android 14），微信 8.0.47\n"
            "现象：白屏",
            "",
            {
                "host": "wechat",
                "client_version": "8.0.47",
                "platform": "android",
                "os_version": "14",
                "device": "Redmi K60",
            },
        ),
        (
            "- OS: Ubuntu 22.04 (build)\n"
            "- HBuilderX 3.99\n"
            "- phone OS: Android 12\n"
            "- phone: OPPO Reno 8\n"
            "- message: downloadFile:fail exceed max file size",
            "downloadFile:fail exceed max file size",
            {"platform": "android", "os_version": "12", "device": "OPPO Reno 8"},
        ),
        (
            "System Info\n"
            "  OS: Linux 5.15 Ubuntu\n"
            "  Node: v18\n"
            "  CPU: x64\n"
            "Reproduced on Huawei P50, HarmonyOS 4.0, WeCom 4.1.22\n"
            'errMsg: "openBluetoothAdapter:fail not available", errCode: 10001',
            'errMsg: "openBluetoothAdapter:fail not available", errCode: 10001',
            {
                "host": "wecom",
                "client_version": "4.1.22",
                "platform": "harmony",
                "os_version": "4.0",
                "device": "Huawei P50",
            },
        ),
        (
            "企业微信是 4.1.18 的，基础库 3.3.5，iPhone 14 和小米 13 都试过。\n"
            "预期结果：可以正常选人\n"
            '实际结果：errMsg: "selectEnterpriseContact:fail permission denied"',
            "selectEnterpriseContact:fail permission denied",
            {
                "host": "wecom",
                "client_version": "4.1.18",
                "base_library": "3.3.5",
                "platform": "ios",
                "device": "iPhone 14",
            },
        ),
        (
            "WeCom version 4.1.6 on iOS 17.1 (base library 3.2.0). Expected: the file o"
            "pens. Actual: openDocument:fail filetype not supported",
            "openDocument:fail filetype not supported",
            {
                "host": "wecom",
                "client_version": "4.1.6",
                "base_library": "3.2.0",
                "platform": "ios",
                "os_version": "17.1",
            },
        ),
        (
            "我们用的基础库是2.32.3，微信版本号8.0.44，安卓12。应该能正常返回 openid，"
            "但是报 login:fail 内部错误 -1",
            "login:fail 内部错误 -1",
            {
                "host": "wechat",
                "client_version": "8.0.44",
                "base_library": "2.32.3",
                "platform": "android",
                "os_version": "12",
            },
        ),
        (
            "在企微4.1.28版本（Windows）上必现，4.1.26没有。期望的结果是不报错。报错信"
            "息为：previewFile:fail invalid url",
            "previewFile:fail invalid url",
            {"host": "wecom", "client_version": "4.1.28", "platform": "windows"},
        ),
        (
            "两部手机，一部 iPhone 12 iOS 15.4，一部 vivo X90 Android 13，微信都是 8.0."
            '41。报错 {"errMsg":"createSelectorQuery:fail"}',
            "createSelectorQuery:fail",
            {
                "host": "wechat",
                "client_version": "8.0.41",
                "platform": "ios",
                "os_version": "15.4",
                "device": "iPhone 12",
            },
        ),
        (
            'navigateTo:fail page "pages/order/detail" is not found',
            'navigateTo:fail page "pages/order/detail" is not found',
            {},
        ),
        (
            "实际：errMsg: 'navigateTo:fail page \"pages/order/detail\" is not found'\n"
            "机型 iPhone 12",
            'navigateTo:fail page "pages/order/detail" is not found',
            {"platform": "ios", "device": "iPhone 12"},
        ),
    ],
)
def test_a_report_in_the_words_of_a_person(
    text: str, message: str, environment: dict[str, str]
) -> None:
    pasted = read(text)
    assert pasted.message == message
    found = pasted.environment._asdict()
    assert {name: value for name, value in found.items() if name in environment} == environment
    assert not ({"platform", "device"} - environment.keys()) & {
        name for name, value in found.items() if value is not None
    }


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("【企业微信】previewImage 打不开内网图片", "previewImage 打不开内网图片"),
        ("企业微信：真机上分享没有反应", "真机上分享没有反应"),
        ("企业微信版本：4.1.8 正式版\n地图白屏", "地图白屏"),
    ],
)
def test_the_name_of_the_app_before_a_title_is_no_version(text: str, title: str) -> None:
    assert read(text).title == title


@pytest.mark.parametrize("name", ["wxwork", "WeCom", "企业微信"])
def test_a_host_that_is_an_app_makes_a_device_of_an_object(name: str) -> None:
    found = read(f'{{"host":"{name}","platform":"ios","errMsg":"x:fail"}}')
    assert {name: one.value for name, one in found.values.items()} == {
        "host": "wecom",
        "platform": "ios",
    }


def test_a_host_that_nobody_knows_is_kept_with_the_error() -> None:
    text = '{"host":"foo","errMsg":"x:fail"}'
    found = read(text)
    assert (found.values, found.message, found.title) == ({}, text, "x:fail")
    assert read('{"host":"foo"}').note == '{"host":"foo"}'


def test_a_system_that_nobody_knows_is_said_to_be_left_out() -> None:
    found = read('{"platform":"solaris","system":"SunOS 5","SDKVersion":"3.7.0","host":"foo"}')
    assert {name: one.value for name, one in found.values.items()} == {"base_library": "3.7.0"}
    assert found.left_out == ('platform: "solaris"', 'system: "SunOS 5"', 'host: "foo"')
