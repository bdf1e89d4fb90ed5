"""What is lost, doubled, invented or kept silent when something breaks?

`python -m bench.faults` breaks everything on purpose and counts.
"""
