"""代班 the duty rota: who stands in for a post from when to when, and who approved it."""

from __future__ import annotations

from django.db import models

from zhongshu.data.models.road import code_field


class Rota(models.Model):
    """代班: this user may act in this post meanwhile. A row is never removed: one that is called off has `ended_at`."""

    id = models.BigAutoField(primary_key=True)
    post = code_field(64)
    place = code_field()
    user = models.BigIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.TextField(default="")
    approved_by = models.BigIntegerField()
    approved_post = code_field(64)
    approved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(default=0)

    class Meta:
        db_table = "rota"
        indexes = [
            models.Index(fields=["user", "ends_at"], name="rota_user"),
            models.Index(fields=["place", "-ends_at"], name="rota_place"),
        ]
