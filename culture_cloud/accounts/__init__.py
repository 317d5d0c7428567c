"""Accounts: what a resident or a member of staff signs in with, and their sign-ins."""
