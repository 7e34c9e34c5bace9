"""Measured figures and the scripts that make them. Never part of a timed test."""
