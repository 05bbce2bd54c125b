"""Staza: migration management in which the law is data."""

__version__ = "0.1.0"
