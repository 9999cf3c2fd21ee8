"""城市生命体征: what counts each sign, its limits, its numbers now and before, and its alarms."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models

from zhongshu.data.protection import protect

_SQL = """
GRANT SELECT ON data_signlimit TO zhongshu_app, zhongshu_road;
"""


def _code(length: int = 32) -> models.CharField[str, str]:
    return models.CharField(max_length=length, default="", db_collation="C")


class Migration(migrations.Migration):
    dependencies = [("data", "0035_desks")]
    operations = [
        migrations.RemoveField("indicator", "amber"),
        migrations.RemoveField("indicator", "red"),
        migrations.RemoveField("indicator", "basis"),
        migrations.AddField("indicator", "no", models.IntegerField(db_default=0)),
        migrations.AddField("indicator", "measure", models.TextField(blank=True, db_default="")),
        migrations.AddField("indicator", "classes", models.TextField(blank=True, db_default="")),
        migrations.AddField("indicator", "standin", models.BooleanField(db_default=False)),
        migrations.AddIndex("report", BrinIndex(fields=["at"], name="report_at")),
        migrations.AddIndex("callback", BrinIndex(fields=["at"], name="call_back_at")),
        migrations.CreateModel(
            "SignLimit",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(max_length=32)),
                ("indicator", models.TextField()),
                ("direction", models.TextField()),
                ("how", models.TextField()),
                ("amber", models.FloatField(blank=True, null=True)),
                ("red", models.FloatField(blank=True, null=True)),
                ("hysteresis", models.FloatField()),
                ("minutes", models.IntegerField()),
                ("category", models.TextField(blank=True, default="")),
                ("basis", models.TextField()),
                ("basis_text", models.TextField()),
                ("author", models.TextField()),
                ("since", models.DateField()),
            ],
            {
                "abstract": False,
                "indexes": [models.Index(fields=["code", "valid_from"], name="data_signli_code_9cf53a_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(valid_to__isnull=True), fields=("code",),
                        name="data_signlimit_one_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            "SignNow",
            [
                ("pk", models.CompositePrimaryKey("sign", "place", blank=True, editable=False, primary_key=True,
                                                  serialize=False)),
                ("sign", _code()),
                ("place", _code()),
                ("at", models.DateTimeField()),
                ("fresh_at", models.DateTimeField(null=True)),
                ("value", models.FloatField(null=True)),
                ("a", models.FloatField(default=0)),
                ("b", models.FloatField(default=0)),
                ("rows", models.BigIntegerField(default=0)),
                ("colour", _code(8)),
                ("since", models.DateTimeField(null=True)),
                ("next", _code(8)),
                ("next_since", models.DateTimeField(null=True)),
                ("amber", models.FloatField(null=True)),
                ("red", models.FloatField(null=True)),
            ],
            {"db_table": "sign_now"},
        ),
        migrations.CreateModel(
            "SignReading",
            [
                ("pk", models.CompositePrimaryKey("sign", "place", "at", blank=True, editable=False, primary_key=True,
                                                  serialize=False)),
                ("sign", _code()),
                ("place", _code()),
                ("at", models.DateTimeField()),
                ("value", models.FloatField(null=True)),
            ],
            {"db_table": "sign_reading", "indexes": [models.Index(fields=["at"], name="sign_reading_at")]},
        ),
        migrations.CreateModel(
            "SignAlarm",
            [
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sign", _code()),
                ("place", _code()),
                ("at", models.DateTimeField()),
                ("value", models.FloatField()),
                ("limit", models.FloatField()),
                ("category", _code()),
                ("state", _code(16)),
                ("eased_at", models.DateTimeField(null=True)),
                ("case", models.BigIntegerField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", models.BigIntegerField(default=0)),
                ("reason", models.TextField(default="")),
            ],
            {
                "db_table": "sign_alarm",
                "indexes": [
                    models.Index(fields=["sign", "place"], name="sign_alarm_on", condition=models.Q(eased_at=None)),
                    models.Index(fields=["-id"], name="sign_alarm_open", condition=models.Q(state="open")),
                ],
            },
        ),
        protect("sign_now", "sign_reading", "sign_alarm"),
        migrations.RunSQL(_SQL, migrations.RunSQL.noop),
    ]
