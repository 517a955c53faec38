export { type Choice, LeanClient, type LeanClientOptions, type Platform } from "./client.js";
export { type Language, LeanError, type Reason } from "./errors.js";
export type { Outcome } from "./outcome.js";
export type * from "./schema.js";
export { BankSearch, type BankSearchState, filterBanks } from "./search.js";
export { type FlowHandle, FlowStorage } from "./storage.js";
