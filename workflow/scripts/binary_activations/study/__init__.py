"""What is run: configuration, tasks, digests of code. Imports no torch."""
