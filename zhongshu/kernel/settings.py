"""设置 settings, all from the environment; every one is described here and listed in docs/settings.md."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path


def _setting(default: str, zh: str, en: str) -> str:
    return field(default=default, metadata={"zh": zh, "en": en})


@dataclass(frozen=True, slots=True)
class Settings:
    """One field is one environment variable: `home` is ZHONGSHU_HOME; `database_url` alone is plain DATABASE_URL."""

    home: str = _setting(
        "var", "运行数据目录：数据库、密钥、模型", "folder of the running hub: database, secrets, models"
    )
    database_url: str = _setting(
        "", "自备 PostgreSQL 的地址；空则用内嵌数据库", "your own PostgreSQL; empty: the embedded one"
    )
    postgres_binaries: str = _setting(
        "",
        "内嵌数据库程序（initdb、postgres 等）所在目录；空则用随包安装的",
        "folder of the embedded database's programs (initdb, postgres ...); empty: those installed with us",
    )
    app_database_url: str = _setting(
        "",
        "可选：屏幕所用低权限登录的地址",
        "optional: a log-in that is only a member of zhongshu_app, for the screens",
    )
    host: str = _setting("127.0.0.1", "监听地址", "address to listen on")
    port: str = _setting("8000", "监听端口", "port to listen on")
    debug: str = _setting("0", "1 为调试模式，切勿用于生产", "1 shows tracebacks in the browser; never in production")
    allowed_hosts: str = _setting(
        "127.0.0.1,localhost,[::1]", "允许的主机名，逗号分隔", "host names served, separated by commas"
    )
    demo: str = _setting(
        "0",
        "1 时登录页列出示范账号（zhongshu demo 自动设置）",
        "1 lists the demo accounts on the log-in page; zhongshu demo sets it",
    )
    language: str = _setting("zh-hans", "默认界面语言", "default language of the screens: zh-hans or en")
    real_data: str = _setting(
        "../shared/data", "真实数据目录（测试与实测用）", "folder of real data for tests and benchmarks"
    )

    lake: str = _setting(
        "", "数据湖所在目录；空则为运行数据目录下的 lake", "folder of the lake; empty: lake in the hub's folder"
    )
    lake_hot_days: str = _setting(
        "7",
        "热窗口：最近多少天的感知观测留在数据库，更早的入湖（至少 1）",
        "hot window: days of observations kept in the database; older ones move to the lake (at least 1)",
    )
    lake_keep_days: str = _setting(
        "",
        "观测原始记录保存多少天，到期销毁并留证；空则依数据目录的保存期，0 为不销毁",
        "days that single observations are kept, then provably deleted; empty: as the catalogue says, 0: for good",
    )
    lake_spark: str = _setting(
        "",
        "可选：用 Spark 集群查询数据湖，如 spark://主机:7077；空则用内嵌 DuckDB",
        "optional: a Spark cluster that answers for the lake, as spark://host:7077; empty: DuckDB inside",
    )

    assistant_url: str = _setting(
        "",
        "可选：起草摘要的助手（兼容 OpenAI 接口）地址，如 http://主机/v1；空则没有此功能",
        "optional: an OpenAI-compatible endpoint that drafts summaries, as http://host/v1; empty: no such thing",
    )
    assistant_model: str = _setting("", "起草助手所用模型名", "name of the assistant's model")
    assistant_key: str = field(
        default="",
        repr=False,
        metadata={"zh": "起草助手的密钥，只从环境读取", "en": "key of the assistant's endpoint, read from here only"},
    )

    @property
    def home_path(self) -> Path:
        return Path(self.home).expanduser().resolve()


def variable(name: str) -> str:
    """The environment variable of a field of Settings."""
    return "DATABASE_URL" if name == "database_url" else f"ZHONGSHU_{name.upper()}"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; an empty variable counts as not set."""
    source = os.environ if environ is None else environ
    given = {f.name: source[variable(f.name)] for f in fields(Settings) if source.get(variable(f.name))}
    return Settings(**given)
