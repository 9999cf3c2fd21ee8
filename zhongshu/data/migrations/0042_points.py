"""志愿与积分: rules of points, volunteer tasks, enrolments, neighbours' looks, lines of points; a mark of the household."""

from __future__ import annotations

from django.db import migrations, models

from zhongshu.data.protection import protect


def _code(length: int = 32) -> models.CharField[str, str]:
    return models.CharField(max_length=length, default="", db_collation="C")


def _whole() -> models.BigIntegerField[int, int]:
    return models.BigIntegerField(default=0)


_ID = ("id", models.BigIntegerField(primary_key=True, serialize=False))
_KEY = ("id", models.CharField(db_collation="C", max_length=64, primary_key=True, serialize=False))
_TOLD = ("basis_text_en", "law", "law_en", "author_en")


class Migration(migrations.Migration):
    dependencies = [("data", "0041_english_items")]
    operations = [
        migrations.CreateModel(
            "PointRule",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(max_length=32)),
                ("name", models.TextField()),
                ("name_en", models.TextField(blank=True, default="")),
                ("sort_key", models.TextField(blank=True, default="")),
                ("act", models.TextField()),
                ("points", models.IntegerField()),
                ("month_ceiling", models.IntegerField()),
                ("per_day", models.IntegerField()),
                ("basis", models.TextField()),
                ("basis_text", models.TextField()),
                ("author", models.TextField()),
                ("since", models.DateField()),
                *((name, models.TextField(blank=True, default="")) for name in _TOLD),
            ],
            {
                "abstract": False,
                "indexes": [models.Index(fields=["code", "valid_from"], name="data_pointr_code_b4e9b2_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("code",),
                        name="data_pointrule_one_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            "CommunityTask",
            [
                _ID,
                ("place", _code()),
                ("rule", _code()),
                ("title", models.TextField()),
                ("text", models.TextField(default="")),
                ("spot", models.TextField(default="")),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("wanted", models.IntegerField()),
                ("enrolled", models.IntegerField(default=0)),
                ("by", models.BigIntegerField()),
                ("unit", _code(64)),
                ("at", models.DateTimeField()),
                ("state", _code(16)),
                ("reason", models.TextField(default="")),
            ],
            {
                "db_table": "community_task",
                "indexes": [models.Index(fields=["place", "-begins_at"], name="community_task_place")],
            },
        ),
        migrations.CreateModel(
            "CommunityVolunteer",
            [
                _KEY,
                ("task", models.BigIntegerField()),
                ("member", models.BigIntegerField()),
                ("place", _code()),
                ("state", _code(16)),
                ("hours", models.FloatField(default=0)),
                ("at", models.DateTimeField()),
                ("confirmed_by", _whole()),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
            {
                "db_table": "community_volunteer",
                "indexes": [models.Index(fields=["task"], name="community_volunteer_task")],
            },
        ),
        migrations.CreateModel(
            "CommunityLook",
            [
                _KEY,
                ("topic", models.BigIntegerField()),
                ("member", models.BigIntegerField()),
                ("place", _code()),
                ("done", models.BooleanField()),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("state", _code(16)),
                ("reason", models.TextField(default="")),
                ("settled_by", _whole()),
            ],
            {
                "db_table": "community_look",
                "indexes": [models.Index(fields=["topic"], name="community_look_topic")],
            },
        ),
        migrations.CreateModel(
            "CommunityPoint",
            [
                _ID,
                ("place", _code()),
                ("member", models.BigIntegerField()),
                ("entry", _code(16)),
                ("rule", _code()),
                ("version", _code(40)),
                ("act", _code(16)),
                ("source", _whole()),
                ("cause", _whole()),
                ("day", _code(10)),
                ("amount", models.FloatField(default=1)),
                ("worth", models.IntegerField(default=0)),
                ("points", models.IntegerField()),
                ("why", _code(16)),
                ("line", _whole()),
                ("at", models.DateTimeField()),
                ("by", _whole()),
                ("text", models.TextField(default="")),
                ("ground", _code(16)),
                ("state", _code(16)),
                ("reason", models.TextField(default="")),
                ("hidden_by", _whole()),
            ],
            {
                "db_table": "community_point",
                "indexes": [
                    models.Index(fields=["member", "-id"], name="community_point_member"),
                    models.Index(fields=["place", "-id"], name="community_point_place"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["act", "source", "member"],
                        name="community_point_once",
                        condition=models.Q(entry="earned"),
                    )
                ],
            },
        ),
        migrations.AddField(
            "CommunityMark",
            "household",
            models.CharField(max_length=64, default="", db_default="", db_collation="C"),
        ),
        migrations.AddIndex(
            "CommunityMark", models.Index(fields=["place", "household"], name="community_mark_household")
        ),
        protect("community_task", "community_volunteer", "community_look", "community_point"),
        migrations.RunSQL("GRANT SELECT ON data_pointrule TO zhongshu_app, zhongshu_road", migrations.RunSQL.noop),
    ]
