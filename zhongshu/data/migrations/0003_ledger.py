"""The ledger: append-only, partitioned by month, hash-chained; the roles; row-level security."""

from __future__ import annotations

from django.db import migrations

ROLES = """
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['zhongshu_road', 'zhongshu_app'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS', wanted);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    IF NOT pg_has_role(current_user, wanted, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
    END IF;
  END LOOP;
END $$;
"""

LEDGER = """
CREATE SEQUENCE fact_ids INCREMENT 1000 START 1000000;

CREATE TABLE ledger (
  id bigint NOT NULL,
  seq bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  subject bigint NOT NULL,
  cause bigint,
  at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  actor text COLLATE "C" NOT NULL,
  place text COLLATE "C" NOT NULL,
  versions json NOT NULL,
  payload json NOT NULL,
  hash bytea NOT NULL
) PARTITION BY RANGE (recorded_at);
CREATE INDEX ledger_subject ON ledger (subject, seq);
CREATE INDEX ledger_seq ON ledger (seq);
CREATE INDEX ledger_at ON ledger USING brin (at);
CREATE INDEX ledger_outcomes ON ledger (at)
  WHERE kind IN ('CalledBack', 'Evaluated', 'Overdue', 'Closed', 'Reopened');

CREATE TABLE ledger_head (month date PRIMARY KEY, seq bigint NOT NULL DEFAULT 0, hash bytea NOT NULL DEFAULT '');

CREATE TABLE road_queue (
  id bigint PRIMARY KEY,
  kind text NOT NULL,
  fact json NOT NULL,
  due timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON ledger
  FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();

CREATE FUNCTION ledger_micros(moment timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS
  $$ SELECT (extract(epoch FROM moment) * 1000000)::bigint::text $$;

CREATE FUNCTION ledger_digest(prev bytea, r ledger) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(prev || convert_to(concat_ws(E'\\x1f', r.id, r.seq, r.kind, r.subject, coalesce(r.cause, 0),
    ledger_micros(r.at), ledger_micros(r.recorded_at), r.actor, r.place, r.versions::text, r.payload::text), 'UTF8'))
$$;

CREATE FUNCTION ledger_month(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE part text := 'ledger_' || to_char(month, 'YYYYMM');
BEGIN
  IF to_regclass(part) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF ledger FOR VALUES FROM (%L) TO (%L)', part,
      month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
    EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()', part);
    INSERT INTO ledger_head (month) VALUES (month);
  END IF;
END $$;
"""

PROJECTIONS = ["report", "case", "task", "clock", "call_back", "merge_proposal", "stuck", "warning"]
KEPT = ["attachment", "observation"]


def _protect(table: str) -> str:
    quoted = f'"{table}"'
    return f"""
ALTER TABLE {quoted} ENABLE ROW LEVEL SECURITY;
CREATE POLICY road ON {quoted} TO zhongshu_road USING (true) WITH CHECK (true);
CREATE POLICY viewer ON {quoted} FOR SELECT TO zhongshu_app USING (
  place >= (SELECT current_setting('zhongshu.lo', true)) AND place < (SELECT current_setting('zhongshu.hi', true)));
GRANT SELECT ON {quoted} TO zhongshu_app;
"""


GRANTS = """
GRANT SELECT, INSERT ON ledger TO zhongshu_road;
GRANT SELECT, UPDATE ON ledger_head TO zhongshu_road;
GRANT SELECT, INSERT, UPDATE, DELETE ON road_queue TO zhongshu_road;
GRANT USAGE ON SEQUENCE fact_ids TO zhongshu_road;
GRANT SELECT, INSERT, DELETE ON intake_key TO zhongshu_road;
GRANT SELECT, INSERT, UPDATE, DELETE ON contact TO zhongshu_road;
GRANT SELECT, INSERT ON personal_read TO zhongshu_road;
GRANT USAGE ON SEQUENCE personal_read_id_seq TO zhongshu_road;
GRANT SELECT, INSERT, UPDATE, DELETE ON attachment, observation TO zhongshu_road;
"""


class Migration(migrations.Migration):
    dependencies = [("data", "0002_road")]
    operations = [
        migrations.RunSQL(ROLES, migrations.RunSQL.noop),
        migrations.RunSQL(LEDGER, migrations.RunSQL.noop),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL("\n".join(_protect(table) for table in ["ledger", *PROJECTIONS, *KEPT]), migrations.RunSQL.noop),
        migrations.RunSQL(
            "\n".join(f'GRANT INSERT, UPDATE, DELETE, SELECT, TRUNCATE ON "{t}" TO zhongshu_road;' for t in PROJECTIONS),
            migrations.RunSQL.noop,
        ),
    ]
