"""Draws each layer's heatmaps of all variants together, on the same drawings."""

from binary_activations import command_line
from binary_activations.figures.heatmaps import heatmap_sheet
from binary_activations.figures.style import write_figure
from binary_activations.inspection.drawings import choose_drawings
from binary_activations.inspection.heatmaps import layer_heatmaps
from binary_activations.reporting.labels import full_names
from binary_activations.study.paths import replicate_file
from binary_activations.training.devices import set_up_device
from binary_activations.training.generators import generator
from binary_activations.training.models import load_model


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "variants, a seed, what is drawn")
    parser.add_argument("--threads", type=int, default=1, help="processor threads")
    command_line.path_option(parser, "data", "the prepared arrays")
    command_line.path_option(parser, "replicates", "folder of the replicates")
    command_line.path_option(parser, "sheets", "folder of a picture for each layer, PNG (written)")
    arguments = parser.parse_args()
    settings = arguments.settings
    device = set_up_device("cpu", arguments.threads)
    drawings = choose_drawings(settings["dataset"], arguments.data, settings["classes"])
    by_layer = {}
    for name, label in full_names(settings).items():
        place = (arguments.replicates, settings["dataset"], name, settings["seed"])
        network = load_model(replicate_file(*place, "model.pt"), device)
        units = generator(settings["seed"], "units")
        for layer, shown in layer_heatmaps(network, drawings, settings["samples"], units).items():
            maps = next(iter(shown.values()))  # those that are not of one sample
            by_layer.setdefault(layer, {})[label] = maps.numpy()
    for layer, maps in by_layer.items():
        figure = heatmap_sheet(drawings[:, 0].numpy(), maps, layer, settings["title"])
        write_figure(arguments.sheets / f"{layer}.png", figure)


if __name__ == "__main__":
    command_line.run(main)
