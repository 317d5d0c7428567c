"""Sign-ups 报名: places asked for and given, over every channel, never more than there are."""
