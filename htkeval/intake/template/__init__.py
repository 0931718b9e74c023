"""An empty sheet for a trial: what an office fills in, and `add` reads."""
