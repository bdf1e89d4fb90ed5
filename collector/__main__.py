"""How does the collector run without its script? `python -m collector` is the same command."""

from collector.cli import main

if __name__ == "__main__":
    main()
