"""Django settings for the type checker's plug-in only; the hub itself configures Django in zhongshu/app.py."""

INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "zhongshu.data", "zhongshu.screen"]
SECRET_KEY = "types only"  # noqa: S105
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
