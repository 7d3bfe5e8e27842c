"""Out: editions become feeds and pages, documents become files."""
