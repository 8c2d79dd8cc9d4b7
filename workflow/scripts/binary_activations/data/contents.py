"""How much the archives hold. No PyTorch, since configurations are checked against it."""

DRAWERS = 20  # of each Omniglot character
TEST_DRAWERS = 2  # of each character, whose drawings test a network that classifies characters
ROTATIONS = 4  # of an Omniglot character, each a class of its own
# By origin: training images; characters of each background alphabet, fewest first; evaluation
# characters.
AVAILABLE = {
    "official": {
        "images": 60000,
        "background": (
            *(14, 14, 16, 17, 20, 22, 22, 23, 24, 24, 26, 26, 26, 26, 29),
            *(33, 33, 34, 40, 40, 40, 41, 41, 42, 43, 46, 47, 48, 52, 55),
        ),
        "evaluation": 659,
    },
    "embedded": {"images": 2000, "background": (12,) * 7, "evaluation": 60},
}


def characters(origin):
    """Returns how many characters there are, of background and evaluation alphabets."""
    return sum(AVAILABLE[origin]["background"]) + AVAILABLE[origin]["evaluation"]


def training_images(dataset, origin):
    """Returns how many labelled images a data set has to train on, validation images included."""
    if dataset == "characters":
        return characters(origin) * (DRAWERS - TEST_DRAWERS)
    return AVAILABLE[origin]["images"]
