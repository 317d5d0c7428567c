"""Pages read aloud by people: recordings of staff, in dialect too, preferred to the engine (EL-20).

A recording belongs to a page and to the words that the page had. When they change, the engine
reads the page again and the desk says that a new recording is needed: nothing stale is heard.
"""
