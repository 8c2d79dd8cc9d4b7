"""Draw the heatmaps of one trained replicate's layers."""

from binary_activations import command_line
from binary_activations.checkpoints import load_model
from binary_activations.devices import set_up_device
from binary_activations.drawings import choose_drawings
from binary_activations.generators import generator
from binary_activations.heatmap_figures import heatmap_figure
from binary_activations.heatmaps import layer_heatmaps
from binary_activations.style import write_figure


def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "dataset, variant, classes, samples and seed")
    parser.add_argument("--threads", type=int, default=1, help="processor threads")
    command_line.path_option(parser, "data", "the prepared arrays")
    command_line.path_option(parser, "model", "the trained network")
    command_line.path_option(parser, "picture", "the figure, PNG (written)")
    arguments = parser.parse_args()
    settings = arguments.settings

    device = set_up_device("cpu", arguments.threads)
    network = load_model(arguments.model, device)
    drawings = choose_drawings(settings["dataset"], arguments.data, settings["classes"])
    units = generator(settings["seed"], "units")
    heatmaps = layer_heatmaps(network, drawings, settings["samples"], units)
    arrays = {
        layer: {shown: maps.numpy() for shown, maps in by_kind.items()}
        for layer, by_kind in heatmaps.items()
    }
    write_figure(arguments.picture, heatmap_figure(drawings[:, 0].numpy(), arrays, settings))


if __name__ == "__main__":
    command_line.run(main)
