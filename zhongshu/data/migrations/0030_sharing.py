"""分级、共享、回流: a city's rows of grades, masks, limits and flows; the sharing zone, grants and uses; what came back.

The zone's rows are raw. No role reads them but zhongshu_share, as which `share_page` and `share_block` run: they look at
the grant, the purpose, the unit and the time themselves, apply the grant's masks, and write down whose row was read.
"""

from __future__ import annotations

from django.db import migrations, models

from zhongshu.data.protection import protect

ROLE = """
DO $$
BEGIN
  BEGIN
    CREATE ROLE zhongshu_share NOLOGIN NOSUPERUSER NOBYPASSRLS;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END;
  IF NOT pg_has_role(current_user, 'zhongshu_share', 'MEMBER') THEN
    GRANT zhongshu_share TO CURRENT_USER;
  END IF;
  EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO zhongshu_share', current_schema());
END $$;
CREATE SEQUENCE zone_seq;
ALTER TABLE zone_row ENABLE ROW LEVEL SECURITY;
CREATE POLICY share ON zone_row FOR SELECT TO zhongshu_share USING (
  place >= (SELECT current_setting('zhongshu.lo', true)) AND place < (SELECT current_setting('zhongshu.hi', true)));
GRANT SELECT ON zone_row, zone_set TO zhongshu_share;
GRANT SELECT ON zone_set TO zhongshu_app, zhongshu_road;
GRANT INSERT, SELECT ON personal_read TO zhongshu_share;
GRANT USAGE ON SEQUENCE personal_read_id_seq TO zhongshu_share;
"""

MASKS = """
CREATE FUNCTION share_keep(value text, head int, tail int) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value IS NULL OR value = '' THEN value
    WHEN length(value) <= head + tail THEN repeat('*', length(value))
    ELSE left(value, head) || repeat('*', length(value) - head - tail) || right(value, tail) END
$$;
CREATE FUNCTION share_area(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(value, '([0-9０-９]|[一二三四五六七八九十甲乙丙丁]+(号|栋|幢|座|单元|楼|层|室|房)).*$', '')
$$;
CREATE FUNCTION share_column(item jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE item->>'how'
    WHEN 'clear' THEN format('r.row->%L', item->>'item')
    WHEN 'keep' THEN format('to_jsonb(share_keep(r.row->>%L, %s, %s))', item->>'item', (item->>'head')::int,
      (item->>'tail')::int)
    WHEN 'area' THEN format('to_jsonb(share_area(r.row->>%L))', item->>'item')
    WHEN 'delay' THEN format('CASE WHEN r.changed_at < now() - make_interval(days => %s) THEN r.row->%L END',
      (item->>'days')::int, item->>'item')
    ELSE 'NULL::jsonb' END
$$;
"""
"""What a grant's item becomes in the one statement that reads: what isn't known as clear is never told."""

PAGE = """
CREATE FUNCTION share_granted(asked bigint, said text, reader jsonb) RETURNS share_grant
LANGUAGE plpgsql STABLE AS $$
DECLARE g share_grant;
BEGIN
  SELECT * INTO g FROM share_grant WHERE id = asked;
  IF g.id IS NULL OR NOT (g.unit = reader->>'unit' AND g.unit <> '' OR g.reader = reader->>'post' AND g.reader <> ''
    OR g.kind = 'return' AND reader->>'unit' <> '') THEN
    RAISE EXCEPTION 'no_grant' USING ERRCODE = 'ZS404';
  ELSIF g.state <> 'active' THEN
    RAISE EXCEPTION 'ended' USING ERRCODE = 'ZS403';
  ELSIF now() >= g.until THEN
    RAISE EXCEPTION 'expired' USING ERRCODE = 'ZS403';
  ELSIF now() < g.since THEN
    RAISE EXCEPTION 'not_yet' USING ERRCODE = 'ZS403';
  ELSIF btrim(said) <> g.purpose THEN
    RAISE EXCEPTION 'purpose' USING ERRCODE = 'ZS403';
  END IF;
  RETURN g;
END $$;

CREATE FUNCTION share_page(asked bigint, said text, reader jsonb, cut jsonb)
RETURNS TABLE(place text, key text, seq bigint, gone boolean, "row" jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE g share_grant := share_granted(asked, said, reader);
  shown text;
  changes boolean := cut ? 'since';
BEGIN
  SELECT string_agg(format('%L, %s', i->>'item', share_column(i)), ', ') INTO shown FROM jsonb_array_elements(g.plan) i;
  RETURN QUERY EXECUTE format('
    WITH page AS MATERIALIZED (
      SELECT r.* FROM zone_row r
      WHERE r.dataset = $1 AND r.place >= $2 AND r.place < $3 AND (%s)
      ORDER BY %s LIMIT $8),
    noted AS (
      INSERT INTO personal_read (contact, "case", subject, post, "user", purpose, at, dataset, whose, use)
      SELECT 0, 0, ''row'', $9->>''post'', ($9->>''user'')::bigint, $10, now(), $1, r.subject, ($9->>''use'')::bigint
      FROM page r WHERE $11 AND NOT r.gone)
    SELECT r.place::text, r.key::text, r.seq, r.gone,
      CASE WHEN r.gone THEN NULL ELSE jsonb_build_object(%s) END FROM page r ORDER BY %s',
    CASE WHEN changes THEN 'r.seq > $6' WHEN cut ? 'key' THEN 'NOT r.gone AND r.key = $7'
      ELSE 'NOT r.gone AND (r.place, r.key) > ($4, $5)' END,
    CASE WHEN changes THEN 'r.seq' ELSE 'r.place, r.key' END, coalesce(shown, ''),
    CASE WHEN changes THEN 'r.seq' ELSE 'r.place, r.key' END)
  USING g.dataset, g.lo, g.hi, coalesce(cut->>'place', ''), coalesce(cut->>'after', ''),
    coalesce((cut->>'since')::bigint, 0), coalesce(cut->>'key', ''), (cut->>'size')::int, reader, g.purpose, g.personal;
END $$;

CREATE FUNCTION share_block(asked bigint, said text, reader jsonb, item text)
RETURNS TABLE(place text, value text, n bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE g share_grant := share_granted(asked, said, reader);
BEGIN
  IF NOT g.plan @> jsonb_build_array(jsonb_build_object('item', item)) THEN
    RAISE EXCEPTION 'item' USING ERRCODE = 'ZS403';
  END IF;
  RETURN QUERY SELECT r.place::text, coalesce(r.row->>item, ''), count(*) FROM zone_row r
    WHERE r.dataset = g.dataset AND r.place >= g.lo AND r.place < g.hi AND NOT r.gone GROUP BY 1, 2;
END $$;

CREATE FUNCTION share_digest(asked bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(coalesce(string_agg(concat_ws(E'\\x1f', id, post, "user", purpose,
    ledger_micros(at), dataset, whose), E'\\n' ORDER BY id), ''), 'UTF8')), 'hex')
  FROM personal_read WHERE use = asked
$$;
"""
"""`share_block` gives whole counts to the road only, which suppresses small cells before anybody sees them."""

RIGHTS = """
CREATE POLICY share ON share_grant FOR SELECT TO zhongshu_share USING (true);
GRANT SELECT ON share_grant TO zhongshu_share;
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['share_page(bigint, text, jsonb, jsonb)', 'share_block(bigint, text, jsonb, text)'] LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO zhongshu_share', name);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', name);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO zhongshu_road', name);
  END LOOP;
  EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM zhongshu_share', current_schema());
END $$;
"""

BOTH_SIDES = """
DROP POLICY viewer ON {table};
CREATE POLICY viewer ON {table} FOR SELECT TO zhongshu_app USING (
  (place >= (SELECT current_setting('zhongshu.lo', true)) AND place < (SELECT current_setting('zhongshu.hi', true)))
  OR (provider_place >= (SELECT current_setting('zhongshu.lo', true))
    AND provider_place < (SELECT current_setting('zhongshu.hi', true))));
"""
"""A grant and its uses are seen by whoever reads and by whoever provides."""

EVERYBODYS = "CREATE POLICY returned ON share_grant FOR SELECT TO zhongshu_app USING (kind = 'return');"
"""What comes back is open to every place, each for its own rows: row-level security cuts them."""


def _shared(apps: object, editor: object) -> None:
    """The functions name the schema they were made in, so that nobody's own objects come first."""
    with editor.connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT quote_ident(current_schema())")
        schema = cursor.fetchone()[0]
        cursor.execute(PAGE.replace("{schema}", schema))


class Migration(migrations.Migration):

    dependencies = [
        ('data', '0027_quality'),
    ]

    operations = [
        migrations.CreateModel(
            name='DataFlow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.TextField()),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(blank=True, null=True)),
                ('digest', models.CharField(max_length=32)),
                ('name', models.TextField()),
                ('name_en', models.TextField(blank=True, default='')),
                ('sort_key', models.TextField(blank=True, default='')),
                ('direction', models.TextField()),
                ('unit', models.TextField()),
                ('dataset', models.TextField()),
                ('items', models.TextField()),
                ('grain', models.TextField()),
                ('cycle', models.TextField()),
                ('how', models.TextField()),
                ('within_days', models.IntegerField(blank=True, null=True)),
                ('answers', models.TextField(blank=True, default='')),
                ('place', models.TextField(blank=True, default='')),
                ('basis', models.TextField()),
                ('clause', models.TextField(blank=True, default='')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FlowEntry',
            fields=[
                ('id', models.CharField(db_collation='C', max_length=64, primary_key=True, serialize=False)),
                ('flow', models.CharField(db_collation='C', default='', max_length=64)),
                ('direction', models.CharField(db_collation='C', default='', max_length=8)),
                ('unit', models.CharField(db_collation='C', default='', max_length=64)),
                ('dataset', models.CharField(db_collation='C', default='', max_length=64)),
                ('items', models.JSONField(default=list)),
                ('how', models.CharField(db_collation='C', default='', max_length=16)),
                ('place', models.CharField(db_collation='C', default='', max_length=32)),
                ('period', models.DateField()),
                ('ended', models.DateField()),
                ('due_at', models.DateTimeField(null=True)),
                ('at', models.DateTimeField()),
                ('rows', models.IntegerField()),
            ],
            options={
                'db_table': 'flow_entry',
            },
        ),
        migrations.CreateModel(
            name='GradeHarm',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.TextField()),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(blank=True, null=True)),
                ('digest', models.CharField(max_length=32)),
                ('object', models.TextField()),
                ('degree', models.TextField()),
                ('grade', models.TextField()),
                ('share', models.TextField()),
                ('basis', models.TextField()),
                ('clause', models.TextField(blank=True, default='')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='GradeRule',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.TextField()),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(blank=True, null=True)),
                ('digest', models.CharField(max_length=32)),
                ('name', models.TextField()),
                ('name_en', models.TextField(blank=True, default='')),
                ('sort_key', models.TextField(blank=True, default='')),
                ('classes', models.TextField(blank=True, default='')),
                ('datasets', models.TextField(blank=True, default='')),
                ('elements', models.TextField(blank=True, default='')),
                ('subjects', models.TextField(blank=True, default='')),
                ('types', models.TextField(blank=True, default='')),
                ('masks', models.TextField(blank=True, default='')),
                ('personal', models.TextField(blank=True, default='')),
                ('sensitive', models.TextField(blank=True, default='')),
                ('region', models.TextField(blank=True, default='')),
                ('min_rows', models.BigIntegerField(blank=True, null=True)),
                ('depth', models.TextField(blank=True, default='')),
                ('coverage', models.TextField(blank=True, default='')),
                ('object', models.TextField()),
                ('degree', models.TextField()),
                ('basis', models.TextField()),
                ('clause', models.TextField(blank=True, default='')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='GradeSet',
            fields=[
                ('id', models.CharField(db_collation='C', max_length=200, primary_key=True, serialize=False)),
                ('dataset', models.CharField(db_collation='C', default='', max_length=64)),
                ('item', models.CharField(db_collation='C', default='', max_length=64)),
                ('grade', models.CharField(db_collation='C', default='', max_length=16)),
                ('share', models.CharField(db_collation='C', default='', max_length=4)),
                ('place', models.CharField(db_collation='C', default='', max_length=32)),
                ('at', models.DateTimeField()),
                ('by', models.BigIntegerField()),
                ('reason', models.TextField()),
                ('clause', models.TextField(default='')),
                ('proceeding', models.BigIntegerField()),
            ],
            options={
                'db_table': 'grade_set',
            },
        ),
        migrations.CreateModel(
            name='Mask',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.TextField()),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(blank=True, null=True)),
                ('digest', models.CharField(max_length=32)),
                ('name', models.TextField()),
                ('name_en', models.TextField(blank=True, default='')),
                ('sort_key', models.TextField(blank=True, default='')),
                ('how', models.TextField()),
                ('head', models.IntegerField(blank=True, null=True)),
                ('tail', models.IntegerField(blank=True, null=True)),
                ('k', models.IntegerField(blank=True, null=True)),
                ('days', models.IntegerField(blank=True, null=True)),
                ('grade', models.TextField()),
                ('basis', models.TextField()),
                ('clause', models.TextField(blank=True, default='')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ShareGrant',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('number', models.CharField(db_collation='C', default='', max_length=32)),
                ('dataset', models.CharField(db_collation='C', default='', max_length=64)),
                ('kind', models.CharField(db_collation='C', default='', max_length=16)),
                ('unit', models.CharField(db_collation='C', default='', max_length=64)),
                ('reader', models.CharField(db_collation='C', default='', max_length=128)),
                ('provider', models.CharField(db_collation='C', default='', max_length=64)),
                ('place', models.CharField(db_collation='C', default='', max_length=32)),
                ('provider_place', models.CharField(db_collation='C', default='', max_length=32)),
                ('lo', models.CharField(db_collation='C', default='', max_length=32)),
                ('hi', models.CharField(db_collation='C', default='', max_length=32)),
                ('plan', models.JSONField(default=list)),
                ('personal', models.BooleanField()),
                ('purpose', models.TextField()),
                ('basis', models.TextField(default='')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('state', models.CharField(db_collation='C', default='', max_length=16)),
                ('ended_at', models.DateTimeField(null=True)),
                ('why', models.TextField(default='')),
            ],
            options={
                'db_table': 'share_grant',
            },
        ),
        migrations.CreateModel(
            name='ShareLimit',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code', models.TextField()),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(blank=True, null=True)),
                ('digest', models.CharField(max_length=32)),
                ('name', models.TextField()),
                ('name_en', models.TextField(blank=True, default='')),
                ('sort_key', models.TextField(blank=True, default='')),
                ('days', models.IntegerField()),
                ('calendar', models.TextField()),
                ('basis', models.TextField()),
                ('clause', models.TextField(blank=True, default='')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ShareUse',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('grant', models.BigIntegerField()),
                ('dataset', models.CharField(db_collation='C', default='', max_length=64)),
                ('unit', models.CharField(db_collation='C', default='', max_length=64)),
                ('place', models.CharField(db_collation='C', default='', max_length=32)),
                ('provider_place', models.CharField(db_collation='C', default='', max_length=32)),
                ('post', models.CharField(db_collation='C', default='', max_length=128)),
                ('user', models.BigIntegerField()),
                ('purpose', models.TextField(default='')),
                ('form', models.CharField(db_collation='C', default='', max_length=16)),
                ('at', models.DateTimeField()),
                ('rows', models.IntegerField()),
                ('bytes', models.BigIntegerField()),
                ('personal', models.BooleanField()),
                ('digest', models.CharField(db_collation='C', default='', max_length=64)),
                ('failure', models.CharField(db_collation='C', default='', max_length=32)),
                ('diagnosis', models.CharField(db_collation='C', default='', max_length=16)),
                ('note', models.TextField(default='')),
            ],
            options={
                'db_table': 'share_use',
            },
        ),
        migrations.CreateModel(
            name='ZoneRow',
            fields=[
                ('pk', models.CompositePrimaryKey('dataset', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('dataset', models.CharField(db_collation='C', default='', max_length=64)),
                ('key', models.CharField(db_collation='C', default='', max_length=200)),
                ('place', models.CharField(db_collation='C', default='', max_length=32)),
                ('subject', models.CharField(db_collation='C', default='', max_length=64)),
                ('row', models.JSONField()),
                ('digest', models.BinaryField()),
                ('seq', models.BigIntegerField()),
                ('changed_at', models.DateTimeField()),
                ('gone', models.BooleanField(default=False)),
            ],
            options={
                'db_table': 'zone_row',
            },
        ),
        migrations.CreateModel(
            name='ZoneSet',
            fields=[
                ('dataset', models.CharField(db_collation='C', max_length=64, primary_key=True, serialize=False)),
                ('rows', models.BigIntegerField()),
                ('landed_at', models.DateTimeField()),
                ('seconds', models.FloatField()),
            ],
            options={
                'db_table': 'zone_set',
            },
        ),
        migrations.AddField(
            model_name='personalread',
            name='dataset',
            field=models.CharField(db_collation='C', db_default='', max_length=64),
        ),
        migrations.AddField(
            model_name='personalread',
            name='use',
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='personalread',
            name='whose',
            field=models.CharField(db_collation='C', db_default='', max_length=64),
        ),
        migrations.AddIndex(
            model_name='personalread',
            index=models.Index(condition=models.Q(('use', 0), _negated=True), fields=['use'], name='personal_read_use'),
        ),
        migrations.AddIndex(
            model_name='personalread',
            index=models.Index(condition=models.Q(('whose', ''), _negated=True), fields=['whose', '-id'], name='personal_read_whose'),
        ),
        migrations.AddIndex(
            model_name='dataflow',
            index=models.Index(fields=['code', 'valid_from'], name='data_datafl_code_168341_idx'),
        ),
        migrations.AddConstraint(
            model_name='dataflow',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('code',), name='data_dataflow_one_in_force'),
        ),
        migrations.AddIndex(
            model_name='flowentry',
            index=models.Index(fields=['place', 'period'], name='flow_entry_place'),
        ),
        migrations.AddIndex(
            model_name='flowentry',
            index=models.Index(fields=['flow', 'period', 'place'], name='flow_entry_flow'),
        ),
        migrations.AddIndex(
            model_name='gradeharm',
            index=models.Index(fields=['code', 'valid_from'], name='data_gradeh_code_e665aa_idx'),
        ),
        migrations.AddConstraint(
            model_name='gradeharm',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('code',), name='data_gradeharm_one_in_force'),
        ),
        migrations.AddIndex(
            model_name='graderule',
            index=models.Index(fields=['code', 'valid_from'], name='data_grader_code_07678d_idx'),
        ),
        migrations.AddConstraint(
            model_name='graderule',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('code',), name='data_graderule_one_in_force'),
        ),
        migrations.AddIndex(
            model_name='mask',
            index=models.Index(fields=['code', 'valid_from'], name='data_mask_code_466d4f_idx'),
        ),
        migrations.AddConstraint(
            model_name='mask',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('code',), name='data_mask_one_in_force'),
        ),
        migrations.AddIndex(
            model_name='sharegrant',
            index=models.Index(fields=['unit', '-id'], name='share_grant_unit'),
        ),
        migrations.AddIndex(
            model_name='sharegrant',
            index=models.Index(fields=['dataset', '-id'], name='share_grant_dataset'),
        ),
        migrations.AddIndex(
            model_name='sharegrant',
            index=models.Index(condition=models.Q(('state', 'active')), fields=['until'], name='share_grant_until'),
        ),
        migrations.AddIndex(
            model_name='sharelimit',
            index=models.Index(fields=['code', 'valid_from'], name='data_sharel_code_59f206_idx'),
        ),
        migrations.AddConstraint(
            model_name='sharelimit',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('code',), name='data_sharelimit_one_in_force'),
        ),
        migrations.AddIndex(
            model_name='shareuse',
            index=models.Index(fields=['dataset', '-id'], name='share_use_dataset'),
        ),
        migrations.AddIndex(
            model_name='shareuse',
            index=models.Index(fields=['unit', '-id'], name='share_use_unit'),
        ),
        migrations.AddIndex(
            model_name='shareuse',
            index=models.Index(fields=['grant', '-id'], name='share_use_grant'),
        ),
        migrations.AddIndex(
            model_name='shareuse',
            index=models.Index(condition=models.Q(('failure', ''), _negated=True), fields=['-id'], name='share_use_failed'),
        ),
        migrations.AddIndex(
            model_name='zonerow',
            index=models.Index(fields=['dataset', 'place', 'key'], name='zone_row_place'),
        ),
        migrations.AddIndex(
            model_name='zonerow',
            index=models.Index(fields=['dataset', 'seq'], name='zone_row_seq'),
        ),
        migrations.RunSQL(ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(MASKS, migrations.RunSQL.noop),
        migrations.RunPython(_shared, migrations.RunPython.noop),
        protect("share_grant", "share_use", "flow_entry"),
        migrations.RunSQL("".join(BOTH_SIDES.format(table=one) for one in ("share_grant", "share_use"))),
        migrations.RunSQL(EVERYBODYS, migrations.RunSQL.noop),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunSQL(
            "GRANT SELECT ON grade_set TO zhongshu_app;"
            "GRANT INSERT, UPDATE, DELETE, SELECT, TRUNCATE ON grade_set TO zhongshu_road;"
        ),
    ]
