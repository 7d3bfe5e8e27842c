"""Which articles are the same: layers 0 (same item), 1 (exact text) and 2 (wire copy); 3: same event. Pure.

Names are imported from the modules: whoever publishes wants keys and nothing that compares.
"""
