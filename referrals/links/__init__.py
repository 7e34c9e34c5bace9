"""Answering a referral without an account: the one-time link."""
