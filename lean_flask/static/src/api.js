import { PageError } from "./errors.js";

/**
 * Return the JSON of the response.
 *
 * @param {string} url
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 * @throws {PageError} with the server's reason and advice; `offline` without a response
 */
export async function getJson(url, options) {
  const response = await fetch(url, options).catch(() => {
    throw new PageError("offline");
  });
  const content = await response.json().catch(() => ({}));
  if (!response.ok) throw new PageError(content.reason, content.advice, response.status);
  return content;
}

/**
 * Post JSON and return the JSON of the response. The request outlives the page.
 *
 * @param {string} url
 * @param {object} body
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 * @throws {PageError} as of `getJson`
 */
export const postJson = (url, body, signal) =>
  getJson(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    keepalive: true,
    signal,
  });

/**
 * Post JSON while the page goes away; there is no answer.
 *
 * @param {string} url
 * @param {object} body
 */
export const sendBeacon = (url, body) =>
  navigator.sendBeacon?.(url, new Blob([JSON.stringify(body)], { type: "application/json" }));
