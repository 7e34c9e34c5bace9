"""The demo's invented network, told by the same acts as in real work, each by the person whose act it is."""
