"""What other programs measured of a tool: recognised speech, logs of evaluations."""
