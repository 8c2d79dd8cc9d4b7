"""The one exception whose message is meant for the person who runs the study."""


class StudyError(Exception):
    """An error that a user can fix; its message names the file, key or value and the remedy."""
