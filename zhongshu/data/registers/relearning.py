"""重学 learn a register again from what it holds now: weights from a sample, marks and counts of values from all of it.

For registers that were loaded before records had marks, and whenever years of deliveries have made the weights old. Who
is whom stays as it is. Memory doesn't grow with the register.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import pyarrow as pa
from django.db import connections, transaction

from zhongshu.data.databases import OWNER
from zhongshu.data.registers import features, learnt, marks
from zhongshu.data.registers.comparing import PLANS
from zhongshu.data.registers.copying import copy
from zhongshu.data.registers.learnt import Model
from zhongshu.data.registers.linking import learn, opened, quiet
from zhongshu.data.registers.reasons import counted
from zhongshu.data.registers.subjects import Subject, subject_of

SLICE = 50_000
"""Entities whose records are read at once."""
SAMPLE = 500_000
"""Records that the weights are learnt from, about: all those of one entity in so many."""


def again(subject_name: str) -> int:
    """Learn one register again, in one transaction; returns how many records have their marks now."""
    subject, done = subject_of(subject_name), 0
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('linking'), hashtext(%s))", [subject.name])
        cursor.execute(f"SELECT count(*) FROM {subject.records} WHERE valid_to IS NULL AND entity IS NOT NULL")
        every = max(1, int(cursor.fetchone()[0]) // SAMPLE)
        settings, sampled = _weights(subject, every)
        learnt.keep(subject.name, Model(settings), sampled)
        cursor.execute("UPDATE linking_model SET records = 0 WHERE subject = %s", [subject.name])
        cursor.execute(
            "CREATE TEMP TABLE marked (id bigint PRIMARY KEY, k1 int, k2 int, k3 int, k4 int, k5 int, k6 int)"
        )
        for told in _slices(subject, 1):
            done += told.num_rows
            _take(subject, told)
        cursor.execute("DROP TABLE marked")
    return done


def _weights(subject: Subject, every: int) -> tuple[dict[str, Any], int]:
    """Splink's settings as a sample teaches them, and its records; nothing where addresses alone decide."""
    if subject.name not in PLANS:
        return {}, 1
    parts = [features.of(told, subject.name) for told in _slices(subject, every)]
    if not parts:
        return {learnt.CHANCE: 0.0}, 1
    held = pa.concat_tables(parts)
    with quiet(), opened() as connection:
        connection.register("given", held)
        connection.execute("CREATE TABLE told AS SELECT * FROM given")
        return learn(connection, PLANS[subject.name], "told").misc.save_model_to_json(), held.num_rows


def _slices(subject: Subject, every: int) -> Iterator[pa.Table]:
    """Records in force by entity, of one entity in `every`: id, entity and what features are made of."""
    names = ("id", "entity", *features.ASKED[subject.name])
    sql = (
        f"SELECT {', '.join(names)} FROM {subject.records} WHERE valid_to IS NULL AND entity %% %s = 0"
        " AND entity >= %s AND entity < %s ORDER BY id"
    )
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"SELECT coalesce(min(entity), 0), coalesce(max(entity), -1) FROM {subject.records}")
        first, last = cursor.fetchone()
    types = {"id": pa.int64(), "entity": pa.int64(), "born": pa.date32()}
    for start in range(first, last + 1, SLICE * every):
        with connections[OWNER].cursor() as cursor:
            cursor.execute(sql, [every, start, start + SLICE * every])
            rows: Sequence[Sequence[Any]] = cursor.fetchall()
        if rows:
            yield pa.table(
                {name: pa.array([row[n] for row in rows], types.get(name, pa.string())) for n, name in enumerate(names)}
            )


def _take(subject: Subject, told: pa.Table) -> None:
    """Marks and counts of values of one slice."""
    made = features.of(told, subject.name)
    marked = marks.once(marks.of(made, subject.name), told["entity"].to_numpy())
    copy("marked", {"id": told["id"], **{name: marked[name] for name in marked.column_names}})
    sets = ", ".join(f"{name} = m.{name}" for name in marked.column_names)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"UPDATE {subject.records} r SET {sets} FROM marked m WHERE m.id = r.id")
        cursor.execute("TRUNCATE marked")
    kept = learnt.kept(subject.name)
    if kept is not None and subject.name in PLANS:
        with duckdb.connect() as connection:
            connection.register("made", made)
            learnt.more(subject.name, kept, counted(connection, "made", PLANS[subject.name].rare), told.num_rows)
