"""Keeps the shared workbook of an inclusion network in step and shows which partners are missing."""

__version__ = "0.1.0"
