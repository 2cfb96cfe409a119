"""``python -m clew``."""

from clew.cli.main import run

if __name__ == "__main__":
    run()
