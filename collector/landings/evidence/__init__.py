"""What does each kind of evidence say about a candidate field, and about a landing at none? One
small module a kind.

Each kind puts a silence into a class. The weights of the classes, natural logarithms of odds, add
up in `landings.unheard_landings`.
"""
