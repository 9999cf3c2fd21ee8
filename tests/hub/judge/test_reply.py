"""The rubric of a reply, on golden replies made up for it."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.hub.judge.reply import Assessment, Exchange, assess
from zhongshu.hub.judge.rubric import over, rubric
from zhongshu.kernel.errors import NotFound

NIGHT = (
    "投诉春晓花园北侧工地夜间施工扰民",
    "春晓花园北侧的工地每晚十一点后还在打桩。是否办理了夜间施工许可？什么时候能停止夜间打桩？",
)
GOOD = (
    "您好！来信收悉，现回复如下：经现场核实，3月5日夜间春晓花园北侧工地确在打桩，未办理夜间施工许可。"
    "根据《中华人民共和国噪声污染防治法》第四十三条，区城管局已于3月6日责令停工并处罚款2万元。"
    "该工地将在3月20日前完成桩基施工，期间禁止夜间打桩。联系人：陈工，咨询电话：0000-12345678。感谢您的理解与支持！"
)
RECEIVED = "网友：您好！留言已收悉"
COURTESY = "尊敬的网友您好！您的来信已收悉，领导高度重视。感谢您对我们工作的关心与支持，祝您生活愉快！"
PASSED = "网友：您好！您反映的问题已转区城管局调查、核处。2024年3月6日"
BESIDE = (
    "您好！根据《城乡居民基本医疗保险办法》，参保人员可凭身份证到街道服务大厅办理缴费，"
    "个人缴费标准为380元，预计6月底前完成入账。咨询电话：0000-87654321。"
)
HALF = "您好！经核实，该工地未办理夜间施工许可。"


def scored(reply: str, request: tuple[str, str] = NIGHT) -> Assessment:
    return assess(Exchange(*request, reply))


def test_a_good_reply_earns_every_mark() -> None:
    found = scored(GOOD)
    assert found.total > 0.85
    assert not found.flags
    assert all(point.met for point in found.points)
    assert found.marks["ground"].words[:2] == (
        ("《中华人民共和国噪声污染防治法》", "named"),
        ("第四十三条", "article"),
    )
    assert ("0000-12345678", "phone") in found.marks["contact"].words
    assert found.marks["promise"].score == 1


@pytest.mark.parametrize(
    ("reply", "flag"),
    [
        (RECEIVED, "formula"),
        (COURTESY, "formula"),
        ("", "formula"),
        (PASSED, "passed_on"),
        ("您好！您反映的情况，建议您到区住建局咨询。", "passed_on"),
        (BESIDE, "off_point"),
    ],
)
def test_flags(reply: str, flag: str) -> None:
    found = scored(reply)
    assert list(found.flags) == [flag]
    assert found.total <= rubric().flags[flag].figure


def test_better_replies_score_higher() -> None:
    totals = [scored(reply).total for reply in (RECEIVED, PASSED, HALF, GOOD)]
    assert totals == sorted(totals)
    assert len(set(totals)) == 3


def test_the_points_of_the_request() -> None:
    found = scored(HALF)
    assert [point.text for point in found.points] == [
        "投诉春晓花园北侧工地夜间施工扰民",
        "是否办理了夜间施工许可？",
        "什么时候能停止夜间打桩？",
    ]
    assert [point.asks for point in found.points] == ["", "whether", "when"]
    assert [point.met for point in found.points][1:] == [True, False]
    assert found.points[1].answer == "未"
    assert found.marks["point"].told(rubric()) == "3 点中回应 2 点"
    assert found.marks["point"].told(rubric(), english=True) == "2 of 3 points met"


def test_numbered_points_are_told_apart() -> None:
    request = ("小区三件事", "1、电梯坏了谁来维修？2、停车费标准是多少？3、希望增设儿童游乐设施。")
    found = scored("经核实，电梯由物业公司维修，已于4月2日修好。停车费为每月150元。", request)
    assert [point.text for point in found.points] == [
        "电梯坏了谁来维修？",
        "停车费标准是多少？",
        "希望增设儿童游乐设施",
    ]
    assert [point.met for point in found.points] == [True, True, False]


def test_restating_the_request_answers_nothing() -> None:
    found = scored(f"您好！您反映的“{NIGHT[0]}”的问题已收悉，现答复如下：感谢您的来信。")
    assert list(found.flags) == ["formula"]
    assert found.marks["point"].score == 0


def test_a_platform_is_no_law() -> None:
    assert scored("您在《问政平台》反映的工地夜间施工打桩，已停止。").marks["ground"].words == ()


@pytest.mark.parametrize(
    ("reply", "request_", "score", "note"),
    [
        ("春晓花园北侧工地已全部停工。", NIGHT, None, "done"),
        ("落户请带身份证到派出所。", ("落户流程", "新生儿落户如何办理？"), None, "question"),
        ("春晓花园工地的打桩声音确实很大。", NIGHT, 0.0, "owed"),
        ("工地下一步将加强夜间巡查。", NIGHT, 0.4, ""),
        ("工地预计5月底停止夜间打桩。", NIGHT, 1.0, ""),
    ],
)
def test_a_promise_is_owed_for_what_is_not_done(
    reply: str, request_: tuple[str, str], score: float | None, note: str
) -> None:
    mark = scored(reply, request_).marks["promise"]
    assert (mark.score, mark.note) == (score, note)


@pytest.mark.parametrize(("days", "score"), [(3, 1.0), (10, 1.0), (15, 0.5), (20, 0.0), (400, 0.0)])
def test_timely(days: int, score: float) -> None:
    start = datetime(2024, 3, 1, tzinfo=UTC)
    late = Exchange(*NIGHT, GOOD, start, start + timedelta(days=days), start + timedelta(days=10))
    mark = assess(late).marks["timely"]
    assert mark.score == score
    assert mark.values == (days, 10)


def test_an_unknown_limit_counts_for_nothing() -> None:
    mark = scored(GOOD).marks["timely"]
    assert (mark.score, mark.told(rubric())) == (None, "时限或时间不明")


def test_the_weights_are_whole_and_everything_has_two_names() -> None:
    table = rubric()
    assert sum(criterion.figure for criterion in table.criteria.values()) == pytest.approx(1)
    assert rubric(table.version) is not None
    rows = [*table.criteria.values(), *table.flags.values(), *(p for parts in table.parts.values() for p in parts)]
    assert all(row.zh and row.en for row in rows)


def test_a_version_that_never_was() -> None:
    with pytest.raises(NotFound, match="no version 99"):
        rubric(99)


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=300))
def test_any_text_can_be_scored(subject: str, body: str, reply: str) -> None:
    found = assess(Exchange(subject, body, reply))
    assert 0 <= found.total <= 1
    assert len(found.flags) <= 1
    assert set(found.marks) == set(rubric().criteria)
    assert found.to_json()["version"] == rubric().version


GOLDEN = list(csv.DictReader(Path(__file__).with_name("replies.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("row", GOLDEN, ids=[row["reply"][:12] for row in GOLDEN])
def test_golden_replies(row: dict[str, str]) -> None:
    found = scored(row["reply"], (row["asked"].split("。")[0], row["asked"]))
    assert found.flag == row["flag"]
    assert float(row["point_at_least"]) <= (found.marks["point"].score or 0) <= float(row["point_at_most"])


def test_short_deeds_are_too_short_but_no_empty_phrase() -> None:
    table = rubric()
    assert {reply: scored(reply).flag for reply in ("已处理", "已拆除围挡", "该问题已处理完毕。")} == {
        "已处理": "formula",
        "已拆除围挡": "terse",
        "该问题已处理完毕。": "formula",
    }
    assert [code for code, flag in table.flags.items() if flag.holds] == ["formula", "passed_on", "off_point"]
    assert assess(Exchange(*NIGHT, "已拆除围挡"), rubric(1)).flag == "formula"


def test_words_of_the_class_are_on_the_matter() -> None:
    request = ("楼上天天半夜装修", "楼上天天半夜装修，孩子睡不了")
    reply = "执法人员已到场制止室内施工噪声，并约谈负责人，夜间不再作业。"
    assert assess(Exchange(*request, reply)).flag == "off_point"
    assert assess(Exchange(*request, reply, about="社会生活噪声")).flag == ""


def test_a_city_changes_what_it_names_and_keeps_the_rest() -> None:
    own = rubric()
    names = {"zh": "本地", "en": "local", "meaning_zh": "", "meaning_en": ""}
    flag = {**names, "code": "terse", "figure": 0.4, "holds": True}
    word = {**names, "criterion": "formula", "part": "local", "points": 0.0, "pattern": "本单位高度关注"}
    found = over(own, [flag], [word], "abc")
    assert found.name == f"{own.version}+abc"
    assert found.flags["terse"].holds
    assert found.criteria == own.criteria
    assert len(found.parts["formula"]) == len(own.parts["formula"]) + 1
    assert assess(Exchange(*NIGHT, "本单位高度关注"), found).flag == "formula"
    assert over(own, [], [], "") is own
