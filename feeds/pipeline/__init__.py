"""The job as functions of values and doors: read, settle, publish."""
