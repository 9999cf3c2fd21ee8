"""索引 the indexes of the registers: away while an empty city is filled, built at once from all its rows afterwards.

Marks and numbers fall anywhere in an index: one that is larger than memory is read and written for nearly each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connections
from django.db.models import Model

from zhongshu.data.databases import OWNER

TABLES = (
    "house",
    "house_record",
    "person",
    "person_record",
    "residence",
    "organisation",
    "organisation_record",
    "linking_term",
)
STAYS = ("house_code",)
"""Houses are looked up by it while people are taken in; it grows at its end, as codes do."""
MEMORY = "1GB"
"""What building one index may take."""


@contextmanager
def without() -> Iterator[None]:
    """No index but those of the ids; all of them again afterwards, whatever happened."""
    drop()
    try:
        yield
    finally:
        restore()


def drop() -> None:
    """Take all indexes of the registers away but those of the ids."""
    present = there()
    with connections[OWNER].schema_editor(atomic=False) as editor:
        for model in models():
            for index in model._meta.indexes:
                if index.name in present and index.name not in STAYS:
                    editor.remove_index(model, index)
            for constraint in model._meta.constraints:
                if constraint.name in present:
                    editor.remove_constraint(model, constraint)


def restore() -> None:
    """Build those that are missing."""
    present = there()
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, false)", [MEMORY])
    with connections[OWNER].schema_editor(atomic=False) as editor:
        for model in models():
            for index in model._meta.indexes:
                if index.name not in present:
                    editor.add_index(model, index)
            for constraint in model._meta.constraints:
                if constraint.name not in present:
                    editor.add_constraint(model, constraint)
    with connections[OWNER].cursor() as cursor:
        cursor.execute("RESET maintenance_work_mem")


def models() -> Iterator[type[Model]]:
    """The tables of the registers."""
    return (model for model in apps.get_models() if model._meta.db_table in TABLES)


def there() -> set[str]:
    """Names of the indexes that these tables have now."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = ANY (%s)", [list(TABLES)])
        return {str(row[0]) for row in cursor.fetchall()}
