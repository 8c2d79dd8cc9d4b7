"""How much the archives hold. No PyTorch, since configurations are checked against it."""

DRAWERS = 20  # of each Omniglot character
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
