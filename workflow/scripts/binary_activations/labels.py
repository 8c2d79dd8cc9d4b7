"""Names and groups of variants, as tables and figures show them."""

import itertools

TITLES = {"mnist": "MNIST", "omniglot": "Omniglot"}
EMBEDDED_NOTICE = (
    "**These are not MNIST or Omniglot results.** They come from the embedded demonstration "
    "data, digits and alphabets drawn from fonts, and show only that the workflow works."
)


def group_name(variant):
    """What a group of the table has in common: how its units fire and are trained."""
    if not variant["layers"]:
        return "no binary layer"
    estimator = {"straight_through": "straight-through", "reinforce": "REINFORCE"}
    named = estimator.get(variant["estimator"], "no gradient")
    return f"{variant['mode']}, {named}"


def groups(settings):
    """The variants of each group, in the table's order: pairs of name and variants."""
    return [
        (name, list(members))
        for name, members in itertools.groupby(settings["variants"], key=group_name)
    ]
