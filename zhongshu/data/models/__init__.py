"""数据表 tables of the central base database, as Django models."""

from __future__ import annotations

from zhongshu.data.models.intake import Attachment, Contact, IntakeKey, Observation, PersonalRead
from zhongshu.data.models.road import CallBack, Case, Clock, MergeProposal, Report, Stuck, Task, Warning

__all__ = [
    "Attachment",
    "CallBack",
    "Case",
    "Clock",
    "Contact",
    "IntakeKey",
    "MergeProposal",
    "Observation",
    "PersonalRead",
    "Report",
    "Stuck",
    "Task",
    "Warning",
]
