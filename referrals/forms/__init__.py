"""Forms: they draw fields and parse; the rules of the domain stand in the core, which refuses."""
