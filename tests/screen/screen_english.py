"""What the samples say in Chinese where a view would compose it, or take it from a table that has English beside it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

HAN = re.compile(r"[\u3400-\u9fff]")
ALONE = frozenset({"title", "textarea", "script"})
"""Elements whose text can't be marked: the title of a page, and what somebody types."""
VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr", "use", "path"})

COMPOSED = {
    "1 个工作日按 7 小时计": "a working day is 7 hours",
    "1 天": "1 day",
    "12 天前": "12 days ago",
    "2 个月前": "2 months ago",
    "2 天前": "2 days ago",
    "2 小时前": "2 hours ago",
    "2 点中回应 1 点": "1 of 2 points answered",
    "3 分钟前": "3 minutes ago",
    "4 个工作小时": "4 working hours",
    "50 米以内": "within 50 m",
    "9 分钟前": "9 minutes ago",
    "不予受理：没有法律法规依据": "the gate stays shut: no legal ground",
    "主办": "Leads",
    "供水": "Water supply",
    "依职责": "by duty",
    "公开。": "Public.",
    "准确性": "Accuracy",
    "切题": "To the point",
    "反馈结果": "Report the outcome",
    "套话": "Empty phrases",
    "就高从严，但不得偏严": "on the strict side, though not too strict",
    "已办完，无需承诺": "done, no promise needed",
    "已生效": "In force",
    "开具质量工单": "Open a ticket",
    "征求意见": "Ask for comments",
    "征求意见中": "Open for comments",
    "承诺": "Promise",
    "按新用途另行申请": "apply again for the new purpose",
    "按责任清单": "By the list of duties",
    "提出更正": "Ask for a correction",
    "提请清理": "Ask for a clearing",
    "改判 12，城市包样本 8876": "changed 12, samples of the pack 8876",
    "数据结构": "Schemas and codes",
    "有呼必应": "Every call is answered",
    "格式合规性": "Format",
    "格式正确": "values of the right form",
    "检查的值": "values checked",
    "没有可用的行": "no row could be used",
    "没有取得当前位置": "the place could not be found",
    "没有找到。": "Nothing was found.",
    "没有这个文件": "there is no such file",
    "没有法律法规依据": "no legal ground",
    "比前 30 天：高 3.1 个百分点": "against the 30 days before: up 3.1 points",
    "满意率": "Satisfied",
    "用时 1.2 天，时限 3 天": "took 1.2 days of 3",
    "用途未获授权": "Purpose not granted",
    "积水点超限": "Flooded spots",
    "红 ≥ 50": "red ≥ 50",
    "纬度应在 -90 到 90 之间。": "The latitude is between -90 and 90.",
    "缺少必填项": "a required field is missing",
    "行：分层后可比的社区太少": "rows: too few communities to compare",
    "自然月": "Month",
    "自然月 2026-06-01": "Month of 2026-06-01",
    "被人改判 0.130，超过 0.1": "changed by people 0.130, above 0.1",
    "解决率": "Solved",
    "证件号码后四位不符，还可试 4 次": "not the end of that number, 4 tries left",
    "请先勾选表单": "Tick a form first",
    "请写下发生了什么。": "Write down what happened.",
    "请写明情况": "Say what it is",
    "请填写：性别": "Fill in: sex",
    "请求归集": "Ask for gathering",
    "请选择文件": "Choose a file",
    "账号或密码不正确。": "Wrong account or password.",
    "起草": "Drafting",
    "身份号码": "Identity number",
    "身份号码校验": "identity number",
    "转办": "Pass on",
    "辱骂": "Abuse",
    "这张表单已在审议中": "this form is under review",
    "那件事刚刚办结。": "That matter was closed a moment ago.",
    "限期整改": "mended within a limit",
    "须先与在用版本比对": "compared with the version in force first",
    "须由他人执行": "done by somebody else",
    "当前状态不能执行": "not possible in this state",
    "基层表单只减不增": "forms of the grassroots only become fewer",
    "征求意见期满方可发布": "published only after the time for comments",
    "责任清单第 88 行的条件读不懂。": "The condition in line 88 of the list of duties can't be read.",
    "答复与诉求没有共同的事": "the reply has nothing in common with the report",
    "答非所问": "Beside the point",
    "响应率": "Answered",
    "综合得分": "Overall score",
}


class Unmarked(HTMLParser):
    """Text of an English page that is Chinese and not marked as such (WCAG 3.1.2), as `found`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = [("", False)]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        lang = dict(attrs).get("lang")
        marked = self._open[-1][1] if lang is None else lang.startswith("zh")
        self._open += [(tag, marked)] * (tag not in VOID)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing stands inside it."""

    def handle_endtag(self, tag: str) -> None:
        last = max((n for n, (name, _marked) in enumerate(self._open) if name == tag), default=0)
        del self._open[last or len(self._open) :]

    def handle_data(self, data: str) -> None:
        tag, marked = self._open[-1]
        self.found += [data.strip()] * (not marked and tag not in ALONE and bool(HAN.search(data)))
