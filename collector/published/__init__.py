"""How do our landings compare with the landings that were published? Every published row and count
is matched with the tracked landings. All functions here are pure: values in, values out.

sightings ─► reported landings ─► matched with tracked landings ─► weeks, months, years
published counts ─► beside our counts      fighting ─► days in it and before it ─► exact test
"""
