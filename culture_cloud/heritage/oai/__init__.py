"""OAI-PMH 2.0: others harvest our records, see what changed since a date and what is gone."""
