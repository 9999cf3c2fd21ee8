"""A longer pending list for the search tokens: at 256 kB a bulk intake emptied it two or three times in each batch.

At 1 MB a search reads at most 128 pages more, and each empties what several batches have gathered: about half the cost
per case.
"""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("data", "0007_open")]
    operations = [
        migrations.RunSQL(
            "ALTER INDEX IF EXISTS case_grams SET (gin_pending_list_limit = 1024);", migrations.RunSQL.noop
        ),
    ]
