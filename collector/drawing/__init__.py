"""How is a picture drawn without this process growing? A short-lived process draws it from values.

    values ──► order (JSON) ──► python -m collector.drawing ──► PNG or SVG, or nothing

Importing matplotlib takes some 50 MB and most of a second. The process that draws ends after each
set of pictures, so that the daemon stays small, and a picture that cannot be drawn in time is left
out: no mail and no page ever waits for it longer, or is lost with it.
"""

from collector.drawing.door import Drawer

__all__ = ["Drawer"]
