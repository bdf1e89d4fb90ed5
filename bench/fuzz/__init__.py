"""Does any input of a stranger end a door otherwise than with a value or one of our own errors?

`doors` names every place at which foreign bytes enter, and what must hold there; `seeds` begins the
search with sound inputs; `door` searches one of them by coverage, in a process of its own.
"""
