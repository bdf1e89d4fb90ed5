"""Did the aircraft land, where, when, how sure is that, and why? Pure functions from reports to
landings.

  fixes ─► contacts with the ground ─► stays      (received on the ground)
        └► gaps ─► evidence per airfield ─► weighed ─► stays that no feed received
"""
