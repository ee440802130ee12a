"""Whether the audit is as it was written: every entry against its own hash and against the one before it. Pure."""

from __future__ import annotations

from collections.abc import AsyncIterable
from dataclasses import dataclass

from core.llms.provider_config.audit.entries import FIRST_HASH, AuditEntry, UnreadableEntry


@dataclass(frozen=True, slots=True)
class AuditProblem:
    """What is wrong with one entry."""

    sequence: int
    problem: str

    def __str__(self) -> str:
        return f"entry {self.sequence}: {self.problem}"


@dataclass(frozen=True, slots=True)
class AuditAnchor:
    """The end of the audit at some moment. Kept elsewhere, it proves that nothing before it was written anew."""

    sequence: int = 0
    hash: str = FIRST_HASH


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What verifying found: how many entries there are, where the audit ends, and what is wrong."""

    entries: int
    head: AuditAnchor
    problems: tuple[AuditProblem, ...] = ()

    @property
    def is_intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


async def verify_chain(
    entries: AsyncIterable[AuditEntry | UnreadableEntry], head: AuditAnchor | None, anchor: AuditAnchor | None = None
) -> AuditReport:
    """Check all entries, given by sequence, against each other, against the head, and against an anchor."""
    problems: list[AuditProblem] = []
    last = AuditAnchor()
    count = 0
    is_met = anchor is None or anchor == last
    async for entry in entries:
        count += 1
        if isinstance(entry, UnreadableEntry):
            last = AuditAnchor(last.sequence + 1 if type(entry.sequence) is not int else entry.sequence, "")
            problems.append(AuditProblem(last.sequence, "it cannot be read: it was changed after it was written"))
            continue
        problems += (AuditProblem(entry.sequence, problem) for problem in _check(entry, last))
        last = AuditAnchor(entry.sequence, entry.hash)
        if anchor is not None and entry.sequence == anchor.sequence:
            is_met = True
            if entry.hash != anchor.hash:
                problems.append(AuditProblem(entry.sequence, "it is not the entry that the anchor was taken of"))
    if anchor is not None and not is_met:
        problems.append(AuditProblem(anchor.sequence, "it is missing: the anchor was taken of it"))
    problems += _check_end(last, head)
    return AuditReport(count, last, tuple(problems))


def _check(entry: AuditEntry, last: AuditAnchor) -> list[str]:
    problems = []
    if entry.sequence <= last.sequence:
        problems.append("it has a number that no entry gets")
    elif entry.sequence != last.sequence + 1:
        missing = f"{last.sequence + 1} to {entry.sequence - 1}"
        problems.append(f"the entries before it are missing: {missing}")
    elif entry.previous_hash != last.hash:
        problems.append(f"it does not follow entry {last.sequence}: one of the two was written anew")
    if entry.hash != entry.compute_hash():
        problems.append("it was changed after it was written")
    return problems


def _check_end(last: AuditAnchor, head: AuditAnchor | None) -> list[AuditProblem]:
    if head is None:
        return [AuditProblem(last.sequence, "the head of the audit is missing")]
    if type(head.sequence) is int and head.sequence > last.sequence:
        return [AuditProblem(head.sequence, f"the entries from {last.sequence + 1} on are missing at the end")]
    if head != last:
        return [AuditProblem(last.sequence, "the head of the audit is of another entry")]
    return []
