"""工作台: saved views, jobs of many cases, ringing telephone calls, shifts of duty desks."""

from __future__ import annotations

from django.db import migrations, models

from zhongshu.data.protection import protect

_PLAIN = ("saved_view", "bulk_job", "bulk_item", "ringing_call")
"""A person's own, asked for by that person's number: the road's alone."""
_GRANTS = "".join(
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO zhongshu_road;"
    f"GRANT USAGE ON SEQUENCE {table}_id_seq TO zhongshu_road;"
    for table in _PLAIN
)


class Migration(migrations.Migration):
    dependencies = [("data", "0034_resources_more")]
    operations = [
        migrations.CreateModel(
            name='BulkItem',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('job', models.BigIntegerField()),
                ('case', models.BigIntegerField()),
                ('state', models.CharField(db_collation='C', default='', max_length=8)),
                ('sentence', models.TextField(default='')),
                ('fact', models.BigIntegerField(default=0)),
                ('undoes', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'bulk_item',
                'indexes': [models.Index(fields=['job', 'state'], name='bulk_item_job')],
            },
        ),
        migrations.CreateModel(
            name='BulkJob',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('user', models.BigIntegerField()),
                ('post', models.CharField(db_collation='C', default='', max_length=64)),
                ('kind', models.CharField(db_collation='C', default='', max_length=40)),
                ('payload', models.JSONField(default=dict)),
                ('total', models.IntegerField()),
                ('undoes', models.BigIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'bulk_job',
                'indexes': [models.Index(fields=['user', '-id'], name='bulk_job_user'), models.Index(condition=models.Q(('undoes', 0), _negated=True), fields=['undoes'], name='bulk_job_undoes')],
            },
        ),
        migrations.CreateModel(
            name='DutyEntry',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('shift', models.BigIntegerField()),
                ('unit', models.CharField(db_collation='C', default='', max_length=64)),
                ('place', models.CharField(db_collation='C', default='', max_length=32)),
                ('by', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('text', models.TextField()),
                ('open', models.BooleanField(default=False)),
            ],
            options={
                'db_table': 'duty_entry',
                'indexes': [models.Index(fields=['shift'], name='duty_entry_shift')],
            },
        ),
        migrations.CreateModel(
            name='DutyShift',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('unit', models.CharField(db_collation='C', default='', max_length=64)),
                ('place', models.CharField(db_collation='C', default='', max_length=32)),
                ('post', models.CharField(db_collation='C', default='', max_length=64)),
                ('begun_by', models.BigIntegerField()),
                ('begun_at', models.DateTimeField()),
                ('before', models.BigIntegerField()),
                ('handed_by', models.BigIntegerField(null=True)),
                ('handed_at', models.DateTimeField(null=True)),
                ('notes', models.TextField(default='')),
                ('matters', models.JSONField(default=list)),
                ('ended_at', models.DateTimeField(null=True)),
                ('taken_by', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'duty_shift',
                'indexes': [models.Index(fields=['unit', '-begun_at'], name='duty_shift_unit')],
            },
        ),
        migrations.CreateModel(
            name='RingingCall',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('source', models.CharField(db_collation='C', default='', max_length=64)),
                ('key', models.CharField(db_collation='C', default='', max_length=200)),
                ('user', models.BigIntegerField()),
                ('phone', models.TextField(default='')),
                ('caller', models.CharField(db_collation='C', default='', max_length=32)),
                ('language', models.CharField(db_collation='C', default='', max_length=16)),
                ('rung_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('report', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'ringing_call',
                'indexes': [models.Index(fields=['user', '-id'], name='ringing_call_user'), models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['rung_at'], name='ringing_call_kept')],
                'constraints': [models.UniqueConstraint(fields=('source', 'key'), name='ringing_call_key')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('user', models.BigIntegerField()),
                ('post', models.CharField(db_collation='C', default='', max_length=64)),
                ('unit', models.CharField(db_collation='C', default='', max_length=64)),
                ('name', models.CharField(max_length=40)),
                ('query', models.TextField()),
                ('shared', models.BooleanField(default=False)),
                ('main', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'saved_view',
                'indexes': [models.Index(fields=['unit'], name='saved_view_unit')],
                'constraints': [models.UniqueConstraint(fields=('user', 'post', 'name'), name='saved_view_name')],
            },
        ),
        protect("duty_shift", "duty_entry"),
        migrations.RunSQL(_GRANTS, migrations.RunSQL.noop),
    ]
