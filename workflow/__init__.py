"""How a case (案件) moves, when it is late, and what then happens."""
