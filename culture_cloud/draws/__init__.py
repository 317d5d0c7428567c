"""Places by lot: draws of one activity, and wish lists over the courses of a season.

Anybody can do a draw over again. `lots` and `matching` are pure and exact, `record` is what is
published, docs/draw.md tells them in words; everything else in the package is about people.
"""
