"""Dryline: design, simulate, control and record a dry-electrode line."""

__version__ = "0.1.0"
