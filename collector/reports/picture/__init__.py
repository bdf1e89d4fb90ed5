"""How do landings look? The track of one near its airfield, as values that `canvas` draws.

`picture_of` collects the values to draw and is pure. `orders.order` writes them for
`collector.drawing`, whose process draws them with matplotlib; `canvas.draw` does so in this one.
"""

from collector.reports.picture.orders import Look, order
from collector.reports.picture.track_picture import TrackPicture, picture_of

__all__ = ["Look", "TrackPicture", "order", "picture_of"]
