"""What fetches, who holds, who is pinned: one rule per module."""
