"""模型登记的表 the register of models: versions, where each is deployed, comparisons, and how it does. Projections."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from zhongshu.data.models.road import code_field


class ModelVersion(models.Model):
    """模型版本. Key: the fact that entered it. `approvals` each {by, post, name, lo, hi, at, reason}; `lo`, `hi` the
    range of division codes that it was approved for."""

    id = models.BigIntegerField(primary_key=True)
    name = code_field()
    version = code_field(64)
    checksum = code_field(64)
    card: models.JSONField[Any, Any] = models.JSONField(default=dict)
    state = code_field(16)
    trained_by = models.BigIntegerField(default=0)
    published_at = models.DateTimeField()
    approvals: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        db_table = "model_version"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name", "version"], name="model_version_once")
        ]


class ModelDeployment(models.Model):
    """部署: which version judges at a place, from when to when. Key: the fact that did so; `how` set_up | deployed |
    rolled_back; `before` the deployment of the same place that it replaced."""

    id = models.BigIntegerField(primary_key=True)
    model = models.BigIntegerField()
    name = code_field()
    version = code_field(64)
    place = code_field()
    lo = code_field()
    hi = code_field()
    how = code_field(16)
    by = models.BigIntegerField(default=0)
    post = code_field(64)
    reason = models.TextField(default="")
    before = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "model_deployment"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["name", "place"], name="model_deployment_place")]


class ModelComparison(models.Model):
    """比对: champion and challenger on the same held-back cases; `figures` holds no text, only numbers of cases."""

    id = models.BigIntegerField(primary_key=True)
    champion = models.BigIntegerField()
    challenger = models.BigIntegerField()
    by = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    figures: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        db_table = "model_comparison"


class ModelWatch(models.Model):
    """监测: how a deployed version does; `alarms` each {code, value, limit}."""

    id = models.BigIntegerField(primary_key=True)
    model = models.BigIntegerField()
    deployment = models.BigIntegerField()
    lo = code_field()
    hi = code_field()
    at = models.DateTimeField()
    figures: models.JSONField[Any, Any] = models.JSONField(default=dict)
    alarms: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        db_table = "model_watch"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["deployment", "-id"], name="model_watch_of")]
