"""找源头: searches for causes and what they found; candidate causes and their places as projections."""

from __future__ import annotations

from django.db import migrations, models

from zhongshu.data.protection import protect

_SQL = """
ALTER TABLE cause ENABLE ROW LEVEL SECURITY;
CREATE POLICY road ON cause TO zhongshu_road USING (true) WITH CHECK (true);
CREATE POLICY viewer ON cause FOR SELECT TO zhongshu_app USING (
  (place >= (SELECT current_setting('zhongshu.lo', true)) AND place < (SELECT current_setting('zhongshu.hi', true)))
  OR finding IN (SELECT c.finding FROM cause_cluster c
    WHERE c.place >= (SELECT current_setting('zhongshu.lo', true))
      AND c.place < (SELECT current_setting('zhongshu.hi', true))));
GRANT SELECT ON cause, cause_run, cause_link TO zhongshu_app;
GRANT INSERT, UPDATE, DELETE, SELECT, TRUNCATE ON cause TO zhongshu_road;
GRANT INSERT, SELECT, DELETE ON cause_run, cause_link TO zhongshu_road;
GRANT USAGE ON SEQUENCE cause_link_id_seq, cause_alarm_id_seq TO zhongshu_road;
"""
"""A cause is seen by its district and by whoever holds one of its places; searches and links name no place."""


class Migration(migrations.Migration):
    dependencies = [("data", "0023_hot")]
    operations = [
        migrations.CreateModel(
            name="CauseRun",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("start", models.DateTimeField()),
                ("end", models.DateTimeField()),
                ("parameters", models.JSONField(default=dict)),
                ("versions", models.JSONField(default=dict)),
                ("counts", models.JSONField(default=dict)),
                ("seconds", models.FloatField()),
                ("peak_mb", models.FloatField()),
            ],
            options={
                "db_table": "cause_run",
            },
        ),
        migrations.CreateModel(
            name="Cause",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("number", models.CharField(db_collation="C", default="", max_length=32)),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("first", models.CharField(db_collation="C", default="", max_length=32)),
                ("second", models.CharField(db_collation="C", default="", max_length=32)),
                ("distance", models.FloatField()),
                ("lag", models.IntegerField()),
                ("strength", models.FloatField()),
                ("p", models.FloatField()),
                ("q", models.FloatField()),
                ("state", models.CharField(db_collation="C", default="", max_length=16)),
                ("found_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("run", models.BigIntegerField()),
                ("finding", models.BigIntegerField()),
                ("clusters", models.IntegerField()),
                ("cases", models.IntegerField()),
                ("reason", models.TextField(default="")),
                ("decided_at", models.DateTimeField(null=True)),
                ("matter", models.CharField(db_collation="C", default="", max_length=16)),
                ("task", models.BigIntegerField(default=0)),
                ("tasked_at", models.DateTimeField(null=True)),
                ("tasked_by", models.BigIntegerField(default=0)),
                ("treated_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "cause",
                "indexes": [
                    models.Index(fields=["place", "-id"], name="cause_place"),
                    models.Index(condition=models.Q(("state", "tasked")), fields=["task"], name="cause_task"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CauseAlarm",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("run", models.BigIntegerField()),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("category", models.CharField(db_collation="C", default="", max_length=32)),
                ("lon", models.FloatField()),
                ("lat", models.FloatField()),
                ("metres", models.FloatField()),
                ("days", models.IntegerField()),
                ("observed", models.IntegerField()),
                ("expected", models.FloatField()),
                ("p", models.FloatField()),
                ("cases", models.JSONField(default=list)),
            ],
            options={
                "db_table": "cause_alarm",
                "indexes": [models.Index(fields=["run"], name="cause_alarm_run")],
            },
        ),
        migrations.CreateModel(
            name="CauseCluster",
            fields=[
                ("id", models.CharField(db_collation="C", max_length=64, primary_key=True, serialize=False)),
                ("cause", models.BigIntegerField()),
                ("finding", models.BigIntegerField()),
                ("place", models.CharField(db_collation="C", default="", max_length=32)),
                ("lon", models.FloatField()),
                ("lat", models.FloatField()),
                ("began", models.DateTimeField()),
                ("ended", models.DateTimeField()),
                ("pairs", models.IntegerField()),
                ("cases", models.JSONField(default=list)),
            ],
            options={
                "db_table": "cause_cluster",
                "indexes": [
                    models.Index(fields=["cause"], name="cause_cluster_cause"),
                    models.Index(fields=["place"], name="cause_cluster_place"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CauseLink",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("run", models.BigIntegerField()),
                ("first", models.CharField(db_collation="C", default="", max_length=32)),
                ("second", models.CharField(db_collation="C", default="", max_length=32)),
                ("distance", models.FloatField()),
                ("lag", models.IntegerField()),
                ("pairs", models.IntegerField()),
                ("expected", models.FloatField()),
                ("strength", models.FloatField()),
                ("p", models.FloatField()),
                ("q", models.FloatField()),
                ("beaten", models.IntegerField()),
                ("participation", models.FloatField()),
                ("median_distance", models.FloatField()),
                ("median_lag", models.FloatField()),
            ],
            options={
                "db_table": "cause_link",
                "indexes": [models.Index(fields=["run"], name="cause_link_run")],
            },
        ),
        protect("cause_cluster", "cause_alarm"),
        migrations.RunSQL(_SQL, migrations.RunSQL.noop),
    ]
