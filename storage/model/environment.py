"""Where an occurrence was seen: optional fields, declared once.

Whatever lists them follows from ``FIELDS``, and for a plan from ``PLAN_FIELDS``
(:mod:`storage.model.row`): columns, rows, JSON keys, options, forms, query keys, labels, paste, bug
reports. To add one: declare it here, or there, and in the bodies of the events
(:mod:`storage.events.occurrences`, :mod:`storage.events.values`), which are what goes over the
wire.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Final

from storage.errors import N_, NP_
from storage.model.fields import Field, NamedTuple, Word, declared
from storage.model.vocabulary import Channel, Host, NetworkType, Platform


class Environment(NamedTuple):
    """Where an occurrence was seen; what is not known is None."""

    host: Annotated[
        Host | None,
        Field(
            label=N_("host app"),
            help=N_("The app that runs the mini-program."),
            query="host 宿主应用 宿主",
            query_help=N_("the app it was seen in"),
            paste="宿主 宿主app 客户端 app host hostapp",
            bug_report=NP_("bug report", "Client version"),
        ),
    ] = None
    client_version: Annotated[
        str | None,
        Field(
            label=N_("app version"),
            help=N_("The host app's version."),
            metavar="VERSION",
            example="4.1.8",
            is_version=True,
            query="client 应用版本 客户端 client_version",
            query_help=N_("app versions it was seen in: >=4.1.8"),
            paste="客户端版本 app版本 clientversion appversion",
            beside="host",
        ),
    ] = None
    base_library: Annotated[
        str | None,
        Field(
            label=N_("base library"),
            help=N_("The base library's version."),
            option="--lib",
            metavar="VERSION",
            example="2.30.4",
            is_version=True,
            query="lib 基础库 library base_library",
            query_help=N_("base libraries it was seen in: <2.14.1"),
            paste="""
                基础库版本 基础库 小程序基础库 小程序基础库版本 调试基础库 客户端基础库版本 sdk版本
                sdkversion baselibrary baselibraryversion library libraryversion lib libversion
            """,
            in_line=N_("base library {value}"),
            bug_report=NP_("bug report", "Base library"),
        ),
    ] = None
    platform: Annotated[
        Platform | None,
        Field(
            label=N_("platform"),
            help=N_("The operating system, or devtools."),
            query="platform 平台",
            query_help=N_("the system it was seen on"),
            paste="""
                终端类型 终端 平台 客户端类型 客户端平台 系统类型 系统平台 手机系统 设备系统
                操作系统 系统 端 platform os terminal terminaltype operatingsystem system
                phoneos deviceos mobileos
            """,
            bug_report=NP_("bug report", "System"),
        ),
    ] = None
    os_version: Annotated[
        str | None,
        Field(
            label=N_("OS version"),
            help=N_("The version of the operating system."),
            metavar="VERSION",
            is_version=True,
            paste="""
                系统版本 操作系统版本 操作系统及版本 手机系统版本 系统及版本 安卓版本 android版本
                ios版本 鸿蒙版本 osversion systemversion androidversion iosversion
            """,
            beside="platform",
        ),
    ] = None
    device: Annotated[
        str | None,
        Field(
            label=N_("device"),
            help=N_("The model of the phone or computer."),
            metavar="NAME",
            paste="""
                机型 操作机型 手机机型 测试机型 出现机型 问题机型 设备机型 手机型 设备型 型 设备
                手机 测试机 测试设备 测试手机 真机 真机型号
                device devicemodel model phone phonemodel testdevice testphone
            """,
            bug_report=NP_("bug report", "Device"),
        ),
    ] = None
    channel: Annotated[
        Channel | None,
        Field(
            label=N_("channel"),
            help=N_("How the build was opened."),
            query="channel 渠道",
            query_help=N_("the channel it was seen in"),
            paste="""
                渠道 版本类型 小程序版本 运行环境 环境 打开方式 进入方式 体验方式
                channel build envversion environment
            """,
            bug_report=NP_("bug report", "Channel"),
        ),
    ] = None
    network_type: Annotated[
        NetworkType | None,
        Field(
            label=N_("network"),
            help=N_("The type of network."),
            query="network 网络 network_type",
            query_help=N_("the network it was seen on"),
            paste="网络类型 网络 网络环境 网络状态 network networktype",
            printed="networkType",
            in_line=N_("network: {value}"),
            bug_report=NP_("bug report", "Network"),
        ),
    ] = None
    permission: Annotated[
        str | None,
        Field(
            label=N_("permission"),
            help=N_("The permissions of the account."),
            metavar="TEXT",
            paste="权限 账号权限 帐号权限 体验权限 成员权限 permission accountpermission",
            bug_report=NP_("bug report", "Permission"),
        ),
    ] = None
    devtools_version: Annotated[
        str | None,
        Field(
            label=N_("devtools version"),
            help=N_("The devtools' version."),
            metavar="VERSION",
            is_version=True,
            paste="""
                开发者工具版本 微信开发者工具版本 微信开发者工具 开发工具版本 开发者工具 工具版本
                ide版本 devtools devtoolsversion wechatdevtools wechatdevtoolsversion ideversion
            """,
            in_line=N_("devtools {value}"),
            bug_report=NP_("bug report", "Devtools"),
        ),
    ] = None
    company: Annotated[
        str | None,
        Field(
            label=N_("company alias"),
            help=N_("An alias of the company."),
            metavar="ALIAS",
            paste="企业 企业简称 企业名称 公司 所属企业 company companyalias corp tenant",
            private=True,
        ),
    ] = None


FIELDS: Final = declared(Environment)
NAMES: Final = Environment._fields
#: The order in which a form asks for them: first what people know best.
ASKED: Final = sorted(FIELDS, key=lambda field: field.name not in ("platform", "channel"))

_PRIVATE: Final = {field.name: None for field in FIELDS if field.private}


def environment_of(values: Mapping[str, Any]) -> Environment:
    """An environment from plain values by their names: a row, a form, a pasted text.

    Args:
        values: those that are missing are None; others beside them are left out.

    Raises:
        ValueError: if one is no word of its vocabulary.
    """
    return Environment._make(field.read(values.get(field.name)) for field in FIELDS)


def typed_environment(values: Mapping[str, Any]) -> Environment:
    """The same of what somebody typed: a version is read as the vendor writes it.

    Args:
        values: as for :func:`environment_of`; an empty text is missing too.

    Raises:
        ValueError: if one is no word of its vocabulary.
    """
    typed = {field.name: values.get(field.name) or None for field in FIELDS}
    versions = {field.name: typed[field.name] for field in FIELDS if field.is_version}
    written = {name: version_as_written(text) for name, text in versions.items() if text}
    return environment_of(typed | written)


def public(environment: Environment) -> Environment:
    """An environment without what must not leave the team."""
    return environment._replace(**_PRIVATE)


# Version numbers as the vendor writes them, compared as versions:
# ``4.0.20 < 4.1.0 < 4.1.8(18808)``. The dotted numbers count; a build or a suffix behind them does
# not, and neither do zeros at the end.

# What people type with a Chinese keyboard (``４．１．８``, ``4.1。8``, ``4，1，8``) becomes that
# before it is written or asked for; what was recorded already stays as it is.

_VERSION: Final = r"[vV]?(\d+(?:\.\d+)*)(?![.\d])"
#: Full-width forms as those that they stand for, and the full stops of Chinese as dots.
_NARROW: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFF61: ord("。")}
_STOP: Final = r"(?<=\d)。(?=\d)"
#: A version that has commas, as a whole, but for a build behind it: elsewhere they part a text.
_WITH_COMMAS: Final = r"\s*[vV]?\d+(?:[.,]\d+)*(?=\s*(?:\(|$))"
_WIDTH: Final = 10
#: More numbers than any version has; what is longer is no version.
_MOST: Final = 8


def version_as_written(typed: str) -> str:
    """A version as the vendor writes it, of what somebody typed; other text stays about as it is.

    The text has as many characters as before. ``4.1.8,4.1.9`` are two versions, and stay two.
    """
    if typed.isascii() and "," not in typed:
        return typed
    text = re.sub(r"\d", lambda digit: str(int(digit[0])), typed.translate(_NARROW))
    text = re.sub(_STOP, ".", text)
    found = re.match(_WITH_COMMAS, text)
    if found and sum("." in part for part in found[0].split(",")) < 2:
        return found[0].replace(",", ".") + text[found.end() :]
    return text


@lru_cache(maxsize=4096)
def version_key(version: str) -> str | None:
    """Text that sorts as ``version`` does among versions; None if it can't be compared.

    Equal keys are equal versions: ``2.14`` and ``2.14.0 (beta)`` have the same.
    """
    compared = compared_part(version)
    if compared is None:
        return None
    numbers = [number.lstrip("0") or "0" for number in compared.split(".")]
    if len(numbers) > _MOST or max(map(len, numbers)) > _WIDTH:
        return None
    while len(numbers) > 1 and numbers[-1] == "0":
        numbers.pop()
    # A letter for how many digits follow: shorter numbers are smaller.
    return "".join(f"{chr(ord('a') + len(number))}{number}" for number in numbers)


@lru_cache(maxsize=4096)
def version_bit(key: str) -> int:
    """One of sixty bits, which the version of a key shares with few others.

    Twenty are for its first number, of which its second one has one: what is asked for begins with
    the same numbers, or lies between two that do.
    """
    digits = ord(key[0]) - ord("a")
    rest = key[digits + 1 :]
    second = rest[1 : ord(rest[0]) - ord("a") + 1] if rest else "0"
    return 1 << (int(key[1 : digits + 1]) % 3 * 20 + int(second) % 20)


@lru_cache(maxsize=4096)
def key_and_bit(version: str) -> tuple[str | None, int | None]:
    """What is kept beside a version: its key, by which it is compared, and its bit."""
    key = version_key(version)
    return key, version_bit(key) if key else None


def compared_part(version: str) -> str | None:
    """The dotted numbers at the beginning of a version; None if there are none."""
    found = re.match(_VERSION, version.strip())
    return found[1] if found is not None else None


# What was agreed on about a pitfall: who takes care of it, until when, under which ticket


class CatalogueAuthor(Word):
    """Who wrote the built-in catalogue; as with its tags, the record holds the name in English."""

    FIELD_NOTES = "field notes", NP_("CatalogueAuthor", "field notes"), "field-notes 现场笔记"
