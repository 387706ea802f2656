import { Logger } from '@aws-lambda-powertools/logger';

/** The log of a function: JSON lines under the function's name, which the stack sets as POWERTOOLS_SERVICE_NAME. */
export const logger = new Logger();
