import type { BenchReport } from './report';
export function draw(_report: BenchReport): string { return '<svg xmlns="http://www.w3.org/2000/svg"/>'; }
