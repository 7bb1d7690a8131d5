"""The quality bars, measured: `python -m tests.bench [NAME …]` prints one JSON object a line."""
