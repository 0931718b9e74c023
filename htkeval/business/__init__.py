"""From measured minutes to the budget's lines: arithmetic on spans, with nothing assumed."""
