"""查看范围 viewing: the one place where a viewer's span becomes what the database lets through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction

from zhongshu.data.databases import APP
from zhongshu.kernel.access import Viewer


@contextmanager
def viewing(viewer: Viewer) -> Iterator[None]:
    """Everything read on the screens' connection inside sees this viewer's rows and no others.

    The span lasts for one transaction, so a pooled connection can't carry it to the next person.
    """
    with transaction.atomic(using=APP):
        with connections[APP].cursor() as cursor:
            cursor.execute(
                "SELECT set_config('zhongshu.lo', %s, true), set_config('zhongshu.hi', %s, true)",
                [viewer.span.lo, viewer.span.hi],
            )
        yield
