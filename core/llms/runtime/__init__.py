"""What happens around a call: attempts, limits, budgets, caches, telemetry and token counting.

Nothing is imported or re-exported here: each module is imported by its own name, and costs only itself.
"""
