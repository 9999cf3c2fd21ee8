"""热点: issues and their voices, what people did about them; and how the judgements of a day are found."""

from __future__ import annotations

from django.db import migrations, models

from zhongshu.data.protection import protect

_SEEN = """
ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;
CREATE POLICY road ON "{table}" TO zhongshu_road USING (true) WITH CHECK (true);
CREATE POLICY viewer ON "{table}" FOR SELECT TO zhongshu_app USING (
  (place >= (SELECT current_setting('zhongshu.lo', true)) AND place < (SELECT current_setting('zhongshu.hi', true)))
  OR id IN (SELECT v.issue FROM issue_voice v
    WHERE v.place >= (SELECT current_setting('zhongshu.lo', true))
      AND v.place < (SELECT current_setting('zhongshu.hi', true))));
GRANT SELECT ON "{table}" TO zhongshu_app;
GRANT INSERT, UPDATE, DELETE, SELECT, TRUNCATE ON "{table}" TO zhongshu_road;
"""


def _seen_in_part(table: str) -> migrations.RunSQL:
    """Seen by place, and by whoever holds the place of one of its voices."""
    return migrations.RunSQL(_SEEN.format(table=table), migrations.RunSQL.noop)


def _code(length: int = 32) -> models.CharField[str, str]:
    return models.CharField(max_length=length, default="", db_collation="C")


def _plain(length: int = 32) -> models.CharField[str, str]:
    return models.CharField(max_length=length, db_default="", db_collation="C")


class Migration(migrations.Migration):
    dependencies = [("data", "0022_replies")]
    operations = [
        migrations.CreateModel(
            "Issue",
            [
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("number", _code()),
                ("place", _code()),
                ("title", models.TextField()),
                ("typical", models.BigIntegerField()),
                ("phrases", models.JSONField(default=list)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("cases", models.IntegerField()),
                ("reports", models.IntegerField()),
                ("people", models.IntegerField()),
                ("heat", models.FloatField()),
                ("parts", models.JSONField(default=dict)),
                ("trend", _code(16)),
                ("peak", models.FloatField()),
                ("peak_at", models.DateTimeField()),
                ("days", models.JSONField(default=list)),
                ("places", models.JSONField(default=dict)),
                ("classes", models.JSONField(default=dict)),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("state", _code(16)),
                ("merged_into", models.BigIntegerField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField()),
            ],
            {
                "db_table": "issue",
                "indexes": [
                    models.Index(fields=["state", "-heat"], name="issue_heat"),
                    models.Index(fields=["place", "-id"], name="issue_place"),
                ],
            },
        ),
        migrations.CreateModel(
            "IssueVoice",
            [
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("issue", models.BigIntegerField()),
                ("case", models.BigIntegerField()),
                ("place", _code()),
                ("at", models.DateTimeField()),
                ("reporter", models.BigIntegerField(default=0)),
            ],
            {
                "db_table": "issue_voice",
                "indexes": [
                    models.Index(fields=["issue", "-case"], name="issue_voice_issue", include=["place"]),
                    models.Index(fields=["place"], name="issue_voice_place", include=["issue"]),
                ],
            },
        ),
        migrations.CreateModel(
            "IssueTurn",
            [
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("place", _plain()),
                ("number", _plain()),
                ("title", models.TextField(db_default="")),
                ("hot_at", models.DateTimeField(null=True)),
                ("cooled_at", models.DateTimeField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                ("taken_by", _plain(64)),
                ("matter", _plain(16)),
                ("matter_id", models.BigIntegerField(null=True)),
                ("known_at", models.DateTimeField(null=True)),
                ("known_by", _plain(64)),
                ("known_reason", models.TextField(db_default="")),
                ("topic", _plain()),
                ("silenced_at", models.DateTimeField(null=True)),
                ("silenced_by", _plain(64)),
                ("silenced_reason", models.TextField(db_default="")),
                ("silenced_until", models.DateField(null=True)),
            ],
            {"db_table": "issue_turn"},
        ),
        migrations.CreateModel(
            "IssueLook",
            [
                ("id", models.CharField(db_collation="C", max_length=32, primary_key=True, serialize=False)),
                ("place", _code()),
                ("looked_at", models.DateTimeField()),
                ("cases", models.IntegerField()),
                ("left_out", models.IntegerField(default=0)),
                ("seconds", models.FloatField(default=0)),
            ],
            {"db_table": "issue_look"},
        ),
        migrations.CreateModel(
            "Judgement",
            [
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("case", models.BigIntegerField()),
                ("place", _code()),
                ("at", models.DateTimeField()),
                ("outcome", _code(16)),
                ("category", _code()),
                ("confidence", models.FloatField(default=0)),
                ("model", _code(64)),
                ("located", _code(16)),
                ("urgency", models.SmallIntegerField(default=0)),
                ("score", models.FloatField(null=True)),
                ("other", models.BigIntegerField(null=True)),
                ("settled", _code(16)),
                ("split", models.BooleanField(default=False)),
                ("person", _code()),
                ("person_post", _code(64)),
                ("person_at", models.DateTimeField(null=True)),
            ],
            {
                "db_table": "judgement",
                "indexes": [models.Index(fields=["-at", "-id"], name="judgement_at")],
            },
        ),
        protect("issue_voice", "issue_look", "judgement"),
        _seen_in_part("issue"),
        _seen_in_part("issue_turn"),
    ]
