"""The figure of one episode of a matching network."""

import numpy as np
import torch
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from binary_activations.episodes import sample_episodes
from binary_activations.few_shot import embed_episodes
from binary_activations.layer_figures import mosaic
from binary_activations.matching import attend
from binary_activations.style import COLOURS, bare, data_title, styled


@torch.inference_mode()
def one_episode(network, characters, n_way, k_shot, generator):
    """Draw an episode with one query a class, and let a matching network attend to it.

    Args:
        network: drawings to embeddings; put into evaluation mode.
        characters: a `datasets.Characters`.
        n_way: classes.
        k_shot: support drawings a class.
        generator: a CPU generator, which decides the episode.

    Returns:
        `support`, `queries` and `attention`, as `episode_figure` takes them.

    Raises:
        StudyError: where there are fewer classes or drawings than asked.
    """
    episode = sample_episodes(characters, 1, n_way, k_shot, 1, generator)
    attention = attend(*embed_episodes(network, characters, episode))[0]
    support, queries = (
        characters.inputs(*drawn)[:, 0] for drawn in (episode.support(0, 1), episode.query(0, 1))
    )
    return support.unflatten(0, (n_way, k_shot)).numpy(), queries.numpy(), attention.numpy()


@styled
def episode_figure(support, queries, attention, settings):
    """Support set, queries and attention.

    Args:
        support: drawings, array [n_way, k_shot, 28, 28].
        queries: drawings, array [n_way * queries, 28, 28], in the order of the classes.
        attention: of each query to each class, array [n_way * queries, n_way].
        settings: the data's `title` and `origin`, and the `variant`'s name.

    Returns:
        A `Figure`: a column for each class under its support drawings, a row for each query; the
        query's own class is framed, green where it has the most attention and else red.
    """
    count, n_way = attention.shape
    own = np.arange(count) // (count // n_way)
    figure = Figure(figsize=(1.05 * (n_way + 1) + 0.9, 1.0 * (count + 1) + 1.0))
    figure.set_layout_engine("constrained")
    axes = figure.subplots(count + 1, n_way + 1)
    for axis in axes.flat:
        bare(axis)
    axes[0, 0].text(0.5, 0.5, "support →\n\nqueries ↓", ha="center", va="center")
    for axis, drawings in zip(axes[0, 1:], support, strict=True):
        axis.imshow(mosaic(drawings, int(np.ceil(np.sqrt(len(drawings))))), cmap="gray")
    for row, (query, shares) in enumerate(zip(queries, attention, strict=True), 1):
        axes[row, 0].imshow(query, cmap="gray")
        for column, share in enumerate(shares):
            axis = axes[row, column + 1]
            image = axis.imshow([[share]], cmap="cividis", vmin=0, vmax=1)
            text = "black" if share > 0.5 else "white"
            axis.text(0, 0, f"{100 * share:.0f} %", color=text, ha="center", va="center")
            if column == own[row - 1]:
                right = shares.argmax() == column
                colour = COLOURS[2] if right else COLOURS[1]
                frame = Rectangle((-0.5, -0.5), 1, 1, fill=False, lw=4, ec=colour)
                axis.add_patch(frame)
    bar = figure.colorbar(image, ax=axes, shrink=0.6, pad=0.02)
    bar.set_label("attention")
    figure.suptitle(
        f"One episode, {data_title(settings)}\n{settings['variant']}; own class framed", fontsize=10
    )
    return figure
