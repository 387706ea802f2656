// Silences the log of the Lambda handlers in tests; POWERTOOLS_LOG_LEVEL=INFO shows it. And the SDK's remark about Node.js 20.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
