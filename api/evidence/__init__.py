"""Evidence files (整改佐证材料): bytes in, a sealed original and a harmless copy out; no database, no web."""
