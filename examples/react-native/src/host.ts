// The app's own server: who is signed in, and the flows that it makes.

import { type FlowHandle, type Language, LeanClient } from "lean-flask-client";

export class Host {
  /** Yours is in the keychain, from your own sign-in. */
  #token: string | undefined;

  constructor(
    private readonly address: string,
    readonly language: Language,
  ) {}

  async signIn(): Promise<void> {
    const { token } = await this.#post<{ token: string }>("/api/sign-in");
    this.#token = token;
  }

  /** A flow of the user who is signed in. The server decides what it is for. */
  newFlow(): Promise<FlowHandle> {
    return this.#post("/api/flows");
  }

  /** Calls the routes of lean-flask, as the user who is signed in. */
  client(): LeanClient {
    return new LeanClient({
      baseUrl: `${this.address}/lean`,
      bearer: () => this.#token,
      language: this.language,
      platform: "react-native",
    });
  }

  async #post<T>(path: string): Promise<T> {
    const headers: Record<string, string> = { "Accept-Language": this.language };
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    const response = await fetch(this.address + path, { method: "POST", headers });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response.json();
  }
}
