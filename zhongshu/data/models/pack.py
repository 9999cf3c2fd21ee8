"""城市包的表 the tables of a city pack: every row is a version, in force from `valid_from` until `valid_to`."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Shape(models.Model):
    """A geometry as WKB (lon, lat in WGS-84 degrees) with its bounding box; all empty when unknown."""

    geometry = models.BinaryField(null=True, blank=True)
    west = models.FloatField(null=True, blank=True)
    south = models.FloatField(null=True, blank=True)
    east = models.FloatField(null=True, blank=True)
    north = models.FloatField(null=True, blank=True)

    class Meta:
        abstract = True


class Version(models.Model):
    """版本行: the natural `code`, when it is in force, and a digest of what it says.

    Codes change when a city is re-divided, so they are never the key. `valid_to` empty means in force.
    """

    id = models.BigAutoField(primary_key=True)
    code = models.TextField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=32)

    class Meta:
        abstract = True
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["code", "valid_from"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="%(app_label)s_%(class)s_one_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}"


class Named(Version):
    """A version with a name; `sort_key` is its pinyin, so that Chinese sorts without ICU."""

    name = models.TextField()
    name_en = models.TextField(default="", blank=True)
    sort_key = models.TextField(default="", blank=True)

    class Meta(Version.Meta):
        abstract = True


class PackVersion(models.Model):
    """包版本: one load of a pack; `about` is pack.toml, `digest` covers every row in force after it."""

    id = models.BigAutoField(primary_key=True)
    code = models.TextField()
    version = models.TextField()
    effective = models.DateTimeField()
    loaded_at = models.DateTimeField(auto_now_add=True)
    digest = models.CharField(max_length=32)
    about = models.JSONField()

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"


class Division(Named, Shape):
    """行政区划."""

    level = models.SmallIntegerField()
    parent = models.TextField(default="", blank=True)
    kind = models.TextField(default="", blank=True)
    households = models.IntegerField(null=True, blank=True)
    population = models.IntegerField(null=True, blank=True)
    area_grade = models.TextField(default="", db_default="", blank=True)


class Grid(Version, Shape):
    """全科网格: a base cell inside one community."""

    division = models.TextField()
    kind = models.TextField()
    households = models.IntegerField(null=True, blank=True)


class Unit(Named):
    """单位."""

    kind = models.TextField()
    level = models.SmallIntegerField()
    place = models.TextField()
    parent = models.TextField(default="", blank=True)


class Post(Named):
    """岗位: tasks go to posts, people hold them. `roles` separated by ;"""

    unit = models.TextField()
    roles = models.TextField()


class Category(Named):
    """事项类别. Keywords separated by ;"""

    parent = models.TextField(default="", blank=True)
    kind = models.TextField()
    threshold = models.FloatField(null=True, blank=True)
    urgent = models.BooleanField(default=False)
    keywords = models.TextField(default="", blank=True)
    negative_keywords = models.TextField(default="", blank=True)
    verify = models.TextField(default="", blank=True, db_default="")
    photos = models.SmallIntegerField(null=True, blank=True)
    small = models.BooleanField(default=False, db_default=False)
    mistake_cost = models.FloatField(null=True, blank=True)


class CrossWalk(Version):
    """对照: one class of one tree to a class of another; `code` is "from>to"."""

    from_code = models.TextField()
    to_code = models.TextField()
    relation = models.TextField()
    basis = models.TextField(default="", blank=True)


class Duty(Version):
    """责任清单条目."""

    category = models.TextField()
    condition = models.TextField(default="", blank=True)
    place_type = models.TextField(default="", blank=True)
    ownership = models.TextField(default="", blank=True)
    host = models.TextField()
    assists = models.TextField(default="", blank=True)
    basis = models.TextField(default="", blank=True)
    list_kind = models.TextField()
    calendar = models.TextField()
    sign_minutes = models.IntegerField()
    contact_minutes = models.IntegerField()
    handle_minutes = models.IntegerField()
    make_safe_minutes = models.IntegerField(null=True, blank=True)


class Calendar(Named):
    """工作日历."""

    shifts = models.TextField(default="", blank=True)
    zone_minutes = models.IntegerField(null=True, blank=True)


class CalendarDay(Version):
    """节假日与调休: `calendar` "*" is every calendar; `code` is "calendar/date"."""

    calendar = models.TextField()
    date = models.DateField()
    works = models.BooleanField()
    name = models.TextField(default="", blank=True)


class ClockRule(Version):
    """时限规则: `code` is the clock's name."""

    minutes = models.IntegerField()
    calendar = models.TextField()
    nearly = models.FloatField()
    escalates = models.BooleanField()
    basis = models.TextField(default="", blank=True)


class Limit(Version):
    """时限细分; `code` is "target/area_grade/work_nature", the target being the duty, else the category."""

    duty = models.TextField(default="", blank=True)
    category = models.TextField(default="", blank=True)
    area_grade = models.TextField(default="", blank=True)
    work_nature = models.TextField(default="", blank=True)
    make_safe_minutes = models.IntegerField(null=True, blank=True)
    sign_minutes = models.IntegerField(null=True, blank=True)
    contact_minutes = models.IntegerField(null=True, blank=True)
    handle_minutes = models.IntegerField()
    basis = models.TextField(default="", blank=True)


class Indicator(Named):
    """体征/指标."""

    unit = models.TextField(default="", blank=True)
    unit_en = models.TextField(default="", db_default="", blank=True)
    system = models.TextField()
    cycle = models.TextField()
    owner = models.TextField()
    source = models.TextField()
    source_en = models.TextField(default="", db_default="", blank=True)
    staleness_minutes = models.IntegerField()
    no = models.IntegerField(db_default=0)
    measure = models.TextField(db_default="", blank=True)
    classes = models.TextField(db_default="", blank=True)
    standin = models.BooleanField(db_default=False)


class Word(Version):
    """界面用词 in two languages; `code` is its key."""

    zh = models.TextField()
    en = models.TextField()


class Lexicon(Version):
    """词表: a word that raises urgency or shows special need, and why; `code` is "word/kind"."""

    word = models.TextField()
    kind = models.TextField()
    reason = models.TextField()
    reason_en = models.TextField(default="", blank=True)


class AddressPlace(Named):
    """标准地址库."""

    kind = models.TextField()
    division = models.TextField()
    lon = models.FloatField()
    lat = models.FloatField()
    aliases = models.TextField(default="", blank=True)
    place_type = models.TextField(default="", blank=True, db_default="")
    ownership = models.TextField(default="", blank=True, db_default="")


class Component(Named):
    """部件: 16-digit `code`."""

    category = models.TextField()
    division = models.TextField()
    lon = models.FloatField()
    lat = models.FloatField()
    owner = models.TextField(default="", blank=True)
    ownership = models.TextField(default="", blank=True, db_default="")
    state = models.TextField(default="", blank=True)


class Sensor(Named):
    """感知设备."""

    kind = models.TextField()
    division = models.TextField()
    lon = models.FloatField()
    lat = models.FloatField()
    unit = models.TextField()
    threshold = models.FloatField()
    clear_below = models.FloatField()
    category = models.TextField()
    staleness_minutes = models.IntegerField()


class Sample(Version):
    """样例诉求: a text whose class is known; `code` is a digest of the text."""

    text = models.TextField()
    category = models.TextField()


class Emergency(Version):
    """紧急绕行: words (apart by ;) that go past the duty list, and who answers."""

    words = models.TextField()
    not_words = models.TextField(default="", blank=True)
    channel = models.TextField()
    host = models.TextField()
    assists = models.TextField(default="", blank=True)
    sign_minutes = models.IntegerField()
    contact_minutes = models.IntegerField()
    handle_minutes = models.IntegerField()
    basis = models.TextField(default="", blank=True)


class Power(Version):
    """权力清单: a level's power over an item (a class or a group of classes); `code` is "item/level/place/power"."""

    item = models.TextField()
    level = models.SmallIntegerField()
    place = models.TextField(default="", blank=True)
    power = models.TextField()
    basis = models.TextField(default="", blank=True)


class CallRule(Version):
    """呼应规则. `needs`, `levels` and `lines` separated by ;"""

    kind = models.TextField()
    urgent = models.BooleanField(default=False)
    acknowledge_minutes = models.IntegerField()
    arrive_minutes = models.IntegerField(null=True, blank=True)
    act_minutes = models.IntegerField(null=True, blank=True)
    calendar = models.TextField()
    raise_to = models.TextField()
    needs = models.TextField(default="", blank=True)
    levels = models.TextField(default="", blank=True)
    lines = models.TextField(default="", blank=True)
    basis = models.TextField(default="", blank=True)


class Formula(Named):
    """口径: a numerator over a denominator, both of counters."""

    numerator = models.TextField()
    denominator = models.TextField(default="", blank=True)
    unit = models.TextField()
    direction = models.TextField()
    within = models.BooleanField(default=False)
    basis = models.TextField()


class Weight(Version):
    """权重 of a formula in a combined score; `code` is "score/formula"."""

    score = models.TextField()
    name = models.TextField()
    name_en = models.TextField(default="", blank=True)
    formula = models.TextField()
    weight = models.FloatField()
    basis = models.TextField()


class Window(Named):
    """统计时段."""

    unit = models.TextField()
    shift_months = models.IntegerField()
    shift_days = models.IntegerField()
    start_time = models.TextField()
    closes_minutes = models.IntegerField()
    basis = models.TextField()


class Cohort(Named):
    """街镇类型: which streets are compared with one another; `code` is "cohort/division"."""

    division = models.TextField()
    cohort = models.TextField()


class Threshold(Named):
    """阈值 of lists and alarms, with the ground it stands on."""

    value = models.FloatField()
    basis = models.TextField()


class Overlay(Named):
    """块状网格: a base grid of a department's own grid `overlay`, of one line of work; `code` is "overlay/grid"."""

    overlay = models.TextField()
    line = models.TextField()
    grid = models.TextField()

    class Meta(Named.Meta):
        indexes: ClassVar[list[models.Index]] = [
            *Named.Meta.indexes,
            models.Index(fields=["grid"], name="overlay_grid"),
        ]


class PersonInPost(models.Model):
    """任职: a person holds a post from one day to another; tasks stay with the post."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="posts")
    post = models.TextField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "post"], condition=Q(valid_to__isnull=True), name="data_person_in_post_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.post}"
