"""Did it land, where, when, how sure, and why? Pipeline step 3: pure.

fixes ─► contacts with the ground ─► stays      (what was heard on the ground)
      └► gaps ─► evidence per airfield ─► weighed ─► stays that nobody heard
"""
