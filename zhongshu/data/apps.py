"""The Django application of the central base database."""

from __future__ import annotations

from django.apps import AppConfig


class DataConfig(AppConfig):
    name = "zhongshu.data"
    label = "data"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "一个平台"
