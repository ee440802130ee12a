"""Tokens: encodings, what texts, images, tools and whole requests have of them, and estimates where none is public.

`runtime.token_utils` is the face of it. Nothing is imported here: each module costs only itself.
"""
