"""What decisions go by: the place's limits, the working calendar and the directory, frozen, passed from the edge."""

from dataclasses import dataclass

from workflow.calendar import Calendar
from workflow.directory import Directory
from workflow.profile import Profile


@dataclass(frozen=True, slots=True)
class Rules:
    """Profile (地方规则), calendar (工作日历) and directory (通讯录) in force."""

    profile: Profile
    calendar: Calendar
    directory: Directory
