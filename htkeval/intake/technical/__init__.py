"""What other programs measured of a tool, and what surveys brought: figures only, never a text."""
