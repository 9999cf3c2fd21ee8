"""The Django application of the screens: templates, static files, translations."""

from __future__ import annotations

from django.apps import AppConfig


class ScreenConfig(AppConfig):
    name = "zhongshu.screen"
    label = "screen"
    verbose_name = "一套可视化"
