"""Try AI in a municipality's administration and decide, on evidence, what to scale."""

__version__ = "0.1.0"
