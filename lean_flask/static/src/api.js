import { PageError } from "./errors.js";

/**
 * Post JSON and return the JSON of the response.
 *
 * @param {string} url
 * @param {object} body
 * @param {boolean} [keepalive] whether the request outlives the page
 * @returns {Promise<any>}
 * @throws {PageError} with the server's reason and advice; `offline` without a response
 */
export async function postJson(url, body, keepalive) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    keepalive,
  }).catch(() => {
    throw new PageError("offline");
  });
  const content = await response.json().catch(() => ({}));
  if (!response.ok) throw new PageError(content.reason, content.advice);
  return content;
}
