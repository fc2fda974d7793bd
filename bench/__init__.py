"""What is measured, beside the raw driver and beside itself: `python -m bench`, figures in docs/performance.md."""
