"""Signatures that are too general: a few stock words of any log, bound to nothing.

``Permission denied`` or ``网络错误`` stand in the log of nearly every program. Such words
identify a pitfall only together with the name of an API, a name from code, or an error code.
"""

from __future__ import annotations

import re
from typing import Final

from storage.match.normalizer import CODE, VARYING, normalise

#: ``wx.qy.login``, ``getLocation:fail``, ``uni.share``: the name of an API.
_API: Final = re.compile(
    r"(?<![\w./@-])(?:wx|qy|ww|my|dd|tt|swan|uni|lark|ks|jd)(?:(?:\.|__)[A-Za-z]\w*)+"
    r"|(?<![\w$])[A-Za-z_$][\w$.]*[:：]\s?(?:fail|error)\b"
)
#: A name from code: with a joint, or with capitals or digits inside; no title-case word.
_FROM_CODE: Final = re.compile(
    r"(?<![\w$])(?=[\w$]{5})(?:[A-Za-z]\w*\$\w+|[A-Za-z]*_[A-Za-z]\w*|_\w+"
    r"|[A-Za-z]+[a-z][A-Z]\w*|[A-Z]{2,}[a-z]+\w*)",
    re.ASCII,
)
#: Such names that every program has.
_OF_ANY_PROGRAM: Final = re.compile(
    r"[A-Za-z]*(?:Error|Exception|Warning|Redirects)|[Ee]rr_?[Mm](?:sg|essage)|[Ee]rr(?:or)?_?[Cc]ode"
    r"|[Ss]tatus_?[Cc]ode|[Rr]equest_?[Ii]d|[Tt]race_?[Ii]d|[Uu]ser_?[Nn]ame|JavaScript|WeChat"
)
#: What a web server answers with; every program meets them.
_STATUS: Final = re.compile(r"[1-5]\d\d")
_STOCK: Final = frozenset(
    re.findall(
        r"\S+",
        """
        a an and any are argument arguments as at auth authentication authorization authorized
        authorised abort aborted access address already be because been before bad broken build by
        bytes call called can can't cancel canceled cancelled cannot certificate channel check
        client closed code com command complete config configuration connect connected connection
        console content could couldn't create current data database denied deny device directory
        disabled disconnected dns do does doesn't done driver due during email empty end err
        errmsg errno error errors exceeded exception exist exists exit expected expired fail
        failed failing failure false fatal fetch file files forbidden format found from function
        gateway get given go got had for has have header host http https id illegal in info input
        install installed internal invalid io ip is it item job json key large launch length limit
        limited line link list load loaded loading local localhost lock locked log login long lost
        many match memory message method missing module more must name native net network new no
        node non none not nothing null number object of off offline ok on only open operation
        option or out output overflow package page param parameter parameters params parse parsing
        password path permission permissions please plugin pool port process project promise
        property protocol provided proxy read reached ready reason refused register rejected
        release remote request requests required reset resource response result results retry
        return returned revoked root run running runtime save script sdk secret see send server
        service session set short signature size socket some source ssl stack start state status
        stop stopped storage str string success such supported syntax system task temporarily
        temporary test text than the this time timed timeout times tls to token too true try
        tunnel type unable unauthorized unauthorised unavailable undefined unexpected unhandled
        uncaught unknown unsupported update upload url use used user username using valid value
        values version via wait was were when while with without write wrong you your b c x y
        redirect redirects redirected attempt attempts eacces eaddrinuse econnaborted econnrefused
        econnreset eexist ehostunreach einval eisdir emfile enoent enomem enospc enotdir enotfound
        eperm epipe etimedout aborterror axios bash curl docker git java javascript jwt mysql
        nginx npm php pip postgres python redis urllib webpack wget yarn
        """,
    )
)
_STOCK_ZH: Final = re.compile(
    "系统|网络|服务器?|请求|连接|接口|参数|数据|文件|用户|权限|登录|授权|鉴权|签名|密码|账号|操作|内容|页面|资源|信息"
    "|失败|错误|异常|出错|报错|繁忙|超时|中断|断开|拒绝|访问|无效|非法|不合法|过期|失效|不存在|不支持|未找到|找不到"
    "|无法|不能|没有|暂无|未知|为空|不可用|未授权|无权限?|请稍后|稍后|再试|重试|请?检查|请|后|再|的|了|您|你|当前|已"
    "|调用|返回|加载|打开|发送|获取|读取|写入|解析|上传|下载|提交|保存|更新|删除|不足|太多|过多|频繁|限制|成功|发生|出现"
)
_WHOLE_WORD: Final = 12


def too_general(text: str) -> bool:
    """Whether a signature consists of stock words alone, so that it would match any log.

    Args:
        text: as it was typed, or quoted in a note.
    """
    if _API.search(text):
        return False
    if any(
        not _OF_ANY_PROGRAM.fullmatch(name) and not name.startswith("ERR_")
        for name in _FROM_CODE.findall(text)
    ):
        return False
    normalised = normalise(text)
    if any(not _STATUS.fullmatch(code) for code in normalised.codes):
        return False
    words = [word.text for word in normalised.words if word.text not in (VARYING, CODE)]
    telling = [word for word in words if _tells(word)]
    if not telling:
        return True
    # A single plain word names a thing, and not what went wrong with it.
    return (
        len(words) == 1 and words[0].isalpha() and len(words[0]) < _WHOLE_WORD * words[0].isascii()
    )


def _tells(word: str) -> bool:
    """Whether a normalised word is more than a stock word or a number."""
    if word.isascii():
        plain = re.sub(r"(?:error|exception)$", "", word)
        return bool(plain) and not plain.isdecimal() and not _is_stock(plain)
    return len(_STOCK_ZH.sub("", word)) > 1


def _is_stock(word: str) -> bool:
    return word in _STOCK or len(word) < 2
