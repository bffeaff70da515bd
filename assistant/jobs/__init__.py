"""Why: a colleague should see that something happens, leave a page and come back to it, and stop what they no
longer want. An answer runs as a job, whose events any process can read, again and from any point.
"""

from assistant.jobs.job import Event, EventKind, Job, JobState
from assistant.jobs.kept import Kept
from assistant.jobs.running import Jobs

__all__ = ["Event", "EventKind", "Job", "JobState", "Jobs", "Kept"]
