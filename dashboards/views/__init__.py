"""One file a page; each shows nouns that it is given."""
