"""The routes, a file for each resource: they read a request, call the service for its actor, and render the answer."""
