"""数据表 tables of the central base database, as Django models."""

from __future__ import annotations

from zhongshu.data.models.duty_rota import Rota
from zhongshu.data.models.intake import Attachment, Contact, IntakeKey, Observation, PersonalRead
from zhongshu.data.models.integration import Integration
from zhongshu.data.models.pack import (
    AddressPlace,
    Calendar,
    CalendarDay,
    Category,
    Component,
    CrossWalk,
    Division,
    Duty,
    Grid,
    Indicator,
    Lexicon,
    PackVersion,
    PersonInPost,
    Post,
    Sample,
    Sensor,
    Unit,
    Word,
)
from zhongshu.data.models.road import CallBack, Case, Clock, MergeProposal, Report, Stuck, Task, Warning

__all__ = [
    "AddressPlace",
    "Attachment",
    "Calendar",
    "CalendarDay",
    "CallBack",
    "Case",
    "Category",
    "Clock",
    "Component",
    "Contact",
    "CrossWalk",
    "Division",
    "Duty",
    "Grid",
    "Indicator",
    "IntakeKey",
    "Integration",
    "Lexicon",
    "MergeProposal",
    "Observation",
    "PackVersion",
    "PersonInPost",
    "PersonalRead",
    "Post",
    "Report",
    "Rota",
    "Sample",
    "Sensor",
    "Stuck",
    "Task",
    "Unit",
    "Warning",
    "Word",
]
