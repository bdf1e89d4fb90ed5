"""One small file a kind of evidence: what it says about each candidate field, and about none.

Each returns natural-log odds and a sentence; `landings.inferred` weighs them.
"""
