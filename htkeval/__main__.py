"""`python -m htkeval`."""

from htkeval.cli import main

main()
