"""Whether the providers of stored configurations answer: found out by checks of its own and from live calls.

`service.HealthService` checks and tells; `scheduler.HealthScheduler` checks all by the clock, one process for all that
run it; `live.LiveHealth` counts what happens to calls. SQLAlchemy is used in `tables`, `store`, `windows`, `schedule`,
`leases`, `switching` and `clock`.
"""
