"""How is the track of one landing drawn? The picture shows the track near the airfield from above
and from the side, for people who judge a landing by eye.

`picture_of` collects the values to draw and is pure; `draw` makes a PNG or an SVG of them with
matplotlib.
"""

from collector.reports.picture.canvas import draw, drawable
from collector.reports.picture.track_picture import TrackPicture, picture_of

__all__ = ["TrackPicture", "draw", "drawable", "picture_of"]
