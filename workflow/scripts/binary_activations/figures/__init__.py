"""Figures, a module for each kind."""
