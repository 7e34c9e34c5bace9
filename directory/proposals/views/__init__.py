"""The pages of listings that are kept by their owners."""
