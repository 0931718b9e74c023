"""The rows of a snapshot, read: which count, in which arm, with which outcome."""
