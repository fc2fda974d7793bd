"""Paper in, paper out: spreadsheets, forms, bulletins, statistics (台账)."""
