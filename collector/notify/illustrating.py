"""When does a mail get its pictures? Before its first attempt, and the same ones ever after."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from collector.drawing import Drawer
from collector.model.notice import Owed
from collector.store import Store, mail_pictures


def illustrated(store: Store, drawer: Drawer, owed: Owed, now: datetime) -> Owed:
    """Return a mail with its pictures, as far as they could be drawn.

    1. Pictures that are kept are taken: a mail that is sent again has the same bytes, without those
       that could not be drawn the first time.
    2. The others are drawn outside any transaction, which takes 20 s at most (`drawing.door`).
    3. They are kept before the mail leaves, so that a crash in between changes nothing.

    Raises StoreError.
    """
    wanted = owed.message.illustrations
    kept = mail_pictures.kept(store, [each.digest for each in wanted])
    missing = [each for each in wanted if each.digest not in kept]
    if missing:
        drawn = drawer.drawn([each.order for each in missing])
        new = {each.digest: png for each, png in zip(missing, drawn, strict=True)}
        mail_pictures.keep(store, new, now)
        kept = mail_pictures.kept(store, [each.digest for each in wanted])
    pictures = [(each.name, kept.get(each.digest)) for each in wanted]
    return replace(owed, pictures=tuple((name, png) for name, png in pictures if png is not None))
