"""研判记录的表 how each report was judged, and what people made of it; a projection, one narrow row for each report."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhongshu.data.models.road import code_field


class Judgement(models.Model):
    """研判: key: the report. `category` is what was judged, `person` what a person set afterwards, "" while nobody did.

    `outcome` is alone 机器自判, asked 转人工, told 来源指定 or merged 并案; `settled` what became of a proposed merge.
    """

    id = models.BigIntegerField(primary_key=True)
    case = models.BigIntegerField()
    place = code_field()
    at = models.DateTimeField()
    outcome = code_field(16)
    category = code_field()
    confidence = models.FloatField(default=0)
    model = code_field(64)
    located = code_field(16)
    urgency = models.SmallIntegerField(default=0)
    score = models.FloatField(null=True)
    other = models.BigIntegerField(null=True)
    settled = code_field(16)
    split = models.BooleanField(default=False)
    person = code_field()
    person_post = code_field(64)
    person_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "judgement"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-at", "-id"], name="judgement_at")]
