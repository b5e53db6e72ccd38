"""`python -m ccgcii`."""

from ccgcii.cli import main

main()
