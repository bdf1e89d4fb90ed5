"""Which watch wants this aircraft, by which line, and who is an unlisted visitor?"""
