"""Pictures of the network in numbers, without any client data."""
