"""Training and testing replicates."""
