/** A failure that the page explains to the customer. */
export class PageError extends Error {
  /**
   * @param {string} [reason] why, as the server names it; or `offline`, or `blocked` for the loader
   * @param {string} [advice] what to do, in the customer's language
   */
  constructor(reason, advice) {
    super(reason);
    this.reason = reason;
    this.advice = advice;
  }
}
