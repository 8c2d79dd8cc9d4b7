"""Names and groups of variants, as tables and figures show them."""

EMBEDDED_NOTICE = (
    "**Demonstration data.** These results are of digits and alphabets drawn from fonts. They show "
    "that the workflow works, and say nothing of the published study."
)


def capitalised(text):
    """Makes the first letter of a text a capital, for headings."""
    return text[:1].upper() + text[1:]


def alike_columns(table):
    """Returns what is the same in all rows of a table of several rows, by column, as text."""
    alike = [column for column in table if len(table) > 1 and table[column].nunique() == 1]
    return {column: str(table[column].iloc[0]) for column in alike}


ALIKE = ("layers", "mode", "label", "options", "slope", "network")


def estimator_name(variant, settings):
    """Returns a variant's estimator, with its options where another variant has others, and its
    learning rate where that alone tells it from another variant."""
    names = [variant["label"]]
    for key, value in variant["options"].items():
        others = [
            other["options"].get(key)
            for other in settings["variants"]
            if other["estimator"] == variant["estimator"]
        ]
        if any(other != value for other in others):
            names.append(f"{key.replace('_', ' ')} {value:g}")
    if variant["learning_rate"] is not None and _twins(variant, settings):
        names.append(f"learning rate {variant['learning_rate']:g}")
    return ", ".join(names)


def _twins(variant, settings):
    """Returns the variants that differ from one in the learning rate alone."""
    return [
        other
        for other in settings["variants"]
        if all(other[key] == variant[key] for key in ALIKE)
        and other["learning_rate"] != variant["learning_rate"]
    ]


def group_name(variant, settings):
    """Names a variant's group in tables: how its units fire and are trained.

    Options of the estimator, and the slope, are named where they alone tell variants apart; what
    its network has of its own is always named."""
    alike = [
        other
        for other in settings["variants"]
        if all(other[key] == variant[key] for key in ("layers", "mode", "estimator", "network"))
    ]
    several = any(other["options"] != variant["options"] for other in alike)
    several = several or bool(_twins(variant, settings))
    name = estimator_name(variant, settings) if several else variant["label"]
    if variant["mode"]:
        name = f"{variant['mode']}, {name}"
    if len({other["slope"] for other in alike}) > 1:
        name += f", slope {variant['slope']}"
    return f"{name}, {variant['network']}" if variant["network"] else name


def groups(settings):
    """Groups the variants, in the order of each group's first: pairs of name and variants."""
    members = {}
    for variant in settings["variants"]:
        members.setdefault(group_name(variant, settings), []).append(variant)
    return list(members.items())


def full_names(settings):
    """Names each variant by its group and, within it, its binary layers."""
    series = series_names(settings)
    return {
        variant["name"]: group
        if series[variant["name"]] == "none"
        else f"{group}: {series[variant['name']]}"
        for group, members in groups(settings)
        for variant in members
    }


def series_names(settings):
    """Names each variant within its group: by its binary layers, and by its own name too where an
    earlier variant of the group has the same layers."""
    names = {}
    for _, members in groups(settings):
        taken = set()
        for variant in members:
            layers = ", ".join(variant["layers"]) or "none"
            name = f"{layers} ({variant['name']})" if layers in taken else layers
            taken.add(layers)
            names[variant["name"]] = name
    return names
