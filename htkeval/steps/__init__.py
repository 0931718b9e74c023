"""The steps of a trial, a verb a file: register, add, snapshot, analyse, recommend, decide."""
