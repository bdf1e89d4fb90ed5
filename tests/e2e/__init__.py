"""The whole line with real programs at both ends: a decoder in front, a mail server behind."""
