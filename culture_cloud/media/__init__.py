"""Pictures: generated covers, and what people upload, made small and safe."""
