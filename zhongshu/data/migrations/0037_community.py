"""社区与一线: check-ins, the officers' roster, members of a community with their topics, replies and votes."""

from __future__ import annotations

from django.db import migrations, models

from zhongshu.data.protection import protect


def _code(length: int = 32) -> models.CharField[str, str]:
    return models.CharField(max_length=length, default="", db_collation="C")


def _whole() -> models.BigIntegerField[int, int]:
    return models.BigIntegerField(default=0)


_ID = ("id", models.BigIntegerField(primary_key=True, serialize=False))
_SAID = (
    ("place", _code()),
    ("member", _whole()),
    ("by", _whole()),
    ("unit", _code(64)),
    ("at", models.DateTimeField()),
    ("state", _code(16)),
    ("reason", models.TextField(default="")),
    ("hidden_by", _whole()),
)

_OWN = """
ALTER TABLE community_ballot ENABLE ROW LEVEL SECURITY;
CREATE POLICY road ON community_ballot TO zhongshu_road USING (true) WITH CHECK (true);
CREATE POLICY viewer ON community_ballot FOR SELECT TO zhongshu_app USING (
  place >= (SELECT current_setting('zhongshu.lo', true)) AND place < (SELECT current_setting('zhongshu.hi', true)));
GRANT SELECT (topic, place, option, at) ON community_ballot TO zhongshu_app;
GRANT INSERT, UPDATE, DELETE, SELECT, TRUNCATE ON community_ballot TO zhongshu_road;
GRANT INSERT, UPDATE, DELETE, SELECT ON community_mark TO zhongshu_road;
GRANT SELECT ON data_officer TO zhongshu_app, zhongshu_road;
"""
"""The screens count choices and never learn whose they are; the marks of telephones are the road's alone."""


class Migration(migrations.Migration):
    dependencies = [("data", "0036_signs")]
    operations = [
        migrations.CreateModel(
            "Officer",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(max_length=32)),
                ("name", models.TextField()),
                ("name_en", models.TextField(blank=True, default="")),
                ("sort_key", models.TextField(blank=True, default="")),
                ("unit", models.TextField()),
                ("grids", models.TextField(blank=True, default="")),
                ("kind", models.TextField()),
                ("duties", models.TextField(blank=True, default="")),
                ("started", models.DateField()),
                ("ended", models.DateField(blank=True, null=True)),
                ("substitute", models.TextField(blank=True, default="")),
                ("account", models.TextField(blank=True, default="")),
            ],
            {
                "abstract": False,
                "indexes": [models.Index(fields=["code", "valid_from"], name="data_office_code_1f9dc7_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("code",),
                        name="data_officer_one_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            "CheckIn",
            [
                _ID,
                ("place", _code()),
                ("grid", _code()),
                ("unit", _code(64)),
                ("by", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("accuracy", models.FloatField(null=True)),
                ("case", _whole()),
            ],
            {
                "db_table": "check_in",
                "indexes": [
                    models.Index(fields=["by", "-at"], name="check_in_by"),
                    models.Index(fields=["case"], name="check_in_case", condition=~models.Q(case=0)),
                ],
            },
        ),
        migrations.CreateModel(
            "HelpedReport",
            [
                _ID,
                ("place", _code()),
                ("unit", _code(64)),
                ("by", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("why", _code(16)),
            ],
            {"db_table": "helped_report", "indexes": [models.Index(fields=["at"], name="helped_report_at")]},
        ),
        migrations.CreateModel(
            "CommunityMember",
            [
                _ID,
                ("place", _code()),
                ("kind", _code(16)),
                ("name", models.TextField()),
                ("serial", models.IntegerField()),
                ("admitted_at", models.DateTimeField()),
                ("admitted_by", models.BigIntegerField()),
                ("left_at", models.DateTimeField(null=True)),
            ],
            {
                "db_table": "community_member",
                "indexes": [models.Index(fields=["place", "-id"], name="community_member_place")],
            },
        ),
        migrations.CreateModel(
            "CommunityMark",
            [
                ("member", models.BigIntegerField(primary_key=True, serialize=False)),
                ("place", _code()),
                ("digest", _code(64)),
            ],
            {
                "db_table": "community_mark",
                "constraints": [models.UniqueConstraint(fields=["place", "digest"], name="community_mark_once")],
            },
        ),
        migrations.CreateModel(
            "CommunityTopic",
            [
                _ID,
                *_SAID,
                ("kind", _code(16)),
                ("title", models.TextField()),
                ("text", models.TextField(default="")),
                ("changed_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField(null=True)),
                ("options", models.JSONField(default=list)),
                ("voters", _code(16)),
                ("replies", models.IntegerField(default=0)),
                ("report", _whole()),
                ("case", _whole()),
                ("adoption", _code(16)),
                ("adopter", _whole()),
                ("adopted_by", _whole()),
            ],
            {
                "db_table": "community_topic",
                "indexes": [models.Index(fields=["place", "-id"], name="community_topic_place")],
            },
        ),
        migrations.CreateModel(
            "CommunityReply",
            [_ID, *_SAID, ("topic", models.BigIntegerField()), ("text", models.TextField())],
            {
                "db_table": "community_reply",
                "indexes": [models.Index(fields=["topic", "id"], name="community_reply_topic")],
            },
        ),
        migrations.CreateModel(
            "CommunityBallot",
            [
                ("id", models.CharField(db_collation="C", max_length=64, primary_key=True, serialize=False)),
                ("topic", models.BigIntegerField()),
                ("place", _code()),
                ("member", models.BigIntegerField()),
                ("option", models.SmallIntegerField()),
                ("at", models.DateTimeField()),
            ],
            {
                "db_table": "community_ballot",
                "indexes": [models.Index(fields=["topic"], name="community_ballot_topic")],
            },
        ),
        protect("check_in", "helped_report", "community_member", "community_topic", "community_reply"),
        migrations.RunSQL(_OWN, migrations.RunSQL.noop),
    ]
