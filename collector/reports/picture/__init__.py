"""A picture of a landing's track near the field, for people who judge by eye.

`picture_of` says what is to be drawn, purely; `draw` makes a PNG or SVG of it, with matplotlib.
"""

from collector.reports.picture.canvas import draw, drawable
from collector.reports.picture.data import TrackPicture, picture_of

__all__ = ["TrackPicture", "draw", "drawable", "picture_of"]
