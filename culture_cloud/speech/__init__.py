"""Pages read aloud: what is said, how it is pronounced, who says it, where the sound is kept."""
