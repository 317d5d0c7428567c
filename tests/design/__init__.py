"""The design system keeps its rules."""
