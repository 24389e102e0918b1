"""The web app around the clinical brain."""
