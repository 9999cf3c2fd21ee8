"""工作台: who claimed a case within its team, the lists of supervised and nearly overdue cases, the duty rota."""

from __future__ import annotations

from django.db import migrations, models

_ROTA = """
GRANT SELECT ON rota TO zhongshu_app;
GRANT SELECT, INSERT, UPDATE ON rota TO zhongshu_road;
GRANT USAGE ON SEQUENCE rota_id_seq TO zhongshu_road;
"""
"""Like the posts themselves, the rota is no secret of a place: whoever signs in asks it for the own posts."""


def _code(length: int = 32) -> models.CharField[str, str]:
    return models.CharField(max_length=length, default="", db_collation="C")


class Migration(migrations.Migration):
    dependencies = [("data", "0015_figures")]
    operations = [
        migrations.AddField("case", "claimed", models.BigIntegerField(db_default=0)),
        migrations.AddIndex(
            "clock",
            models.Index(
                fields=["case"],
                name="clock_supervise",
                include=["place"],
                condition=models.Q(stopped_at=None, name="supervise"),
            ),
        ),
        migrations.AddIndex(
            "clock",
            models.Index(
                fields=["case"],
                name="clock_nearly",
                include=["place"],
                condition=models.Q(stopped_at=None, nearly=True, overdue=False),
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["escalated", "-id"],
                name="case_escalated",
                include=["place"],
                condition=models.Q(closed_at=None, escalated__gt=0),
            ),
        ),
        migrations.CreateModel(
            "Rota",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("post", _code(64)),
                ("place", _code()),
                ("user", models.BigIntegerField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reason", models.TextField(default="")),
                ("approved_by", models.BigIntegerField()),
                ("approved_post", _code(64)),
                ("approved_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.BigIntegerField(default=0)),
            ],
            {
                "db_table": "rota",
                "indexes": [
                    models.Index(fields=["user", "ends_at"], name="rota_user"),
                    models.Index(fields=["place", "-ends_at"], name="rota_place"),
                ],
            },
        ),
        migrations.RunSQL(_ROTA, migrations.RunSQL.noop),
    ]
