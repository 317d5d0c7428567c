"""Activities from elsewhere: clerks' tables, calendars, feeds of other clouds (R58, wish 32).

`sniff.read` turns the bytes of a file into rows and problems without touching the database;
services.py decides what becomes of them.
"""
