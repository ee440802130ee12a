"""The cache: keys, values, stores, and the middleware over them.

`runtime.cache` is the face of it. Nothing is imported here: each module costs only itself.
"""
