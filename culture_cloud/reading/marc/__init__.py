"""Library records: MARC 21 and CNMARC read and written (pymarc)."""
