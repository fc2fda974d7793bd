"""Incidents (突发事件): the words, levels, guards and effects of their table."""
