import { Logger } from '@aws-lambda-powertools/logger';

/** Logger of a function: JSON lines with the function's name, which the stack sets as POWERTOOLS_SERVICE_NAME. */
export const logger = new Logger();
