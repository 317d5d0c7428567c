"""The day before, and after: reminders, thanks, and two questions on how it was."""
