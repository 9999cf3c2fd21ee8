"""登记的表 the registers: people, houses, organisations, who lives where since when, and what each department told.

Surrogate keys; `place` is the code of the grid, or of a division where no grid is known, for row-level security.
None of these tables is a projection: personal data stay outside the ledger (ADR 0007, 0024).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from zhongshu.data.models.pack import Version
from zhongshu.data.models.road import code_field


class SourceRank(Version):
    """数源排序: whose word counts first for an item of a subject; `code` is "subject/item/dataset", 1 counts most."""

    subject = models.TextField()
    item = models.TextField()
    dataset = models.TextField()
    rank = models.SmallIntegerField()
    basis = models.TextField(default="", blank=True)


class Entity(models.Model):
    """主体: one real person, house or organisation, as far as we know.

    Its values are the best of what its records say (data/registers/settling.py). `valid_to` ends it; `merged_into` is
    the entity that it turned out to be.
    """

    id = models.BigAutoField(primary_key=True)
    place = code_field()
    name = models.TextField(default="")
    address = code_field()
    """Code of the standard address."""
    records = models.SmallIntegerField(default=0)
    sources: ArrayField[Any, Any] = ArrayField(code_field(), default=list)
    """Data sets that know it, by name."""
    as_of = models.DateField(null=True)
    """The newest day that any of its records tells of."""
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    merged_into = models.BigIntegerField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk}"


def _merged(name: str) -> models.Index:
    """Who was merged into an entity is asked at each settling of it."""
    return models.Index(fields=["merged_into"], name=f"{name}_merged", condition=Q(merged_into__isnull=False))


class Person(Entity):
    """实有人口. `sex` 1 male, 2 female, 0 unknown; `kind` resident | floating | abroad; `care` restricted tags."""

    id_type = code_field(16)
    id_number = code_field(32)
    sex = models.SmallIntegerField(default=0)
    born = models.DateField(null=True)
    nation = code_field(16)
    phone = code_field(32)
    kind = code_field(16)
    registered = code_field()
    """Division of the household register (户籍地), six digits."""
    house = models.BigIntegerField(null=True)
    """The house of the residence that is open now."""
    care: ArrayField[Any, Any] = ArrayField(code_field(), default=list)

    class Meta:
        db_table = "person"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place"], name="person_place"),
            models.Index(fields=["id_number"], name="person_id_number", condition=~Q(id_number="")),
            models.Index(fields=["phone"], name="person_phone", condition=~Q(phone="")),
            models.Index(fields=["name"], name="person_name", opclasses=["text_pattern_ops"]),
            models.Index(fields=["house"], name="person_house", condition=Q(house__isnull=False)),
            _merged("person"),
        ]


class House(Entity):
    """实有房屋. `name` is its whole address; `use` self | rented | vacant | commercial; `area` in m²."""

    code = code_field()
    owner = models.TextField(default="")
    ownership = code_field(16)
    use = code_field(16)
    area = models.FloatField(null=True)
    floors = models.SmallIntegerField(null=True)
    structure = code_field(16)
    rent_registered = models.BooleanField(default=False)
    safety = code_field(8)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)

    class Meta:
        db_table = "house"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place"], name="house_place"),
            models.Index(fields=["code"], name="house_code", condition=~Q(code="")),
            models.Index(fields=["name"], name="house_name", opclasses=["text_pattern_ops"]),
            _merged("house"),
        ]


class Organisation(Entity):
    """实有单位. `credit_code` is the 统一社会信用代码; `fire` the class of fire safety."""

    credit_code = code_field(18)
    kind = code_field(16)
    legal_person = models.TextField(default="")
    industry = code_field(32)
    employees = models.IntegerField(null=True)
    phone = code_field(32)
    fire = code_field(16)

    class Meta:
        db_table = "organisation"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place"], name="organisation_place"),
            models.Index(fields=["credit_code"], name="organisation_credit", condition=~Q(credit_code="")),
            models.Index(fields=["name"], name="organisation_name", opclasses=["text_pattern_ops"]),
            _merged("organisation"),
        ]


class Residence(models.Model):
    """居住情形: a person lived in a house from one day to another; people and houses are many to many, with dates."""

    id = models.BigAutoField(primary_key=True)
    place = code_field()
    person = models.BigIntegerField()
    house = models.BigIntegerField()
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    relation = code_field(16)
    """与户主关系."""
    reason = code_field(16)
    """居住事由."""
    mode = code_field(16)
    """居住方式: own | rent | lodge."""
    dataset = code_field()
    as_of = models.DateField(null=True)

    class Meta:
        db_table = "residence"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person"], name="residence_person"),
            models.Index(fields=["house"], name="residence_house"),
            models.Index(fields=["place"], name="residence_place"),
        ]


class Record(models.Model):
    """来源记录: what one department told of one subject, as it told it; `key` is its own. The provenance of values.

    A later delivery of the same (dataset, key) ends the earlier one: `valid_to`. `verified` is the day on which
    somebody saw with their own eyes that it is so.
    """

    id = models.BigAutoField(primary_key=True)
    entity = models.BigIntegerField(null=True)
    dataset = code_field()
    key = code_field(64)
    place = code_field()
    as_of = models.DateField()
    verified = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    name = models.TextField(default="")
    address = models.TextField(default="")
    more: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """Items that only this data set has."""
    k1 = models.IntegerField(null=True)
    """检索键: a number of what the first block of its plan compares; the next ones follow (data/registers/marks.py)."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.dataset}/{self.key}"


class Marked(models.Model):
    """检索键 of records that are looked for in six ways."""

    k2 = models.IntegerField(null=True)
    k3 = models.IntegerField(null=True)
    k4 = models.IntegerField(null=True)
    k5 = models.IntegerField(null=True)
    k6 = models.IntegerField(null=True)

    class Meta:
        abstract = True


def _record_meta(name: str, marks: int = 6) -> tuple[list[models.Index], list[models.BaseConstraint]]:
    return (
        [
            models.Index(fields=["entity"], name=f"{name}_entity"),
            models.Index(fields=["dataset", "place"], name=f"{name}_dataset"),
            *(
                models.Index(fields=[f"k{n}"], name=f"{name}_k{n}", condition=Q(**{f"k{n}__isnull": False}))
                for n in range(1, marks + 1)
            ),
        ],
        [models.UniqueConstraint(fields=["dataset", "key"], condition=Q(valid_to=None), name=f"{name}_one_in_force")],
    )


class PersonRecord(Record, Marked):
    """人员来源记录."""

    id_type = code_field(16)
    id_number = code_field(32)
    sex = models.SmallIntegerField(default=0)
    born = models.DateField(null=True)
    nation = code_field(16)
    phone = code_field(32)
    registered = code_field()
    kind = code_field(16)

    class Meta:
        db_table = "person_record"
        indexes, constraints = _record_meta("person_record")


class HouseRecord(Record):
    """房屋来源记录."""

    code = code_field()
    owner = models.TextField(default="")
    ownership = code_field(16)
    use = code_field(16)
    area = models.FloatField(null=True)
    floors = models.SmallIntegerField(null=True)
    structure = code_field(16)
    safety = code_field(8)

    class Meta:
        db_table = "house_record"
        indexes, constraints = _record_meta("house_record", 1)


class OrganisationRecord(Record, Marked):
    """单位来源记录."""

    credit_code = code_field(18)
    kind = code_field(16)
    legal_person = models.TextField(default="")
    industry = code_field(32)
    employees = models.IntegerField(null=True)
    phone = code_field(32)

    class Meta:
        db_table = "organisation_record"
        indexes, constraints = _record_meta("organisation_record")


class IdentityPair(models.Model):
    """疑似同一: two entities that may be one, why, and what a person said. A candidate is remembered, not folded.

    `id` is "person:12+34", the smaller entity first. What people said are proceedings of that subject, which patch
    `state` (open | joined | apart), `decided_at` and `by`; a rebuild patches it again.
    """

    id = models.CharField(max_length=64, primary_key=True, db_collation="C")
    subject = code_field(16)
    """person | house | organisation."""
    first = models.BigIntegerField()
    second = models.BigIntegerField()
    place = code_field()
    score = models.FloatField(default=0)
    reasons: models.JSONField[Any, Any] = models.JSONField(default=list, db_default=[])
    """判据: [what was compared, which level it reached, bits that speak for one] of its likeliest two records."""
    state = code_field(16)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    by = models.BigIntegerField(default=0)
    proceeding = models.BigIntegerField(default=0)

    class Meta:
        db_table = "identity_pair"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "-score"], name="identity_pair_open", condition=Q(state="open")),
            models.Index(fields=["first"], name="identity_pair_first"),
            models.Index(fields=["second"], name="identity_pair_second"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="identity_pair_ordered")
        ]


class BlockCount(models.Model):
    """块数据: how many of a `measure` (and its `band`) one grid holds. Maintained after each change of a register."""

    id = models.BigAutoField(primary_key=True)
    place = code_field()
    measure = code_field()
    band = code_field(16)
    count = models.IntegerField()

    class Meta:
        db_table = "block_count"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["place", "measure", "band"], name="block_count_once")
        ]


class LinkingModel(models.Model):
    """归并模型 of a register: what its first load taught, so that later records are compared by the same weights.

    `settings` as Splink writes them, empty where addresses alone decide; `totals` how many records have each field of
    which rare values count more.
    """

    subject = models.CharField(max_length=16, primary_key=True, db_collation="C")
    settings: models.JSONField[Any, Any] = models.JSONField(default=dict)
    totals: models.JSONField[Any, Any] = models.JSONField(default=dict)
    records = models.BigIntegerField(default=0)
    learnt_at = models.DateTimeField()

    class Meta:
        db_table = "linking_model"


class LinkingTerm(models.Model):
    """词频: how many records of a register have one value of a field; `term` is a number of the value, never itself."""

    id = models.BigAutoField(primary_key=True)
    field = code_field(32)
    """ "person.name"."""
    term = models.BigIntegerField()
    count = models.IntegerField()

    class Meta:
        db_table = "linking_term"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["field", "term"], name="linking_term_once")
        ]


class RecordPass(models.Model):
    """查询凭单: a link by which a person, whose identity an officer saw, looks once at who read his own record.

    `code` is a digest of the link's secret. It opens once, before `until`, with the end of his identity number.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.BigIntegerField()
    place = code_field()
    code = models.CharField(max_length=64, unique=True, db_collation="C")
    proof = code_field(32)
    """What the officer saw: id_card | household_book | passport | face."""
    post = code_field(64)
    user = models.BigIntegerField()
    at = models.DateTimeField()
    until = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "record_pass"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["person", "-id"], name="record_pass_person")]
