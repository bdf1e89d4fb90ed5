"""The whole collector between real programs: a decoder in front, a mail server behind."""
