"""数据湖的表 files of the lake, the runs that filed or erased some, and the sums of observations."""

from __future__ import annotations

from django.db import models

from zhongshu.data.models.road import code_field


class LakeFile(models.Model):
    """湖中文件: the rows of one table, one day and one district, in one Parquet file. A projection of `LakeFiled`.

    `path` is relative to the lake's folder. `gone_at` is when another file took its place, or it was deleted for good.
    """

    id = models.BigIntegerField(primary_key=True)
    table = code_field()
    day = models.DateField()
    place = code_field()
    prefix = code_field()
    """First digits of every place in it: whoever sees some of them may know of the file."""
    rows = models.BigIntegerField()
    bytes = models.BigIntegerField()
    sha256 = code_field(64)
    path = models.TextField()
    filed_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    gone = code_field(16)
    """"": it is there; replaced, erased."""

    class Meta:
        db_table = "lake_file"
        indexes = [
            models.Index(fields=["table", "day", "place"], name="lake_file_live", condition=models.Q(gone="")),
        ]


class LakeRun(models.Model):
    """一次入湖: when rows were last moved, and what came of it. Not a projection; the facts of each file are."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    cutoff = models.DateField()
    moved = models.BigIntegerField(default=0)
    copied = models.BigIntegerField(default=0)
    erased = models.BigIntegerField(default=0)
    files = models.IntegerField(default=0)

    class Meta:
        db_table = "lake_run"


class ObservationSum(models.Model):
    """观测汇总: count, sum, least and greatest value, kept in the statement that keeps the observations.

    `grain` day: of a grid in a day of the city; district: of a district in an hour; hour: of a grid in an hour, of what
    is not in the lake yet. `at` is when the day or hour begins. `place` is a community, or the district.
    """

    pk = models.CompositePrimaryKey("grain", "at", "place", "grid")
    grain = code_field(8)
    at = models.DateTimeField()
    place = code_field()
    grid = code_field()
    n = models.BigIntegerField()
    total = models.FloatField()
    least = models.FloatField()
    most = models.FloatField()

    class Meta:
        db_table = "observation_sum"
        indexes = [models.Index(fields=["grid", "at"], name="observation_sum_grid", condition=~models.Q(grid=""))]
