"""Which positions of one aircraft can be believed, and where was the aircraft? Observations become
fixes; pure functions.

  observations ─► judged (quality) ─► fused ─► tracks that can be flown ─► fixes
"""

from collector.tracking.fix import Doubt, Fix
from collector.tracking.fixes import Fixes
from collector.tracking.track import fixes_of, track, tracks_of

__all__ = ["Doubt", "Fix", "Fixes", "fixes_of", "track", "tracks_of"]
