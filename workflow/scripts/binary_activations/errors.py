"""The one exception whose message is meant for the person who runs the study."""


class StudyError(Exception):
    """Something a user can mend; the message names the file, key or value and the remedy."""
