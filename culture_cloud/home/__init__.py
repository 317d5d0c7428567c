"""The front page, the help pages and the navigation: they read and compose the features."""
