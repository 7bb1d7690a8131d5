"""One service desk for owners, property offices, contractors and finance."""

import gc

# Importing makes some 100,000 objects that stay: with Python's own threshold of 700 the collector walks them over and
# over, an eighth of a cold start.
gc.set_threshold(50_000, 20, 20)
