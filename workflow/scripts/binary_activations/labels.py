"""Names and groups of variants, as tables and figures show them."""

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
    """The variants of each group, in the order of their first member: pairs of name and
    variants."""
    members = {}
    for variant in settings["variants"]:
        members.setdefault(group_name(variant), []).append(variant)
    return list(members.items())


def series_names(settings):
    """By variant, what tells it from the others of its group: its binary layers, and its name
    too where an earlier variant of the group has the same layers."""
    names = {}
    for _, members in groups(settings):
        taken = set()
        for variant in members:
            layers = ", ".join(variant["layers"]) or "none"
            name = f"{layers} ({variant['name']})" if layers in taken else layers
            taken.add(layers)
            names[variant["name"]] = name
    return names
