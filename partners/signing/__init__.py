"""Signing in and staying signed in: passkeys, single sign-on, sessions, the idle lock."""
