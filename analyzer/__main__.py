"""`python -m analyzer` is the command `sipwhy`."""

from analyzer.cli import main

if __name__ == "__main__":
    main()
