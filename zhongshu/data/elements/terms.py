"""用语 the words that elements and forms are described by, and how often a year each cycle comes round."""

from __future__ import annotations

TYPES = ("text", "code", "date", "integer", "number", "identity", "credit_code", "phone", "place", "point")
SUBJECTS = ("person", "house", "organisation", "address", "component", "event", "place")
CYCLES = ("once", "day", "week", "month", "quarter", "half", "year")
LEVELS = ("city", "district", "street", "community")
MASKS = ("name", "identity", "phone", "address", "plate", "none")

FREQUENCY = {"once": 0.1, "day": 250.0, "week": 52.0, "month": 12.0, "quarter": 4.0, "half": 2.0, "year": 1.0}
"""Times a year. A day is a working day; what is asked once is asked of the tenth of the subjects that is new in a year
(a default of the project, no standard)."""

KEEPS = {"once": 36_500, "day": 1, "week": 7, "month": 31, "quarter": 92, "half": 184, "year": 366}
"""Days for which a value may be used without asking again: the cycle of its element."""

WORKDAYS = 250
"""Working days of a year over which a worker's burden is spread."""
