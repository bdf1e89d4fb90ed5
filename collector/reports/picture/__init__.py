"""How do landings look? One landing's track, a week's tracks on a map, and the last weeks as bars.

`picture_of`, `map_of` and the makers of `WeeksChart` collect the values to draw and are pure.
`orders.order` writes them for `collector.drawing`, whose process draws them with matplotlib;
`canvas.draw` does so in this one.
"""

from collector.reports.picture.orders import PHONE_PX, Look, Picture, order
from collector.reports.picture.track_picture import TrackPicture, picture_of
from collector.reports.picture.tracks_map import TracksMap, map_of
from collector.reports.picture.weeks_chart import Shaded, WeekBar, WeeksChart

__all__ = [
    "PHONE_PX",
    "Look",
    "Picture",
    "Shaded",
    "TrackPicture",
    "TracksMap",
    "WeekBar",
    "WeeksChart",
    "map_of",
    "order",
    "picture_of",
]
