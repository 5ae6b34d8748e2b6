"""Run the command as ``python -m kg``: where another program is called kg, or no script is on the path."""

from kg.cli import main

if __name__ == "__main__":
    main()
