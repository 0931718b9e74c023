"""The committee's paper: one content in no format and no language, and a writer for each format."""
