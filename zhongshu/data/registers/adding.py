"""增量入库 later deliveries: new records are looked for among those that are known, by what the first load taught.

What it costs grows with the records that come and those that look like them, not with the city.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connections, transaction
from numpy.typing import NDArray

from zhongshu.data.databases import OWNER
from zhongshu.data.registers import blocks, choosing, features, learnt, marks, numbers
from zhongshu.data.registers.comparing import PLANS
from zhongshu.data.registers.copying import PIECE, copy, reserve
from zhongshu.data.registers.learnt import Model
from zhongshu.data.registers.linking import coded, compare, components, doubtful, opened, part, quiet
from zhongshu.data.registers.loading import NONE, SIDES, Clock, Taken, columns, copy_chosen, doubts, numbered, take_in
from zhongshu.data.registers.reasons import counted, explained
from zhongshu.data.registers.settling import ranks, settle
from zhongshu.data.registers.subjects import Subject, subject_of

Ints = NDArray[np.int64]
PROOFS = {"person": "id_number", "organisation": "credit_code"}


def take(subject_name: str, told: pa.Table) -> Taken:
    """What departments tell, into a register that is empty or not."""
    return take_in(subject_name, told) if learnt.kept(subject_name) is None else add(subject_name, told)


def add(subject_name: str, told: pa.Table) -> Taken:
    """A later delivery, in one transaction; `told` as for `take_in`.

    A new record goes to the entity that it surely is; one that would make two entities one goes to the one it is most
    like, and the two wait for a person: others rest on their numbers. A record whose key its data set told before ends
    the earlier one and, like nothing else, stays with its entity. Block counts follow.
    """
    subject, done = subject_of(subject_name), Taken(subject_name, told.num_rows)
    clock = Clock(done.seconds)
    with transaction.atomic(using=OWNER):
        with connections[OWNER].cursor() as cursor:
            # Translating these statements would take longer than running them.
            cursor.execute("SET LOCAL jit = off")
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('linking'), hashtext(%s))", [subject.name])
        told = numbered(subject, _last(told))
        earlier = _end_earlier(subject, told)
        found = found_in(subject, told, earlier)
        clock("link")
        count = found.new
        first = reserve(subject.table, count)
        entity = np.where(found.entity < 0, first - 1 - found.entity, found.entity)
        touched = np.unique(np.concatenate([entity, earlier[earlier >= 0]])).tolist()
        told = told.append_column("entity", pa.array(entity))
        with blocks.shifting(subject.name, touched, OWNER):
            copy(subject.records, columns(told, marks.once(found.marks, entity)))
            clock("copy")
            if count:
                fresh = told.filter(pa.array(entity >= first))
                copy_chosen(subject, choosing.choose(subject, fresh, ranks(OWNER)))
            settle(subject, [one for one in touched if one < first], OWNER)
            clock("settle")
        clock("count")
        sides = [np.where(one < 0, first - 1 - one, one) for one in found.sides]
        done.entities, done.doubts = count, doubts(subject, sides, found.pairs)
        clock("doubts")
    return done


@dataclass(frozen=True, slots=True)
class Found:
    """Whose each new record is: the number of an entity, or -1, -2, … for the `new` ones.

    `pairs` {id_l, id_r, p, reasons} are doubtful, `sides` the entities of both; `marks` those of the new records.
    """

    entity: Ints
    new: int
    pairs: pa.Table
    sides: tuple[Ints, Ints]
    marks: pa.Table


def _last(told: pa.Table) -> pa.Table:
    """Of a key that a delivery tells twice, the last."""
    key = pc.binary_join_element_wise(told["dataset"], told["key"], "\n").combine_chunks()
    seen = coded(key)[::-1]
    last = len(seen) - 1 - np.unique(seen, return_index=True)[1]
    return told.take(pa.array(np.sort(last))).combine_chunks()


_ENDED = """
UPDATE {records} r SET valid_to = greatest(r.as_of, x.as_of) FROM (
  SELECT * FROM unnest(%s::int[], %s::text[], %s::text[], %s::date[]) AS x(n, dataset, key, as_of)) x
WHERE r.dataset = x.dataset AND r.key = x.key AND r.valid_to IS NULL RETURNING x.n, r.entity
"""


def _end_earlier(subject: Subject, told: pa.Table) -> Ints:
    """End the records that these follow; the entity of each, -1 where nothing was told before."""
    given = [told[name].to_pylist() for name in ("dataset", "key", "as_of")]
    earlier = np.full(told.num_rows, -1, dtype=np.int64)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(_ENDED.format(records=subject.records), [list(range(told.num_rows)), *given])
        for n, entity in cursor.fetchall():
            earlier[n] = entity
    return earlier


_ALIKE = """
WITH found AS ({each})
SELECT r.id, coalesce(e.merged_into, r.entity), {columns} FROM {records} r LEFT JOIN {table} e ON e.id = r.entity
WHERE r.entity = ANY (ARRAY(SELECT entity FROM found)) AND r.valid_to IS NULL
"""


def known_with(subject: Subject, marked: Mapping[str, list[int]]) -> pa.Table:
    """id, entity and the asked columns of all records of entities that have one of these marks (k1, k2, … -> marks)."""
    each, given = [], list(marked.values())
    for name in marked:
        each.append(f"SELECT r.entity FROM unnest(%s::int[]) x(k) JOIN {subject.records} r ON r.{name} = x.k")
    asked = features.ASKED[subject.name]
    sql = _ALIKE.format(
        each=" UNION ".join(each),
        columns=", ".join(f"r.{name}" for name in asked),
        records=subject.records,
        table=subject.table,
    )
    types = {"id": pa.int64(), "entity": pa.int64(), "born": pa.date32()}
    form = pa.schema([(name, types.get(name, pa.string())) for name in ("id", "entity", *asked)])
    pieces = [form.empty_table()]
    with connections[OWNER].cursor() as cursor:
        cursor.execute(sql, given)
        while rows := cursor.fetchmany(PIECE):
            held = zip(*rows, strict=True)
            pieces.append(pa.table([pa.array(one, kind) for one, kind in zip(held, form.types, strict=True)], form))
    return pa.concat_tables(pieces).combine_chunks()


def found_in(subject: Subject, told: pa.Table, earlier: Ints) -> Found:
    """Whose the new records are, without writing anything but how often their values occur."""
    made = features.of(told, subject.name)
    marked = marks.of(made, subject.name)
    asked = {name: pc.unique(marked[name].drop_null()).to_pylist() for name in marked.column_names}
    known = known_with(subject, asked)
    if subject.name == "house":
        held = features.of(known, subject.name)
        return _assigned(subject, _Sides(made, known, earlier), (same_room(made, held), NONE), marked, None)
    plan = PLANS[subject.name]
    kept = learnt.kept(subject.name) or Model()
    with quiet(), opened() as connection:
        for name, table in (("fresh", made), ("known", features.of(known, subject.name))):
            connection.register(f"given_{name}", table)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given_{name}")
        model = learnt.more(subject.name, kept, counted(connection, "fresh", plan.rare), told.num_rows)
        pairs = compare(connection, model, subject.name)
        sure = pairs.filter(pc.greater_equal(pairs["p"], plan.joins))
        return _assigned(subject, _Sides(made, known, earlier), (sure, pairs), marked, (connection, model))


@dataclass(frozen=True, slots=True)
class _Sides:
    made: pa.Table
    known: pa.Table
    earlier: Ints


def same_room(made: pa.Table, held: pa.Table) -> pa.Table:
    """Pairs of new houses with one known and one new house of the same address each."""
    with duckdb.connect() as connection:
        connection.register("made", made)
        connection.register("held", held)
        return connection.sql(
            "SELECT id_l, id_r, 1.0 AS p, 1.0 AS weight FROM (SELECT m.id AS id_r, min(h.id) AS id_l FROM made m"
            " JOIN held h USING (room) GROUP BY 1 UNION ALL"
            " SELECT id, min(id) OVER (PARTITION BY room) FROM made WHERE room IS NOT NULL)"
        ).to_arrow_table()


Explaining = tuple[duckdb.DuckDBPyConnection, Model]


def _assigned(
    subject: Subject, both: _Sides, pairs: tuple[pa.Table, pa.Table], marked: pa.Table, why: Explaining | None
) -> Found:
    """Nodes are new records, then known entities; a cluster holds one entity and one proven number at most."""
    sure, all_pairs = pairs
    made, count = both.made, both.made.num_rows
    entities = np.unique(np.concatenate([both.known["entity"].to_numpy(), both.earlier[both.earlier >= 0]]))
    node = _nodes(both, entities)
    left, right = (node(sure[side].to_numpy()) for side in SIDES)
    again = np.flatnonzero(both.earlier >= 0)
    before = count + np.searchsorted(entities, both.earlier[again])
    left, right = np.concatenate([left, again]), np.concatenate([right, before])
    weight = np.concatenate([sure["weight"].to_numpy(), np.full(len(again), -np.inf)])
    proven = coded(pa.chunked_array([_texts(made), proofs(subject, entities)], pa.string()))
    own = np.concatenate([np.full(count, -1), np.arange(len(entities))])
    labels = np.stack([own, proven], axis=1)
    cluster = part(components(len(own), left, right), labels, left, right, weight)
    entity = _named(cluster, count, entities)
    a, b = (node(all_pairs[side].to_numpy()) for side in SIDES)
    open_ones = all_pairs.filter(pa.array(doubtful(cluster, proven, a, b)))
    asked = open_ones.select([*SIDES, "p"])
    told = explained(why[0], asked, why[1], ("fresh", "known")) if why else NONE
    sides = tuple(entity[node(told[side].to_numpy())] for side in SIDES)
    return Found(entity[:count], int(-entity[:count].min(initial=0)), told, (sides[0], sides[1]), marked)


def _nodes(both: _Sides, entities: Ints) -> Any:
    """Record id -> node: new records by their row, known ones by their entity."""
    start, count = int(both.made["id"][0].as_py()), both.made.num_rows
    ids = both.known["id"].to_numpy()
    order = np.argsort(ids)
    of = count + np.searchsorted(entities, both.known["entity"].to_numpy())

    def node(given: Ints) -> Ints:
        fresh = (given >= start) & (given < start + count)
        found = given - start
        old = given[~fresh]
        found[~fresh] = of[order[np.searchsorted(ids, old, sorter=order)]]
        return np.asarray(found, dtype=np.int64)

    return node


def _named(cluster: Ints, count: int, entities: Ints) -> Ints:
    """The entity of each node's cluster: a known one's number, or -1, -2, … by the order of the new ones."""
    name = np.zeros(int(cluster.max(initial=-1)) + 1, dtype=np.int64)
    name[cluster[count:]] = entities
    fresh = np.unique(cluster[:count][name[cluster[:count]] == 0])
    name[fresh] = -1 - np.arange(len(fresh))
    return np.asarray(name[cluster], dtype=np.int64)


def _texts(made: pa.Table) -> pa.Array:
    if "number" not in made.column_names:
        return pa.nulls(made.num_rows, pa.string())
    number = made["number"]
    return number.combine_chunks() if isinstance(number, pa.ChunkedArray) else number


def proofs(subject: Subject, entities: Ints) -> pa.Array:
    """The number that proves itself of each known entity, null where it has none."""
    column = PROOFS.get(subject.name)
    if column is None:
        return pa.nulls(len(entities), pa.string())
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            f"SELECT e.{column} FROM unnest(%s::bigint[]) WITH ORDINALITY x(id, n) LEFT JOIN {subject.table} e"
            " ON e.id = x.id ORDER BY x.n",
            [entities.tolist()],
        )
        held = pa.array([row[0] for row in cursor.fetchall()], pa.string())
    number, proven = (numbers.identity if subject.name == "person" else numbers.credit)(held)
    return pc.if_else(pa.array(proven), number, pa.scalar(None, pa.string()))
