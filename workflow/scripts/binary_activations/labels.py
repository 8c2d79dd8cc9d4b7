"""Names and groups of variants, as tables and figures show them."""

EMBEDDED_NOTICE = (
    "**These are not MNIST or Omniglot results.** They come from the embedded demonstration "
    "data, digits and alphabets drawn from fonts, and show only that the workflow works."
)


ESTIMATORS = {
    None: "no binary layer",
    "straight_through": "straight-through",
    "gumbel_softmax": "Gumbel-softmax",
    "reinmax": "ReinMax",
    "reinforce": "REINFORCE",
    "none": "no gradient",
}
REDUCTIONS = {
    "running_mean": "running mean",
    "leave_one_out": "leave-one-out",
    "disarm": "DisARM",
    "local_expectation": "local expectation",
}


def estimator_name(variant):
    """A variant's estimator, with what lowers its variance."""
    name = ESTIMATORS[variant["estimator"]]
    if reduction := variant["variance_reduction"]:
        name += f", {REDUCTIONS[reduction]}"
    return name


def group_name(variant, settings):
    """What a group of the table has in common: how its units fire and are trained; and how the
    variance is reduced, or the slope annealed, where just that tells some variants apart."""
    alike = [
        other
        for other in settings["variants"]
        if all(other[key] == variant[key] for key in ("layers", "mode", "estimator"))
    ]
    several = len({other["variance_reduction"] for other in alike}) > 1
    name = estimator_name(variant) if several else ESTIMATORS[variant["estimator"]]
    if variant["mode"]:
        name = f"{variant['mode']}, {name}"
    if len({other["slope"] for other in alike}) > 1:
        name += f", {variant['slope']} slope"
    return name


def groups(settings):
    """The variants of each group, in the order of their first member: pairs of name and
    variants."""
    members = {}
    for variant in settings["variants"]:
        members.setdefault(group_name(variant, settings), []).append(variant)
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
