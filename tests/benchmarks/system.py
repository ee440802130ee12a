"""What the benchmark asks of the operating system: a CPU of one's own, memory figures, open files."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

MIB = 1024 * 1024
_STATUS = Path("/proc/self/status")


def can_pin(cpu: int) -> bool:
    """Tell whether a process can be pinned to this CPU."""
    return hasattr(os, "sched_setaffinity") and cpu in os.sched_getaffinity(0)


def pin_to_cpu(cpu: int) -> None:
    """Keep this process on one CPU, where the system can."""
    if can_pin(cpu):
        os.sched_setaffinity(0, {cpu})


def raise_file_limit() -> None:
    """Allow as many open files as the system lets this process have."""
    _, highest = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest, highest))


def resident_mib() -> float:
    """Return the memory that this process holds now; where the system does not say, the most it has held."""
    return _status_mib("VmRSS")


def peak_mib() -> float:
    """Return the most memory that this process has held since `reset_peak`, or since its start."""
    return _status_mib("VmHWM")


def reset_peak() -> None:
    """Forget the peak so far, where the system can."""
    if _STATUS.exists():
        Path("/proc/self/clear_refs").write_text("5")


def _status_mib(name: str) -> float:
    if _STATUS.exists():
        for line in _STATUS.read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024 / MIB
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / MIB
