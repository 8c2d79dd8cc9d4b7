"""The pictures of one trained replicate, and how often its units fire: as files."""

import torch

from binary_activations import command_line
from binary_activations.figures.heatmaps import heatmap_figure
from binary_activations.figures.layers import (
    activation_maps_figure,
    filters_figure,
    most_exciting_figure,
)
from binary_activations.figures.style import write_figure
from binary_activations.inspection.drawings import choose_drawings, unseen_drawings
from binary_activations.inspection.firing import firing_table
from binary_activations.inspection.heatmaps import layer_heatmaps
from binary_activations.inspection.layers import filter_excitations, most_exciting
from binary_activations.inspection.maximising import maximising_drawings
from binary_activations.reporting.csv_files import write_csv
from binary_activations.training.devices import set_up_device
from binary_activations.training.generators import generator
from binary_activations.training.models import load_model

DRAWINGS = (
    2000  # drawings whose firing is counted, and from which those that excite a filter are chosen
)
MAPS, EXCITING = 3, 5  # drawings in a figure
EXCITES = "Drawings that excite the filters of {} most"
MADE = "Drawings made to excite the filters of {}"
MAXIMISED = 16  # filters for which a drawing is made


def picture_options(parser):
    """Adds the options of a program that draws one replicate."""
    command_line.json_option(parser, "settings", "dataset, variant, seed, and what is drawn")
    parser.add_argument("--threads", type=int, default=1, help="processor threads")
    command_line.path_option(parser, "data", "the prepared arrays")
    command_line.path_option(parser, "model", "the trained network")
    command_line.path_option(parser, "heatmap", "the heatmaps, PNG (written)")
    command_line.path_option(parser, "layers", "folder of the layers' pictures, PNG (written)")
    command_line.path_option(parser, "firing", "units that never or always fire, CSV (written)")
    command_line.path_option(
        parser, "representations", "nearest neighbours by layer, CSV (written)"
    )


def write_pictures(arguments):
    """Draws the heatmaps and each layer's pictures, and counts how often units fire.

    Args:
        arguments: the values of `picture_options`.

    Returns:
        The network.
    """
    data, settings = arguments.data, arguments.settings
    network = load_model(arguments.model, set_up_device("cpu", arguments.threads))
    _draw_heatmap(network, data, settings, arguments.heatmap)
    drawings = unseen_drawings(settings["dataset"], data, DRAWINGS)
    _draw_layers(network, drawings, data, settings, arguments.layers)
    _draw_maximising(network, settings, arguments.layers)
    write_csv(arguments.firing, firing_table(network, drawings))
    return network


def _draw_heatmap(network, data, settings, path):
    """Draws the heatmaps of all layers."""
    drawings = choose_drawings(settings["dataset"], data, settings["classes"])
    units = generator(settings["seed"], "units")
    heatmaps = {
        layer: {shown: maps.numpy() for shown, maps in by_kind.items()}
        for layer, by_kind in layer_heatmaps(network, drawings, settings["samples"], units).items()
    }
    write_figure(path, heatmap_figure(drawings[:, 0].numpy(), heatmaps, settings))


@torch.inference_mode()
def _draw_layers(network, drawings, data, settings, folder):
    """Draws each layer's pictures into a folder."""
    by_layer = filter_excitations(network, drawings, generator(settings["seed"], "units"))
    chosen = choose_drawings(settings["dataset"], data, MAPS)
    activations = network.layer_activations(chosen)
    for layer, excitations in by_layer.items():
        weights = network.layers[layer][0].weight.numpy()
        exciting = most_exciting(excitations, drawings, EXCITING).numpy()
        maps = activations[layer].numpy()
        for name, figure in (
            ("filters", filters_figure(weights, layer, settings)),
            ("activations", activation_maps_figure(chosen[:, 0].numpy(), maps, layer, settings)),
            ("exciting", most_exciting_figure(exciting, EXCITES.format(layer), settings)),
        ):
            write_figure(folder / f"{name}_{layer}.png", figure)


def _draw_maximising(network, settings, folder):
    """Draws what excites each layer's first filters most, into the same folder."""
    for layer in network.layer_names:
        start = generator(settings["seed"], "units")
        made = maximising_drawings(network, settings["dataset"], layer, MAXIMISED, start)
        figure = most_exciting_figure(made.numpy()[None], MADE.format(layer), settings)
        write_figure(folder / f"maximising_{layer}.png", figure)
