// All environments: one line for each file. The name of the export is the name of the environment.
export { dev } from './dev';
export { staging } from './staging';
export { production } from './production';
