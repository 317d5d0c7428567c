"""What residents bring: photographs, memories, recordings, corrections; staff decide."""
