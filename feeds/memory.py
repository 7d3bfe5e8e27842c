"""How often Python looks for values that only refer to each other, in the whole process."""

import gc


def collect_seldom() -> None:
    """Looks for them at every 25,000th value and not at every 700th.

    What is imported stays, and what a poll makes lives for one transaction: looking through it took a fifth of the time
    of starting, and a tenth of a poll's.
    """
    gc.set_threshold(25_000, 20, 100)


def spare_what_is_loaded() -> None:
    """Leaves what there is by now out of every later look: it is never garbage."""
    gc.freeze()
