"""The networks, their layers and activations."""
