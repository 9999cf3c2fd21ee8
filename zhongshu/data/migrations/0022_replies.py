"""答复评分: a city's rows of the rubric, and how each reply scored when it was sent."""

from __future__ import annotations

from django.db import migrations, models

from zhongshu.data.protection import protect


def _code(length: int = 32) -> models.CharField[str, str]:
    return models.CharField(max_length=length, default="", db_collation="C")


def _version(name: str, index: str, *fields: tuple[str, models.Field]) -> migrations.CreateModel:
    return migrations.CreateModel(
        name,
        [
            ("id", models.BigAutoField(primary_key=True, serialize=False)),
            ("code", models.TextField()),
            ("valid_from", models.DateTimeField()),
            ("valid_to", models.DateTimeField(blank=True, null=True)),
            ("digest", models.CharField(max_length=32)),
            *fields,
        ],
        {
            "abstract": False,
            "indexes": [models.Index(fields=["code", "valid_from"], name=index)],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("valid_to__isnull", True)),
                    fields=("code",),
                    name=f"data_{name.lower()}_one_in_force",
                )
            ],
        },
    )


class Migration(migrations.Migration):
    dependencies = [("data", "0020_models")]
    operations = [
        _version(
            "ReplyCriterion",
            "data_replyc_code_4f4b18_idx",
            ("zh", models.TextField()),
            ("en", models.TextField()),
            ("figure", models.FloatField()),
            ("meaning_zh", models.TextField(blank=True, default="")),
            ("meaning_en", models.TextField(blank=True, default="")),
            ("holds", models.BooleanField(default=False)),
        ),
        _version(
            "ReplyWord",
            "data_replyw_code_6647ad_idx",
            ("criterion", models.TextField()),
            ("part", models.TextField()),
            ("points", models.FloatField()),
            ("pattern", models.TextField()),
            ("zh", models.TextField()),
            ("en", models.TextField()),
        ),
        migrations.CreateModel(
            "Reply",
            [
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("case", models.BigIntegerField()),
                ("place", _code()),
                ("unit", _code(64)),
                ("at", models.DateTimeField()),
                ("total", models.FloatField()),
                ("flag", _code(16)),
                ("held", models.BooleanField()),
            ],
            {
                "db_table": "reply",
                "indexes": [
                    models.Index(
                        fields=["at"], include=("place", "unit", "flag", "held", "total"), name="reply_at"
                    ),
                    models.Index(condition=~models.Q(flag=""), fields=["-id"], name="reply_flagged"),
                    models.Index(fields=["unit", "-id"], name="reply_unit"),
                ],
            },
        ),
        protect("reply"),
    ]
