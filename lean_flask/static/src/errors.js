/** Reasons of a flow of which another user is signed in by now, or nobody. Its own may come back. */
export const NOT_THEIRS = /^(signed_out|other_user)$/;

/** A failure that the page explains to the customer. */
export class PageError extends Error {
  /**
   * @param {string} [reason] why, as the server names it; or `offline`, or `blocked` for the loader
   * @param {string} [advice] what to do, in the customer's language
   * @param {number} [status] of the response; none without one
   */
  constructor(reason, advice, status = 0) {
    super(reason);
    this.reason = reason;
    this.advice = advice;
    /** Whether the same request may succeed later. */
    this.isPassing = !status || status >= 500 || status === 408 || status === 429;
  }
}
