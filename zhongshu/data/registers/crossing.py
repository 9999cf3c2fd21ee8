"""跨片归并 what two parts of a filling have in common, looked at once, when all are in and the indexes are built.

Nothing rests yet on what the filling made: two of its entities that surely are one become one, with its own number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from django.db import connections, transaction
from numpy.typing import NDArray

from zhongshu.data.databases import OWNER
from zhongshu.data.registers import features, learnt
from zhongshu.data.registers.adding import known_with, proofs, same_room
from zhongshu.data.registers.beside import Beside
from zhongshu.data.registers.comparing import PLANS
from zhongshu.data.registers.learnt import Model
from zhongshu.data.registers.linking import coded, compare, components, doubtful, opened, part, quiet
from zhongshu.data.registers.loading import NONE, SIDES, Clock, Taken, doubts
from zhongshu.data.registers.reasons import counted, explained
from zhongshu.data.registers.settling import settle
from zhongshu.data.registers.subjects import Subject

Ints = NDArray[np.int64]


def across(subject: Subject, beside: Beside) -> Taken:
    """Compare records of different parts that share a mark; tells how many entities went, how many doubts came."""
    done = Taken(subject.name)
    clock = Clock(done.seconds)
    shared = beside.shared()
    clock("shared")
    if not any(shared.values()):
        return done
    held = known_with(subject, shared)
    done.records = held.num_rows
    if not held.num_rows:
        return done
    clock("read")
    with quiet(), opened() as connection:
        pairs, model = _pairs(connection, subject, features.of(held, subject.name))
        ids = held["id"].to_numpy()
        order = np.argsort(ids)
        at = [order[np.searchsorted(ids, pairs[side].to_numpy(), sorter=order)] for side in SIDES]
        parts = np.searchsorted(np.array(beside.starts), ids, "right")
        apart = parts[at[0]] != parts[at[1]]
        pairs, left, right = pairs.filter(pa.array(apart)), at[0][apart], at[1][apart]
        entities, node = np.unique(held["entity"].to_numpy(), return_inverse=True)
        left, right = node[left], node[right]
        cluster = _clusters(subject, entities, (left, right), pairs)
        proven = coded(proofs(subject, entities))
        open_ones = doubtful(cluster, proven, left, right)
        asked = pairs.filter(pa.array(open_ones)).select([*SIDES, "p"])
        told = explained(connection, asked, model, ("fresh",)) if model.settings else NONE
        clock("compare")
    target = _targets(cluster, entities)
    where = order[np.searchsorted(ids, np.concatenate([told[side].to_numpy() for side in SIDES]), sorter=order)]
    sides = np.split(target[node[where]], 2)
    with transaction.atomic(using=OWNER):
        done.entities = -_move(subject, entities, target)
        done.doubts = doubts(subject, sides, told)
    clock("write")
    return done


def _pairs(connection: Any, subject: Subject, made: pa.Table) -> tuple[pa.Table, Model]:
    """Pairs {id_l, id_r, p, weight} of these records by the weights and counts of the whole register."""
    if subject.name not in PLANS:
        return same_room(made, made.slice(0, 0)), Model()
    connection.register("given", made)
    connection.execute("CREATE TABLE fresh AS SELECT * FROM given")
    connection.execute("CREATE TABLE known AS SELECT * FROM given LIMIT 0")
    kept = learnt.kept(subject.name) or Model()
    terms = counted(connection, "fresh", PLANS[subject.name].rare)
    model = learnt.among_all(subject.name, Model(kept.settings, kept.totals, terms))
    return compare(connection, model, subject.name), model


def _clusters(subject: Subject, entities: Ints, sides: tuple[Ints, Ints], pairs: pa.Table) -> Ints:
    """The cluster of each entity; none with two numbers that prove themselves."""
    joins = PLANS[subject.name].joins if subject.name in PLANS else 0.0
    sure = pairs["p"].to_numpy() >= joins
    left, right = sides[0][sure], sides[1][sure]
    proven = coded(proofs(subject, entities))
    whole = components(len(entities), left, right)
    return part(whole, proven, left, right, pairs["weight"].to_numpy()[sure])


def _targets(cluster: Ints, entities: Ints) -> Ints:
    """What each entity becomes: the first of its cluster."""
    first = np.full(int(cluster.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, cluster, entities)
    return np.asarray(first[cluster], dtype=np.int64)


_GONE = "WITH gone AS (SELECT * FROM unnest(%(gone)s::bigint[], %(into)s::bigint[]) AS x(a, b)) "
_PAIRS = """
, held AS (DELETE FROM identity_pair p
  WHERE subject = %(subject)s AND (first = ANY (%(gone)s) OR second = ANY (%(gone)s)) RETURNING p.*),
moved AS (SELECT h.*, coalesce(f.b, h.first) AS a, coalesce(s.b, h.second) AS z FROM held h
  LEFT JOIN gone f ON f.a = h.first LEFT JOIN gone s ON s.a = h.second)
INSERT INTO identity_pair
  (id, subject, first, second, place, score, reasons, state, found_at, decided_at, by, proceeding)
SELECT DISTINCT ON (least(a, z), greatest(a, z)) subject || ':' || least(a, z) || '+' || greatest(a, z), subject,
  least(a, z), greatest(a, z), place, score, reasons, state, found_at, decided_at, by, proceeding
FROM moved WHERE a <> z ORDER BY least(a, z), greatest(a, z), score DESC ON CONFLICT (id) DO NOTHING
"""


def _move(subject: Subject, entities: Ints, target: Ints) -> int:
    """Give the records of those that are another one to that one; returns how many went."""
    goes = np.flatnonzero(entities != target)
    if not len(goes):
        return 0
    given = {"gone": entities[goes].tolist(), "into": target[goes].tolist(), "subject": subject.name}
    told = [f"UPDATE {subject.records} r SET entity = gone.b FROM gone WHERE r.entity = gone.a"]
    if subject.name == "house":
        told += [
            f"UPDATE {table} t SET house = gone.b FROM gone WHERE t.house = gone.a" for table in ("residence", "person")
        ]
    if subject.name == "person":
        told.append("DELETE FROM residence t USING gone WHERE t.person = gone.a")
    told.append(f"DELETE FROM {subject.table} e USING gone WHERE e.id = gone.a")
    with connections[OWNER].cursor() as cursor:
        for sql in told:
            cursor.execute(_GONE + sql, given)
        cursor.execute(_GONE.rstrip() + _PAIRS, given)
    settle(subject, sorted(set(given["into"])), OWNER)
    return len(goes)
