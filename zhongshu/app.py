"""总装 the only file that knows everyone: settings -> database -> hub -> screen; the command line."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import django
from django.conf import settings as django_settings

from zhongshu.data import databases
from zhongshu.kernel.settings import Settings, load

PACKAGE = Path(__file__).parent


def secret(home: Path) -> str:
    """The signing key of this installation, made once and kept readable by its owner only."""
    path = home / "secret"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def django_configuration(settings: Settings, url: str, pool: int) -> dict[str, Any]:
    """Django's settings, computed from ours; there is no settings module."""
    return {
        "SECRET_KEY": secret(settings.home_path),
        "DEBUG": settings.debug == "1",
        "ALLOWED_HOSTS": settings.allowed_hosts.split(","),
        "DATABASES": databases.aliases(url, settings.app_database_url, pool),
        "INSTALLED_APPS": ["django.contrib.contenttypes", "django.contrib.auth", "zhongshu.data"],
        "USE_TZ": True,
        "TIME_ZONE": "Asia/Shanghai",
        "LANGUAGE_CODE": settings.language,
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    }


def configure(url: str, settings: Settings | None = None, pool: int = 0) -> None:
    """Set Django up on the database at `url`; a second call in the same process changes nothing."""
    if not django_settings.configured:
        django_settings.configure(**django_configuration(settings or load(), url, pool))
        django.setup()
