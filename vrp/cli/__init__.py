"""The parts of the command line, wired by `polyroute.commands`; nothing heavy before its use."""
