"""Heritage at the desk: the village enters, the branch reviews, the main hall publishes."""
