"""What measures (督办措施) bring, what may refuse them, what they do, and what an accepted act becomes."""
