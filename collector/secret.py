"""How is a password carried without ever being shown? A value that prints as stars."""

from __future__ import annotations

MASK = "********"


class Secret:
    """A credential; printing, formatting, logging and pickling never show it.

    >>> str(Secret("hunter2")), repr(Secret("hunter2")), f"{Secret('hunter2')}"
    ('********', 'Secret(********)', '********')
    >>> Secret("hunter2").reveal()
    'hunter2'
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The credential itself; call it only where it is handed to a server."""
        return self._value

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> str:
        raise TypeError("a Secret is never written anywhere: reveal() it where it is used")
