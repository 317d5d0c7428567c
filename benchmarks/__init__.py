"""Measuring the site as it is served: `python -m benchmarks`; docs/performance.md explains it."""
