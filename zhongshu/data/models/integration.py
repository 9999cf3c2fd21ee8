"""接入方 integrations: systems that send reports or readings with a token instead of a person's log-in."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhongshu.data.models.road import code_field


class Integration(models.Model):
    """接入方: only the SHA-256 of its token is kept, so a dump of the database opens no door.

    `place` is the division whose cases it may read, "" for none; a `trusted` one may say when a report was made, what
    its category is, where it comes from, and whether it may be merged.
    """

    name = models.CharField(max_length=64, primary_key=True)
    digest = code_field(64)
    channels = ArrayField(code_field(), default=list)
    place = code_field()
    trusted = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "integration"
        constraints = [models.UniqueConstraint(fields=["digest"], name="integration_digest")]
