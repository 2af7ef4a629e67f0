"""The command line's parts; `solve.py` wires them. Nothing heavy is imported before it is used."""
