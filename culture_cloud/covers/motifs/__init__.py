"""The motifs: one module each, all with `draw(canvas, palette, stream)`."""
