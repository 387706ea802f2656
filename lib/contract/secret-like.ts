// For the functions, which import nothing of lib but the contract.
export { secretKind, shownValue } from '../shared/secret-like';
