"""What is an exposure round's (曝光督办) own: its items, guards, effects, bulletin and figures."""
