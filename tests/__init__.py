"""The suite mirrors the tree of `feeds/`."""
