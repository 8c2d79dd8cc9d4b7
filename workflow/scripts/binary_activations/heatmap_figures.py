"""The figure of one network's heatmaps."""

import matplotlib as mpl
from matplotlib.figure import Figure

from binary_activations.style import bare, data_title, styled


@styled
def heatmap_figure(inputs, heatmaps, settings):
    """The inputs and all layers' heatmaps side by side: a row per drawing.

    Args:
        inputs: drawings, array [drawings, 28, 28].
        heatmaps: by layer, what is shown to arrays [drawings, height, width] in [0, 1]
            (`heatmaps.layer_heatmaps`).
        settings: the data's `title` and `origin`, and the `variant`'s name.

    Returns:
        A `Figure`: the input, then for each layer its heatmap alone and over the input.
    """
    columns = [("input", None, False)]
    for layer, shown in heatmaps.items():
        random = "sample" in shown
        columns.append((f"{layer}\nmean of samples" if random else layer, shown["mean"], False))
        columns.append((f"{layer}\nover the input", shown["mean"], True))
        if random:
            columns.append((f"{layer}\none sample", shown["sample"], False))
    rows = len(inputs)
    figure = Figure(figsize=(1.15 * len(columns) + 0.9, 1.15 * rows + 0.9), layout="constrained")
    axes = figure.subplots(rows, len(columns), squeeze=False)
    for row in range(rows):
        for axis, (label, maps, over) in zip(axes[row], columns, strict=True):
            bare(axis)
            if row == 0:
                axis.set_title(label, fontsize=8)
            extent = (0, inputs.shape[2], inputs.shape[1], 0)
            if maps is None or over:
                axis.imshow(inputs[row], cmap="gray", extent=extent)
            if maps is not None:
                style = {"alpha": 0.65} if over else {}
                axis.imshow(maps[row], cmap="inferno", vmin=0, vmax=1, extent=extent, **style)
    scale = mpl.cm.ScalarMappable(mpl.colors.Normalize(0, 1), "inferno")
    bar = figure.colorbar(scale, ax=axes, shrink=0.6, pad=0.02)
    bar.set_label("mean activation / its maximum")
    figure.suptitle(f"{data_title(settings)}: {settings['variant']}", fontsize=10)
    return figure
