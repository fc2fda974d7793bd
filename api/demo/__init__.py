"""The demo (演示): a month of a small district's hazards, played by the real engine at an injected clock."""
