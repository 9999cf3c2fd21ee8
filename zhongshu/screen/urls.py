"""网址 every address of the screens and of the API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from zhongshu.screen.api import open311
from zhongshu.screen.api.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("open311/", include(open311.urls)),
]
