"""网站配置 Django's settings of the screens: applications, middleware, log-in, safety headers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zhongshu.kernel.settings import Settings

HERE = Path(__file__).parent
DIRECTIVES = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "media-src": ["'self'", "blob:"],
    "connect-src": ["'self'"],
    "worker-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}
"""Content security policy of every page: nothing from another host, nothing inline. The map's style sheet holds data:
pictures, a photo being chosen and a voice note just spoken are a blob:."""


def configuration(settings: Settings, secret: str) -> dict[str, Any]:
    """Everything but the databases."""
    return {
        "SECRET_KEY": secret,
        "DEBUG": settings.debug == "1",
        "ALLOWED_HOSTS": settings.allowed_hosts.split(","),
        "ZHONGSHU_DEMO": settings.demo == "1",
        "ZHONGSHU_LAKE": settings,
        "ROOT_URLCONF": "zhongshu.screen.urls",
        # Ours come first, so that our log-in page is found before the library's.
        "INSTALLED_APPS": [
            "zhongshu.data",
            "zhongshu.screen",
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "allauth",
            "allauth.account",
            "allauth.mfa",
            "axes",
            "csp",
        ],
        **_pages(),
        "USE_TZ": True,
        "TIME_ZONE": "Asia/Shanghai",
        "LANGUAGE_CODE": settings.language,
        "LANGUAGES": [("zh-hans", "简体中文"), ("en", "English")],
        "LOCALE_PATHS": [HERE / "locale"],
        "STATIC_URL": "/static/",
        "STATIC_ROOT": None,
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_AUTOREFRESH": False,
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        **_login(),
        **_safety(),
    }


def _pages() -> dict[str, Any]:
    return {
        "MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware",
            "zhongshu.screen.middleware.StaticMiddleware",
            "csp.middleware.CSPMiddleware",
            "zhongshu.screen.middleware.DraftMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
            "allauth.account.middleware.AccountMiddleware",
            "zhongshu.screen.middleware.ViewerMiddleware",
            "zhongshu.screen.middleware.ErrorMiddleware",
            "axes.middleware.AxesMiddleware",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.template.context_processors.i18n",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                        "zhongshu.screen.frame.frame",
                    ]
                },
            }
        ],
    }


def _login() -> dict[str, Any]:
    return {
        "AUTHENTICATION_BACKENDS": [
            "axes.backends.AxesStandaloneBackend",
            "django.contrib.auth.backends.ModelBackend",
            "allauth.account.auth_backends.AuthenticationBackend",
        ],
        "LOGIN_URL": "/accounts/login/",
        "LOGIN_REDIRECT_URL": "/",
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*", "password2*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_ADAPTER": "zhongshu.screen.account.ClosedAdapter",
        "ACCOUNT_LOGOUT_REDIRECT_URL": "/",
        # A whole office signs in from one address in the morning; wrong passwords are counted per account below.
        # Looking for a matter near by is a help, not a right: whoever asks too often only gets no help.
        "ACCOUNT_RATE_LIMITS": {
            "login": "600/m/ip",
            "alike": "30/m/ip,300/h/ip",
            "community": "20/m/key",
            "looked": "20/m/ip",
        },
        "AXES_FAILURE_LIMIT": 8,
        "AXES_COOLOFF_TIME": 0.25,
        "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
    }


def _safety() -> dict[str, Any]:
    return {
        "CSRF_FAILURE_VIEW": "zhongshu.screen.pages.account.csrf_failed",
        "X_FRAME_OPTIONS": "DENY",
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 64 * 1024 * 1024,
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": DIRECTIVES},
    }
