"""Update a project that this template made, switch its options, and add slices to it.

A project's record says which commit and which answers made it. From these the old project is
rendered again, and the new one from the answers and the commit that are wanted; what differs
between the two is merged into the project as it is (`merging.py`, `texts.py`), staged for a
commit and never committed.
"""
