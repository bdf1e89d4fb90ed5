"""Can the answers be trusted? Rules are tested on the stored past, the detection on aircraft that
never came, and published lists row by row.
"""
