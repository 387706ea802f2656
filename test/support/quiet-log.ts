// Silences the log of the Lambda handlers in tests; POWERTOOLS_LOG_LEVEL=INFO shows it.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
