"""登记（二）: marks by which records are looked for, what linking learnt, why a pair is alike, passes for residents."""

from __future__ import annotations

import django.db.models
from django.db import migrations, models

_RIGHTS = """
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON linking_model, linking_term, record_pass TO zhongshu_road;
GRANT USAGE, UPDATE ON SEQUENCE linking_term_id_seq, record_pass_id_seq TO zhongshu_road;
GRANT SELECT (id, person, place, proof, post, "user", at, until, used_at) ON record_pass TO zhongshu_app;
ALTER TABLE record_pass ENABLE ROW LEVEL SECURITY;
CREATE POLICY road ON record_pass TO zhongshu_road USING (true) WITH CHECK (true);
CREATE POLICY viewer ON record_pass FOR SELECT TO zhongshu_app USING (
  place >= (SELECT current_setting('zhongshu.lo', true)) AND place < (SELECT current_setting('zhongshu.hi', true)));
"""
"""What linking learnt is the road's alone; of a pass the screens see everything but its secret's digest."""


_SHOWN = """
CREATE FUNCTION shown_address(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN strpos(value, '号') > 0
      THEN left(value, strpos(value, '号')) || repeat('*', least(4, length(value) - strpos(value, '号')))
    ELSE left(value, 6) || repeat('*', least(4, greatest(0, length(value) - 6))) END $$;
CREATE FUNCTION shown(kind text, value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE kind
    WHEN 'name' THEN shown_name(coalesce(value, ''))
    WHEN 'phone' THEN shown_phone(coalesce(value, ''))
    WHEN 'number' THEN shown_number(coalesce(value, ''))
    WHEN 'address' THEN shown_address(coalesce(value, ''))
    WHEN 'text' THEN shown_name(left(coalesce(value, ''), 60))
    WHEN 'year' THEN CASE WHEN coalesce(value, '') = '' THEN '' ELSE left(value, 4) || '-**-**' END
    WHEN 'withheld' THEN '不予共享'
    WHEN 'clear' THEN left(coalesce(value, ''), 60)
    ELSE repeat('*', least(length(coalesce(value, '')), 6)) END $$;
"""
"""脱敏: MASKS of kernel/access.py, in the database; a kind that isn't known hides everything."""


class Migration(migrations.Migration):
    dependencies = [("data", "0032_consent")]
    operations = [
        migrations.CreateModel(
            name='LinkingModel',
            fields=[
                ('subject', models.CharField(db_collation='C', max_length=16, primary_key=True, serialize=False)),
                ('settings', models.JSONField(default=dict)),
                ('totals', models.JSONField(default=dict)),
                ('records', models.BigIntegerField(default=0)),
                ('learnt_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'linking_model',
            },
        ),
        migrations.CreateModel(
            name='LinkingTerm',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('field', models.CharField(db_collation='C', default='', max_length=32)),
                ('term', models.BigIntegerField()),
                ('count', models.IntegerField()),
            ],
            options={
                'db_table': 'linking_term',
            },
        ),
        migrations.CreateModel(
            name='RecordPass',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('person', models.BigIntegerField()),
                ('place', models.CharField(db_collation='C', default='', max_length=32)),
                ('code', models.CharField(db_collation='C', max_length=64, unique=True)),
                ('proof', models.CharField(db_collation='C', default='', max_length=32)),
                ('post', models.CharField(db_collation='C', default='', max_length=64)),
                ('user', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('tries', models.SmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'record_pass',
            },
        ),
        migrations.AddField(
            model_name='houserecord',
            name='k1',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='identitypair',
            name='reasons',
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='organisationrecord',
            name='k1',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='organisationrecord',
            name='k2',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='organisationrecord',
            name='k3',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='organisationrecord',
            name='k4',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='organisationrecord',
            name='k5',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='organisationrecord',
            name='k6',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='personrecord',
            name='k1',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='personrecord',
            name='k2',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='personrecord',
            name='k3',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='personrecord',
            name='k4',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='personrecord',
            name='k5',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='personrecord',
            name='k6',
            field=models.IntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name='house',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='house_merged'),
        ),
        migrations.AddIndex(
            model_name='houserecord',
            index=models.Index(condition=models.Q(('k1__isnull', False)), fields=['k1'], name='house_record_k1'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='organisation_merged'),
        ),
        migrations.AddIndex(
            model_name='organisationrecord',
            index=models.Index(condition=models.Q(('k1__isnull', False)), fields=['k1'], name='organisation_record_k1'),
        ),
        migrations.AddIndex(
            model_name='organisationrecord',
            index=models.Index(condition=models.Q(('k2__isnull', False)), fields=['k2'], name='organisation_record_k2'),
        ),
        migrations.AddIndex(
            model_name='organisationrecord',
            index=models.Index(condition=models.Q(('k3__isnull', False)), fields=['k3'], name='organisation_record_k3'),
        ),
        migrations.AddIndex(
            model_name='organisationrecord',
            index=models.Index(condition=models.Q(('k4__isnull', False)), fields=['k4'], name='organisation_record_k4'),
        ),
        migrations.AddIndex(
            model_name='organisationrecord',
            index=models.Index(condition=models.Q(('k5__isnull', False)), fields=['k5'], name='organisation_record_k5'),
        ),
        migrations.AddIndex(
            model_name='organisationrecord',
            index=models.Index(condition=models.Q(('k6__isnull', False)), fields=['k6'], name='organisation_record_k6'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='person_merged'),
        ),
        migrations.AddIndex(
            model_name='personrecord',
            index=models.Index(condition=models.Q(('k1__isnull', False)), fields=['k1'], name='person_record_k1'),
        ),
        migrations.AddIndex(
            model_name='personrecord',
            index=models.Index(condition=models.Q(('k2__isnull', False)), fields=['k2'], name='person_record_k2'),
        ),
        migrations.AddIndex(
            model_name='personrecord',
            index=models.Index(condition=models.Q(('k3__isnull', False)), fields=['k3'], name='person_record_k3'),
        ),
        migrations.AddIndex(
            model_name='personrecord',
            index=models.Index(condition=models.Q(('k4__isnull', False)), fields=['k4'], name='person_record_k4'),
        ),
        migrations.AddIndex(
            model_name='personrecord',
            index=models.Index(condition=models.Q(('k5__isnull', False)), fields=['k5'], name='person_record_k5'),
        ),
        migrations.AddIndex(
            model_name='personrecord',
            index=models.Index(condition=models.Q(('k6__isnull', False)), fields=['k6'], name='person_record_k6'),
        ),
        migrations.AddConstraint(
            model_name='linkingterm',
            constraint=models.UniqueConstraint(fields=('field', 'term'), name='linking_term_once'),
        ),
        migrations.AddIndex(
            model_name='recordpass',
            index=models.Index(fields=['person', '-id'], name='record_pass_person'),
        ),
        migrations.RunSQL(_SHOWN, migrations.RunSQL.noop),
        migrations.RunSQL(_RIGHTS, migrations.RunSQL.noop),
    ]
