"""目录 the catalogue of a city pack: data sets, their items, and whose they are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhongshu.data.models.pack import Named, Version


class Dataset(Named):
    """数据资源: a data set with its core metadata; `stored` says where its rows are, `code` is its name in programs."""

    kind = models.TextField()
    branch = models.TextField(db_column="class")
    order_no = models.IntegerField(null=True, blank=True)
    provider = models.TextField()
    summary = models.TextField(default="", blank=True)
    format = models.TextField()
    cycle = models.TextField()
    stored = models.TextField(default="", blank=True)
    lead = models.BooleanField(default=False)
    published = models.DateField(null=True, blank=True)
    secret = models.TextField()
    retention_days = models.IntegerField(null=True, blank=True)
    basis = models.TextField(default="", blank=True)
    related = models.TextField(default="", blank=True)


class DatasetItem(Version):
    """信息项: one column of a data set; `code` is "dataset/item"."""

    dataset = models.TextField()
    item = models.TextField()
    name = models.TextField()
    element = models.TextField(default="", blank=True)
    type = models.TextField()
    key = models.BooleanField(default=False)
    share = models.TextField()
    condition = models.TextField(default="", blank=True)
    clause = models.TextField(default="", blank=True)
    open = models.BooleanField(default=False)
    grade = models.TextField(default="", blank=True)
    basis = models.TextField(default="", blank=True)

    class Meta(Version.Meta):
        indexes: ClassVar[list[models.Index]] = [
            *Version.Meta.indexes,
            models.Index(fields=["dataset"], name="dataset_item_dataset"),
        ]
