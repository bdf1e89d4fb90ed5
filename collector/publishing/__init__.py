"""What do others get to see? The readers' pages as files, made from what may leave alone.

`edition` chooses what leaves, `stores` writes it into databases of its own, `pages` renders these
with the templates of the pages, and `folder` puts the files in place.
"""
