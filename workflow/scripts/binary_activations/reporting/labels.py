"""Names and groups of variants, as tables and figures show them."""

EMBEDDED_NOTICE = (
    "**Demonstration data.** These results are of digits and alphabets drawn from fonts. They show "
    "that the workflow works, and say nothing of the published study."
)


def capitalised(text):
    """A text whose first letter is a capital: as a heading has it."""
    return text[:1].upper() + text[1:]


def estimator_name(variant, settings):
    """A variant's estimator, with its options where another variant has others."""
    names = [variant["label"]]
    for key, value in variant["options"].items():
        others = [
            other["options"].get(key)
            for other in settings["variants"]
            if other["estimator"] == variant["estimator"]
        ]
        if any(other != value for other in others):
            names.append(f"{key.replace('_', ' ')} {value:g}")
    return ", ".join(names)


def group_name(variant, settings):
    """What a group of the table has in common: how its units fire and are trained, with options of
    the estimator and the slope where just those tell some variants apart."""
    alike = [
        other
        for other in settings["variants"]
        if all(other[key] == variant[key] for key in ("layers", "mode", "estimator"))
    ]
    several = any(other["options"] != variant["options"] for other in alike)
    name = estimator_name(variant, settings) if several else variant["label"]
    if variant["mode"]:
        name = f"{variant['mode']}, {name}"
    if len({other["slope"] for other in alike}) > 1:
        name += f", slope {variant['slope']}"
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
