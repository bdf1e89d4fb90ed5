"""Landings of chosen aircraft at chosen airfields: counted, explained, told by mail."""

__version__ = "0.2.0"
