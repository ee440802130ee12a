"""What is observed of calls, and who is told. `core.llms.runtime.telemetry` is the way in."""
