"""Draw what the layers of one trained replicate do, and count how often its binary units fire."""

import torch

from binary_activations import command_line
from binary_activations.checkpoints import load_model
from binary_activations.devices import set_up_device
from binary_activations.drawings import choose_drawings, unseen_drawings
from binary_activations.files import write_atomically
from binary_activations.generators import generator
from binary_activations.layer_figures import (
    activation_maps_figure,
    filters_figure,
    most_exciting_figure,
)
from binary_activations.layers import (
    firing_rates,
    most_exciting,
    summarise_layers,
)
from binary_activations.style import write_figure

DRAWINGS = 2000  # for firing rates, and from which those that excite a filter are taken
MAPS, EXCITING = 3, 5  # drawings in a figure


@torch.inference_mode()
def main():
    parser = command_line.parser(__doc__)
    command_line.json_option(parser, "settings", "dataset, variant and seed")
    parser.add_argument("--threads", type=int, default=1, help="processor threads")
    command_line.path_option(parser, "data", "the prepared arrays")
    command_line.path_option(parser, "model", "the trained network")
    command_line.path_option(parser, "pictures", "folder of the pictures, PNG (written)")
    command_line.path_option(parser, "firing", "firing rates of the binary layers, CSV (written)")
    arguments = parser.parse_args()
    settings = arguments.settings

    device = set_up_device("cpu", arguments.threads)
    network = load_model(arguments.model, device)
    drawings = unseen_drawings(settings["dataset"], arguments.data, DRAWINGS)
    units = generator(settings["seed"], "units")
    summaries = summarise_layers(network, drawings, units)
    chosen = choose_drawings(settings["dataset"], arguments.data, MAPS)
    activations = network.layer_activations(chosen)
    for layer, summary in summaries.items():
        weights = network.layers[layer][0].weight.detach().numpy()
        exciting = most_exciting(summary, drawings, EXCITING).numpy()
        maps = activations[layer].numpy()
        for name, figure in (
            ("filters", filters_figure(weights, layer, settings)),
            ("activations", activation_maps_figure(chosen[:, 0].numpy(), maps, layer, settings)),
            ("exciting", most_exciting_figure(exciting, layer, settings)),
        ):
            write_figure(arguments.pictures / f"{name}_{layer}.png", figure)
    rates = firing_rates(network, summaries)
    write_atomically(arguments.firing, rates.to_csv(index=False, lineterminator="\n"))


if __name__ == "__main__":
    command_line.run(main)
