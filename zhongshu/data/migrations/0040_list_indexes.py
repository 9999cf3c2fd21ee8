"""清单索引: the lists of what is urgent, came back twice, or was redone find their few among many open cases."""

from __future__ import annotations

from django.db import migrations, models

_LISTS = {
    "case_urgent": models.Q(urgency__gte=2) & models.Q(closed_at=None),
    "case_twice": models.Q(returned__gte=2) & models.Q(closed_at=None),
    "case_unsolved": models.Q(redone__gt=0) & models.Q(closed_at=None),
}


class Migration(migrations.Migration):
    dependencies = [("data", "0039_english_names")]
    operations = [
        migrations.AddIndex("Case", models.Index(fields=["-id"], name=name, include=["place"], condition=condition))
        for name, condition in _LISTS.items()
    ]
