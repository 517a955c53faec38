// The app's own server: who is signed in, and the flows that it makes.

import { type FlowHandle, type Language, LeanClient } from "lean-flask-client";

const API = import.meta.env.VITE_API ?? "http://127.0.0.1:5000";
const TOKEN = "qahwa:token";

/** The server does not know the user any more. */
export class SignedOut extends Error {}

/** The bearer token outlives the way to the bank. Yours is kept by your own sign-in. */
export const bearer = (): string | null => sessionStorage.getItem(TOKEN);

export async function signIn(): Promise<void> {
  const { token } = await ask<{ token: string }>("/api/sign-in", { method: "POST" });
  sessionStorage.setItem(TOKEN, token);
}

export const signOut = (): void => sessionStorage.removeItem(TOKEN);

/** A flow of the user who is signed in. The server decides what it is for. */
export const newFlow = (language: Language): Promise<FlowHandle> =>
  ask("/api/flows", { method: "POST", body: JSON.stringify({ language }) });

/** The flow that the user started last, in whichever browser. */
export const latestFlow = (): Promise<FlowHandle> => ask("/api/flows/latest");

export const clientFor = (language: Language): LeanClient =>
  new LeanClient({ baseUrl: `${API}/lean`, bearer, language });

async function ask<T>(path: string, options: RequestInit = {}): Promise<T> {
  const response = await fetch(API + path, {
    ...options,
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${bearer() ?? ""}` },
  });
  if (response.status === 401) throw new SignedOut();
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}
