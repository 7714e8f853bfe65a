"""Lets the program run as ``python -m netzwerk_sheets``."""

from netzwerk_sheets.cli import main

if __name__ == "__main__":
    main()
