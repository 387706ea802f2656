// The handlers' own log lines belong to Lambda; POWERTOOLS_LOG_LEVEL=INFO shows them.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
