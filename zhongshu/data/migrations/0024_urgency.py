"""关键词规则、加急规则、天气: what words say of a class, what raises urgency, and who calls again."""

from __future__ import annotations

from django.db import migrations, models


_RIGHTS = """
GRANT SELECT ON weather TO zhongshu_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON weather TO zhongshu_road;
GRANT USAGE ON SEQUENCE weather_id_seq TO zhongshu_road;
"""


class Migration(migrations.Migration):
    dependencies = [("data", "0023_causes")]
    operations = [
        migrations.CreateModel(
            name="KeywordRule",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(max_length=32)),
                ("category", models.TextField()),
                ("words", models.TextField()),
                ("not_words", models.TextField(blank=True, default="")),
                ("weight", models.FloatField()),
                ("basis", models.TextField(blank=True, default="")),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["code", "valid_from"], name="data_keywor_code_048956_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("code",),
                        name="data_keywordrule_one_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Raise",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(max_length=32)),
                ("on", models.TextField()),
                ("what", models.TextField()),
                ("category", models.TextField()),
                ("step", models.SmallIntegerField()),
                ("reason", models.TextField()),
                ("begins", models.DateField(blank=True, null=True)),
                ("ends", models.DateField(blank=True, null=True)),
                ("basis", models.TextField(blank=True, default="")),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["code", "valid_from"], name="data_raise_code_e03e90_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("code",),
                        name="data_raise_one_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Weather",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("source", models.TextField()),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={"db_table": "weather"},
        ),
        migrations.AddField("case", "named", models.CharField(db_collation="C", db_default="", max_length=64)),
        migrations.RunSQL(_RIGHTS, migrations.RunSQL.noop),
        migrations.AddField(
            "contact", "caller", models.CharField(db_collation="C", db_default="", max_length=32)
        ),
        migrations.AddField("contact", "report", models.BigIntegerField(null=True)),
        migrations.AddIndex(
            "contact",
            models.Index(fields=["caller", "-id"], name="contact_caller", condition=~models.Q(caller="")),
        ),
        migrations.AddIndex(
            "clock",
            models.Index(
                fields=["due_at"],
                name="clock_tail",
                include=["case", "place"],
                condition=models.Q(name__in=["special", "rare"], stopped_at=None),
            ),
        ),
    ]
