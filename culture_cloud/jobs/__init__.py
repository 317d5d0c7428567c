"""Work after the answer: effects outside the database, done by the worker, retried, visible.

A job is written in the same transaction as the fact it follows from, so neither is ever without
the other. Handlers are idempotent: a job may run again after a crash.
"""
