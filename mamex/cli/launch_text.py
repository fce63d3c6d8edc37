"""A launch in words, for the terminal."""

from __future__ import annotations

from mamex.checkpoint.checkpoint import Checkpoint
from mamex.launch.result import LaunchResult, Routing


def format_launch(result: LaunchResult, checkpoint: Checkpoint) -> str:
    """Headline, warnings, fusion and routing, audience, nearest items."""
    lines = [headline(result, checkpoint.dataset.n_users), ""]
    lines += [f"Note: {warning}" for warning in (*checkpoint.notes, *result.warnings)]
    lines.append("How it was read:")
    for modality, weight in result.fusion.items():
        lines.append(f"  {modality:<8} weight {weight:6.1%}   {_experts(result.routing[modality])}")
    lines += ["", f"Who gets it in their top {result.list_length} (highest rank first):"]
    for member in result.audience[:10]:
        split = ", ".join(f"{m} {sum(parts):+.3f}" for m, parts in member.contributions.items())
        alike = "; ".join(neighbour.title or neighbour.item_id for neighbour in member.alike)
        lines.append(f"  {member.user_id:<16} rank {member.rank:>3}   {split}   bought: {alike}")
    lines += ["", "Nearest products on sale:"]
    for neighbour in result.neighbours["fused"]:
        lines.append(f"  {neighbour.similarity:5.2f}  {neighbour.item_id:<12} {neighbour.title}")
    return "\n".join(lines)


def headline(result: LaunchResult, users: int) -> str:
    """One sentence that says what matters most."""
    length = result.list_length
    return (
        f"Enters the top {length} of {result.audience_size:,} of {users:,} users ({result.reach[length]:.1%}), "
        f"a wider reach than {result.reach_standing[length]:.0%} of the products on sale."
    )


def _experts(routing: Routing | None) -> str:
    if routing is None:
        return "not given"
    active = [(weight, expert) for expert, weight in enumerate(routing.active, start=1) if weight > 0]
    return ", ".join(f"expert {expert} {weight:.0%}" for weight, expert in sorted(active, reverse=True))
