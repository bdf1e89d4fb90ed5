"""One small file a kind of evidence: what it says about each candidate field, and about none.

Each puts a silence into a class; the classes' weights (natural-log odds) add up in `inferred`.
"""
