"""What was published about these landings, and how does ours compare? Pure: values in, values out.

sightings ─► reported (one a landing) ─► matched with tracked landings ─► weeks, months, years
published counts ─► beside ours         fighting ─► days in and before ─► exact test
"""
