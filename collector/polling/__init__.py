"""Whom to ask, when, and for which full tracks?"""
