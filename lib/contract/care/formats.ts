// For the functions, which import nothing of lib but the contract.
export {
  formatCount,
  formatDollars,
  formatMemory,
  formatMilliseconds,
  formatMinutes,
  formatSeconds,
} from '../../shared/formats';
