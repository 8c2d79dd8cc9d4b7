"""From archives to tensors in memory."""
