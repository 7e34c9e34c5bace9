"""Pages of workers and partners: read the form, call the core, redirect."""
