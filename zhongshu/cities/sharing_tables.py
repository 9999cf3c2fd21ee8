"""分级共享表 the tables of a city pack that grade data, mask it, limit its sharing, and say what must come back."""

from __future__ import annotations

from zhongshu.cities.columns import Table, optional, required

BASIS = ("law", "standard", "local", "statistics", "expert", "default")
OBJECTS = ("national", "economy", "order", "public", "organisation", "person")
"""六类危害对象: 国家安全、经济运行、社会秩序、公共利益、组织权益、个人权益."""
DEGREES = ("special", "serious", "general", "none")
GRADES = ("1", "2", "3", "4", "important", "core")
MEASURES = ("keep", "blank", "area", "aggregate", "delay")
_BASIS = required("basis", choices=BASIS)

GRADE_HARMS = Table(
    "grade_harms",
    # what harm of this degree to this object makes of data; `share` is the strictest type that such harm justifies
    (
        required("object", choices=OBJECTS),
        required("degree", choices=DEGREES),
        required("grade", choices=GRADES),
        required("share", choices=("1", "2", "3")),
        _BASIS,
        optional("clause"),
    ),
    key=("object", "degree"),
)
GRADE_RULES = Table(
    "grade_rules",
    # an empty condition is any; what is given must all hold. The highest grade of all rules that match counts
    (
        required("code"),
        required("name"),
        optional("name_en"),
        # 领域: prefixes of a data set's class; 群体: data sets; 重要性: elements
        optional("classes", "words"),
        optional("datasets", "words"),
        optional("elements", "words"),
        optional("subjects", "words"),
        # 精度: element types and masks that say how exact a value is
        optional("types", "words"),
        optional("masks", "words"),
        optional("personal", choices=("0", "1")),
        optional("sensitive", choices=("0", "1")),
        # 区域, 规模, 深度, 覆盖度
        optional("region", refers="divisions"),
        optional("min_rows", "int", low=1),
        optional("depth", choices=("raw", "derived", "aggregate")),
        optional("coverage", choices=("city", "district", "street", "community")),
        required("object", choices=OBJECTS),
        required("degree", choices=DEGREES),
        _BASIS,
        optional("clause"),
    ),
)
MASKS = Table(
    "masks",
    # keep: `head` and `tail` letters stay; blank: nothing stays; area: what stands before the house number; aggregate:
    # only counts of `k` and more; delay: not before `days`. `grade` is the most that a 一般数据 has after it
    (
        required("code"),
        required("name"),
        optional("name_en"),
        required("how", choices=MEASURES),
        optional("head", "int", low=0, high=100),
        optional("tail", "int", low=0, high=100),
        optional("k", "int", low=2, high=10_000),
        optional("days", "int", low=1, high=36_500),
        required("grade", choices=GRADES[:4]),
        _BASIS,
        optional("clause"),
    ),
)
SHARE_LIMITS = Table(
    "share_limits",
    # working days of the calendar from the move that starts the clock
    (
        required("code"),
        required("name"),
        optional("name_en"),
        required("days", "int", low=1, high=3650),
        required("calendar", refers="calendars"),
        _BASIS,
        optional("clause"),
    ),
)
FLOWS = Table(
    "flows",
    # up: a unit collects these items of the data set from below, by each place of the grain and cycle; down: it gives
    # them back within so many days after the cycle's end. `answers` are the flows up that a flow down returns
    (
        required("code"),
        required("name"),
        optional("name_en"),
        required("direction", choices=("up", "down")),
        required("unit", refers="units"),
        required("dataset"),
        required("items", "words"),
        required("grain", choices=("district", "street", "community", "grid")),
        required("cycle", choices=("day", "week", "month", "quarter", "half", "year")),
        required("how", choices=("form", "table", "person", "push", "block")),
        optional("within_days", "int", low=0, high=3650),
        optional("answers", "words", refers="flows"),
        optional("place", refers="divisions"),
        _BASIS,
        optional("clause"),
    ),
)
SHARING_TABLES = (GRADE_HARMS, GRADE_RULES, MASKS, SHARE_LIMITS, FLOWS)
"""Those that are referred to before those that refer."""
