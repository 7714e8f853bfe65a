"""The tasks that win a partner, welcome it, review a strategy, or say goodbye.

Everything here is pure: the network and the day go in, tasks and dates come out. What people ticked, dated,
noted or removed is never touched; planning twice adds nothing the second time.
"""

from __future__ import annotations

from netzwerk_sheets.onboarding.calendar import REGIONS, working_day
from netzwerk_sheets.onboarding.catalogue import Form, Purpose, check, purposes, select, variants
from netzwerk_sheets.onboarding.dates import missing_due, offsets, reschedule
from netzwerk_sheets.onboarding.differences import Difference, plan_differences
from netzwerk_sheets.onboarding.frame import NETWORK, Frame, task_id
from netzwerk_sheets.onboarding.progress import Progress, Unfinished, overdue_days, progress
from netzwerk_sheets.onboarding.roles import responsible
from netzwerk_sheets.onboarding.shared import (
    RECENT_DAYS,
    Change,
    changes,
    plan_review,
    plan_shared,
    plan_survey,
)
from netzwerk_sheets.onboarding.sheets import plan_sheet

__all__ = [
    "NETWORK",
    "RECENT_DAYS",
    "REGIONS",
    "Change",
    "Difference",
    "Form",
    "Frame",
    "Progress",
    "Purpose",
    "Unfinished",
    "changes",
    "check",
    "missing_due",
    "offsets",
    "overdue_days",
    "plan_differences",
    "plan_review",
    "plan_shared",
    "plan_sheet",
    "plan_survey",
    "progress",
    "purposes",
    "reschedule",
    "responsible",
    "select",
    "task_id",
    "variants",
    "working_day",
]
