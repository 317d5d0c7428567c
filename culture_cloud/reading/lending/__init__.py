"""Licensed titles: so many copies, loans for so many days, holds in order."""
