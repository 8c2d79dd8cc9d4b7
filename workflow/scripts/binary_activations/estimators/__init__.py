"""Gradient estimators for binary units."""
