"""Binary activations in convolutional networks: estimators, networks, training and results.

The package knows nothing of Snakemake: the programs in the folder above call it.
"""
