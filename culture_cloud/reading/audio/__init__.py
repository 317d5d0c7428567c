"""Audio books and video lessons: chapters, captions, transcripts."""
