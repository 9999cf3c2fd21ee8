"""遮蔽 veiling a resident's words before they stand for an issue: numbers that reach or name a person are hidden."""

from __future__ import annotations

import re

_HIDDEN = (
    (re.compile(r"\d{15,18}[\dXx]?"), "［证件号］"),
    (
        re.compile(r"(?<!\d)(?:\+?86[- ]?)?1\d{10}(?!\d)|(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)|(?<!\d)\d{8,}(?!\d)"),
        "［电话］",
    ),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "［邮箱］"),
    (re.compile(r"(?<![A-Za-z])[\u4e00-\u9fff][A-Z][·• ]?[A-Z0-9]{5,6}(?![A-Za-z0-9])"), "［车牌］"),
    (
        re.compile(r"((?:我叫|我是|我姓|本人|联系人|姓名)[:：]?\s*)[\u4e00-\u9fff]{2,3}(?=[，。,.;；、\s（(]|$)"),
        r"\1［姓名］",
    ),
    (re.compile(r"[\u4e00-\u9fff](?=(?:先生|女士|小姐|师傅|大爷|大妈|阿姨)(?!们))"), "某"),
    (re.compile(r"(\d+[栋幢座号楼单元\-－]+)\d{2,4}(?=室|房|户)"), r"\1［室号］"),
)


def veiled(text: str) -> str:
    """The text without telephone, identity and plate numbers, mail addresses, names after "我叫" and numbers of flats.

    By rule, so neither complete nor always needed: it goes with the sight of the case, never to the public.
    """
    for found, instead in _HIDDEN:
        text = found.sub(instead, text)
    return text
