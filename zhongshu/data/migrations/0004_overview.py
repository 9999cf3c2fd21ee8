"""What the overviews read: open cases per place and per map cell, kept by triggers on the table of cases.

A trigger sees the row before and after, so a count follows any change of state, place or urgency exactly, in live
writing and in a rebuild alike. Writers already take turns at the ledger's head, so these rows cause no new waiting.
"""

from __future__ import annotations

from django.db import migrations, models

GRAINS = "ARRAY[17, 14, 11, 8]"

TABLES = """
CREATE TABLE case_now (
  place text COLLATE "C" PRIMARY KEY,
  open bigint NOT NULL, overdue bigint NOT NULL, unclear bigint NOT NULL, undecided bigint NOT NULL,
  stuck bigint NOT NULL, urgent bigint NOT NULL
);
CREATE TABLE map_cell (
  grain smallint NOT NULL, x int NOT NULL, y int NOT NULL, place text COLLATE "C" NOT NULL,
  n bigint NOT NULL, overdue bigint NOT NULL, urgent bigint NOT NULL,
  ids numeric NOT NULL, px numeric NOT NULL, py numeric NOT NULL,
  PRIMARY KEY (grain, x, y, place)
);

CREATE FUNCTION mercator_x(lon float8) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT floor((lon + 180) / 360 * 536870912)::bigint $$;
CREATE FUNCTION mercator_y(lat float8) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT floor((1 - asinh(tan(radians(greatest(-85, least(85, lat))))) / pi()) / 2 * 536870912)::bigint $$;

CREATE TYPE case_weight AS (
  id bigint, place text, lon float8, lat float8, state text, overdue boolean, stuck boolean, urgency smallint, step int
);

CREATE FUNCTION case_tally(changed case_weight[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO case_now AS t
    SELECT c.place, sum(step * (state <> 'closed')::int), sum(step * (overdue AND state <> 'closed')::int),
      sum(step * (state = 'unclear')::int), sum(step * (state IN ('undecided', 'returned'))::int),
      sum(step * stuck::int), sum(step * (urgency >= 2 AND state <> 'closed')::int)
    FROM unnest(changed) c
    GROUP BY c.place ORDER BY c.place
  ON CONFLICT (place) DO UPDATE SET open = t.open + excluded.open, overdue = t.overdue + excluded.overdue,
    unclear = t.unclear + excluded.unclear, undecided = t.undecided + excluded.undecided,
    stuck = t.stuck + excluded.stuck, urgent = t.urgent + excluded.urgent;

  INSERT INTO map_cell AS t
    SELECT g, (mx >> (29 - g))::int, (my >> (29 - g))::int, place, sum(step), sum(step * overdue::int),
      sum(step * (urgency >= 2)::int), sum(step * id::numeric), sum(step * mx), sum(step * my)
    FROM (SELECT id, place, overdue, urgency, mercator_x(lon) AS mx, mercator_y(lat) AS my, sum(step) AS step
      FROM unnest(changed) WHERE state <> 'closed' AND lon IS NOT NULL AND lat IS NOT NULL
      GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(step) <> 0) c, unnest(GRAINS) g
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ON CONFLICT (grain, x, y, place) DO UPDATE SET n = t.n + excluded.n, overdue = t.overdue + excluded.overdue,
    urgent = t.urgent + excluded.urgent, ids = t.ids + excluded.ids, px = t.px + excluded.px, py = t.py + excluded.py;
END $$;

CREATE FUNCTION case_counted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE changed case_weight[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg((id, place, lon, lat, state, overdue, stuck, urgency, 1)::case_weight) INTO changed FROM after;
  ELSIF TG_OP = 'UPDATE' THEN
    SELECT array_agg(w) INTO changed FROM (
      SELECT (b.id, b.place, b.lon, b.lat, b.state, b.overdue, b.stuck, b.urgency, -1)::case_weight AS w
        FROM before b JOIN after a USING (id) WHERE MOVED
      UNION ALL SELECT (a.id, a.place, a.lon, a.lat, a.state, a.overdue, a.stuck, a.urgency, 1)::case_weight
        FROM before b JOIN after a USING (id) WHERE MOVED) both_sides;
  ELSE
    SELECT array_agg((id, place, lon, lat, state, overdue, stuck, urgency, -1)::case_weight) INTO changed FROM before;
  END IF;
  IF changed IS NOT NULL THEN
    PERFORM case_tally(changed);
  END IF;
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM map_cell c USING (SELECT DISTINCT g, place, (mercator_x(lon) >> (29 - g))::int AS x,
        (mercator_y(lat) >> (29 - g))::int AS y
      FROM unnest(changed), unnest(GRAINS) g WHERE step < 0 AND lon IS NOT NULL AND lat IS NOT NULL) gone
    WHERE c.n = 0 AND c.grain = gone.g AND c.x = gone.x AND c.y = gone.y AND c.place = gone.place;
    DELETE FROM case_now WHERE (open, overdue, unclear, undecided, stuck, urgent) = (0, 0, 0, 0, 0, 0)
      AND place IN (SELECT place FROM unnest(changed) WHERE step < 0);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION case_emptied() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM case_now;
  DELETE FROM map_cell;
  RETURN NULL;
END $$;

CREATE TRIGGER case_counted_insert AFTER INSERT ON "case" REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION case_counted();
CREATE TRIGGER case_counted_update AFTER UPDATE ON "case" REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION case_counted();
CREATE TRIGGER case_counted_delete AFTER DELETE ON "case" REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION case_counted();
CREATE TRIGGER case_counted_truncate AFTER TRUNCATE ON "case" FOR EACH STATEMENT EXECUTE FUNCTION case_emptied();
"""

MOVED = """(b.place, b.state, b.overdue, b.stuck, b.urgency) <> (a.place, a.state, a.overdue, a.stuck, a.urgency)
          OR b.lon IS DISTINCT FROM a.lon OR b.lat IS DISTINCT FROM a.lat"""


def _protect(table: str) -> str:
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY viewer ON {table} FOR SELECT TO zhongshu_app USING (
  place >= (SELECT current_setting('zhongshu.lo', true)) AND place < (SELECT current_setting('zhongshu.hi', true)));
GRANT SELECT ON {table} TO zhongshu_app;
"""


class Migration(migrations.Migration):
    dependencies = [("data", "0003_ledger")]
    operations = [
        migrations.RunSQL(
            TABLES.replace("GRAINS", GRAINS).replace("MOVED", MOVED), migrations.RunSQL.noop
        ),
        migrations.RunSQL(_protect("case_now") + _protect("map_cell"), migrations.RunSQL.noop),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["due_at"],
                name="case_due_soon",
                condition=~models.Q(state="closed") & models.Q(due_at__isnull=False)
            ),
        ),
        migrations.AddIndex(
            "case", models.Index(fields=["closed_at"], name="case_closed", condition=models.Q(closed_at__isnull=False))
        ),
        migrations.AddIndex("case", models.Index(fields=["opened_at"], name="case_opened")),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["-id"], name="case_late", condition=models.Q(overdue=True) & ~models.Q(state="closed")
            ),
        ),
        migrations.AddIndex("case", models.Index(fields=["-id"], name="case_stuck", condition=models.Q(stuck=True))),
    ]
