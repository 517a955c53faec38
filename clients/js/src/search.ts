import type { Language } from "./errors.js";
import { LeanError, localError } from "./errors.js";
import type { Bank, BanksQuery } from "./schema.js";
import { stopIfAborted } from "./waiting.js";

/** Nobody types faster than this; a letter in between would be asked for in vain. */
const PAUSE_MS = 120;
/** The server takes no longer `q`. */
const MAX_TYPED = 100;

export interface BankSearchState {
  /** Best match first. Those of the server, or those of the list that match until it answers. */
  banks: readonly Bank[];
  /** As it was typed. */
  text: string;
  /** Whether the server has not answered yet. */
  isBusy: boolean;
  /** Why the server's answer did not come. `banks` are then the list's own. */
  error: LeanError | null;
}

type Ask = (query: BanksQuery, signal: AbortSignal) => Promise<Bank[]>;

/** A list of banks and what is typed above it. */
export class BankSearch {
  readonly #ask: Ask;
  readonly #filters: BanksQuery;
  readonly #language: Language;
  readonly #listeners = new Set<() => void>();
  #all: Bank[] | undefined;
  #latest = new AbortController();
  #state: BankSearchState = { banks: [], text: "", isBusy: false, error: null };

  constructor(ask: Ask, filters: BanksQuery, language: Language) {
    this.#ask = ask;
    this.#filters = filters;
    this.#language = language;
  }

  /** What is known now: the same object until it changes. */
  readonly state = (): BankSearchState => this.#state;

  /** Call `listener` after each change. Returns what ends that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Get the list, or what is typed, from the server. Never rejects: see `error`. */
  readonly load = (): Promise<void> => this.#search(0);

  /** Show what matches `text`: at once of the list at hand, and then as the server finds it. */
  readonly type = (text: string): Promise<void> => {
    this.#set({ text, ...(this.#all && { banks: filterBanks(this.#all, text) }) });
    return this.#search(PAUSE_MS);
  };

  /** Ask nothing any more. */
  readonly stop = (): void => this.#latest.abort();

  async #search(ms: number): Promise<void> {
    this.#latest.abort(); // an answer to older letters must not come last
    this.#latest = new AbortController();
    const { signal } = this.#latest;
    const { text } = this.#state;
    this.#set({ isBusy: true, error: null });
    try {
      if (ms) await new Promise((resolve) => setTimeout(resolve, ms));
      stopIfAborted(signal);
      const q = Array.from(text).slice(0, MAX_TYPED).join("");
      const banks = await this.#ask({ ...this.#filters, q }, signal);
      stopIfAborted(signal);
      if (!text) this.#all = banks;
      this.#set({ banks, isBusy: false });
    } catch (error) {
      if (signal.aborted) return;
      const known =
        error instanceof LeanError ? error : localError("offline", this.#language, error);
      this.#set({ isBusy: false, error: known });
    }
  }

  #set(change: Partial<BankSearchState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/**
 * Return the banks of which each typed word starts a word of some name. Rougher than the server's
 * search, which knows other spellings and slips of the finger.
 */
export function filterBanks(banks: readonly Bank[], text: string): Bank[] {
  const typed = fold(text).split(" ").filter(Boolean);
  return banks.filter((bank) => {
    const names = [...Object.values(bank.names), bank.name, bank.commercial_name, bank.identifier];
    const words = names.flatMap((name) => fold(name ?? "").split(" "));
    return typed.every((part) => words.some((word) => word.startsWith(part)));
  });
}

/** Letters alone, without marks, and one letter for the forms of an Arabic one. */
const fold = (text: string): string =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/ٱ/g, "ا")
    .replace(/[ىی]/g, "ي")
    .replace(/ة/g, "ه")
    .replace(/[\p{Mn}\u0640]/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
