import { getJson } from "./api.js";
import { Confirmation, isWord } from "./confirmation.js";
import { adviceOf, wayOn } from "./leaving.js";
import { showNotice } from "./notice.js";
import { labelOf, rowOf, showReceipt } from "./receipt.js";
import { report } from "./report.js";
import { addRecentBank, forgetFlow, savedReport } from "./storage.js";

/** @import { BankPicker } from "./bank-picker.js" */
/** @import { PageError } from "./errors.js" */
/** @import { LateScreens } from "./late-screens.js" */
/** @import { LeanWindow } from "./lean-window.js" */
/** @import { Screens } from "./screens.js" */

const LOOK_MS = 3000;
const REDIRECT_TIMEOUT_MS = 1500;
export const USER_CANCELLED = /^(CANCELLED|LINK_CLOSED)/;
/** What the SDK has said of a flow that goes on. */
export const ENDLESS = /^(REDIRECT)?$/;
/** States in which what another tab reports is what this one waits for. */
const WAITING = /^(opening|redirect|phone)$/;
/** States in which the customer goes on elsewhere, so that leaving this page ends nothing. */
const ELSEWHERE = /^(redirect|phone)$/;

/**
 * How a flow ended: reported by this page, or learnt from the server: where another tab did it, or
 * from the bank.
 */
export class Outcome {
  isSuccess = false;
  /** Tells whether what the server knows is no end. @type {(outcome: FlowOutcome) => boolean} */
  isNoEnd = () => false;
  /** What is known where the server does not say it. @type {(error: PageError) => FlowOutcome} */
  afterRefusal = () => ({});
  /** Whether the server was told, or will be, how the launched flow ended. */
  #isReported = false;
  /** Whether a success that this page reports is about to be shown. */
  #isEnding = false;
  /** Counts launches. */
  #launch = 0;
  #picker;
  #page;
  #screens;
  #window;
  #late;
  #confirmation;
  /** The bank's last word that this page shows. */
  #word = "";

  /**
   * @param {BankPicker} picker
   * @param {Screens} screens
   * @param {LeanWindow} leanWindow
   * @param {LateScreens} late
   */
  constructor(picker, screens, leanWindow, late) {
    this.#picker = picker;
    this.#page = picker.page;
    this.#screens = screens;
    this.#window = leanWindow;
    this.#late = late;
    this.#confirmation = new Confirmation(this.#page.root, {
      urlOf: () => this.#statusUrl,
      setNext: (next) => this.#page.setBack(next),
      onWord: (outcome) => this.#onWord(outcome),
    });
    setInterval(() => this.#isWaiting && this.look(), LOOK_MS);
  }

  /** Go on with a report that the server did not have when this page was loaded again. */
  resume() {
    const data = savedReport(this.#page.flow);
    if (data) this.#onClosed(data);
  }

  /**
   * Follow a launch until its end.
   *
   * @returns {(data: LeanResult) => void} the SDK's callback
   */
  follow() {
    const launch = ++this.#launch;
    this.#isReported = false;
    this.#isEnding = false;
    this.#word = "";
    return (data) => {
      const isOld = launch !== this.#launch && USER_CANCELLED.test(data.status ?? "");
      // What a newer window closed, or what comes after the end, is no news.
      if (!isOld && !this.isSuccess) this.#onClosed(data);
    };
  }

  /** Ask the server whether the flow ended elsewhere, such as in the tab that a bank's app opened. */
  async look() {
    const url = this.#statusUrl;
    if (document.hidden || this.#word === "confirmed" || !url) return;
    const launch = this.#launch;
    /** @type {FlowOutcome} */
    const body = await getJson(url).catch(this.afterRefusal);
    const status = body.sdk_status ?? "";
    if (launch !== this.#launch || this.isNoEnd(body)) return; // it is of the launch before
    if (isWord(body)) return this.#onWord(body);
    // Those that are done when closed are open in each tab by itself.
    const isOver = this.isSuccess || this.#isEnding || this.#isDoneWhenClosed;
    if (body.status !== "reported" || isOver) return;
    if (status === "SUCCESS") await this.#learn("success", body);
    else if (this.#isWaiting && !this.#isReported) {
      if (USER_CANCELLED.test(status)) this.#showCancelled();
      else await this.#learn("error", body);
    }
  }

  /** Tell the server that the customer goes back to the host, unless it knows an outcome. */
  reportLeaving() {
    if (this.#isReported || this.#word || ELSEWHERE.test(this.#page.data.state ?? "")) return;
    this.#isReported = true;
    const data = { status: "CANCELLED", message: "Left the bank picker" };
    this.#page.beacon("callback", { data });
  }

  get #isWaiting() {
    return WAITING.test(this.#page.data.state ?? "");
  }

  get #statusUrl() {
    const { flow, flowId } = this.#page;
    return flowId && `${this.#page.urlOf(`flows/${flowId}`)}&flow=${flow}`;
  }

  /** Whether any close is a normal end, after which it may be opened again. */
  get #isDoneWhenClosed() {
    return this.#page.data.doneWhenClosed !== undefined;
  }

  /** @param {LeanResult} data */
  async #onClosed(data) {
    const page = this.#page;
    const { status = "", secondary_status, bank: { bank_identifier, is_supported } = {} } = data;
    const isUnsupported = is_supported === false && status !== "SUCCESS";
    this.#window.leave();
    this.#picker.opening.clearTimers();
    this.#isReported = status !== "REDIRECT";
    this.#isEnding = status === "SUCCESS";
    page.emit("flow_closed", { status: data.status, secondary_status, bank_identifier });
    const { response, soon } = report(page.urlOf("callback"), { flow: page.flow, data });
    const isGood = status === "SUCCESS" || (this.#isDoneWhenClosed && USER_CANCELLED.test(status));
    if (!isUnsupported && !isGood && USER_CANCELLED.test(status)) {
      response.then((late) => {
        if (late.status === "confirmed") this.#onWord(late);
      });
      return this.#showCancelled();
    }
    const body = await soon;
    if (isGood) {
      addRecentBank(bank_identifier ?? this.#window.bank);
      await this.#late.wait();
      return this.#show("success", data, body, response);
    }
    const { state } = page.data;
    const show = async () => {
      await this.#late.wait();
      if (page.data.state !== state) return; // another end was quicker
      if (isUnsupported) this.#screens.show("unsupported");
      else if (status === "REDIRECT") this.#screens.show("redirect", { url: secureUrl(data) });
      else this.#show("error", data, body, response);
    };
    if (isUnsupported || status === "REDIRECT") return show();
    // A failure that comes at once may still be followed by the way to the bank.
    const wait = this.#window.openedAt + REDIRECT_TIMEOUT_MS - Date.now();
    return this.#picker.opening.after(wait, show);
  }

  /**
   * Show what the bank said, whatever the SDK said before.
   *
   * @param {FlowOutcome} outcome
   */
  async #onWord(outcome) {
    const isYes = outcome.status === "confirmed";
    const isWanted = this.isSuccess || this.#isWaiting || !this.#isReported;
    if (nameOf(outcome) === this.#word || !(isYes || isWanted)) return;
    // The customer may not be done in Lean's window, unless another tab said so.
    const isOurs = this.#isReported || ENDLESS.test(outcome.sdk_status ?? "");
    if (this.#page.data.state === "opening" && isOurs && !this.isSuccess) return;
    if (!isYes) await this.#learn("refused", outcome);
    else if (this.isSuccess) {
      this.#note(outcome);
      this.#showReceipt(outcome);
      this.#page.findOptional("#pending")?.remove(); // the server knows more than it would say
      this.#confirmation.confirm(outcome);
    } else await this.#learn("success", outcome);
  }

  /**
   * Show how it ended, as the server knows it.
   *
   * @param {"success" | "error" | "refused"} name
   * @param {FlowOutcome} outcome
   */
  async #learn(name, outcome) {
    const { isSuccess } = this;
    await this.#late.wait();
    if (isSuccess !== this.isSuccess) return; // the SDK was quicker
    const status = name === "success" ? "SUCCESS" : (outcome.sdk_status ?? "");
    this.#show(name, { status }, outcome);
    if (!isWord(outcome)) this.#note(outcome);
  }

  /** @param {FlowOutcome} outcome that this page shows, and did not report itself */
  #note(outcome) {
    if (isWord(outcome)) {
      if (nameOf(outcome) === this.#word) return;
      this.#word = nameOf(outcome);
    }
    this.#page.emit("outcome_changed", { status: outcome.status });
  }

  #showCancelled() {
    const { row, button } = this.#picker.selection;
    this.#window.leave();
    this.#screens.showList();
    showNotice(this.#page, this.#page.translate("cancelled"), row, button);
  }

  /**
   * Show how it ended. Where the server does not know it yet the screen says so, until it does.
   *
   * @param {"success" | "error" | "refused"} name
   * @param {LeanResult} result
   * @param {CallbackResponse} [body] the response, where it came soon
   * @param {Promise<CallbackResponse>} [response]
   */
  #show(name, result, body, response) {
    const { status = "", lean_correlation_id: id } = result;
    const page = this.#page;
    const nextOf = wayOn(page.back, status, id);
    const next = nextOf(body);
    this.#window.leave();
    this.#confirmation.stop();
    this.isSuccess = name === "success";
    page.setBack(next);
    const values = { ...adviceOf(body), id, next, pending: !body && "1" };
    this.#screens.show(name, values, () => this.#show(name, result, body, response));
    if (this.isSuccess) forgetFlow();
    if (body) this.#settle(name, { ...body, next }, id);
    response?.then((late) => {
      const line = page.findOptional("#pending");
      if (page.data.state !== name || !line) return;
      if (late.can_retry === false && !this.isSuccess) return this.#show(name, result, late);
      page.setBack(nextOf(late));
      this.#settle(name, { ...late, next: nextOf(late) }, id);
      return line.remove();
    });
  }

  /**
   * Show what is left to show, now that the server knows the outcome.
   *
   * @param {"success" | "error" | "refused"} name of the screen
   * @param {CallbackResponse} outcome
   * @param {string} [correlationId]
   */
  #settle(name, outcome, correlationId) {
    // A failure of the SDK's is shown with its advice, even where the bank says no as well.
    const other = outcome.status === "confirmed" ? "success" : name === "success" && "refused";
    if (isWord(outcome) && other && other !== name) {
      this.#learn(other, outcome);
      return;
    }
    if (isWord(outcome)) this.#note(outcome);
    if (name === "error") return;
    this.#showReceipt(outcome, correlationId);
    if (name === "success") this.#confirmation.start(outcome);
  }

  /**
   * @param {FlowOutcome} outcome
   * @param {string} [correlationId]
   */
  #showReceipt(outcome, correlationId) {
    const { root } = this.#page;
    const row = this.#picker.selection.row ?? rowOf(root, this.#window.bank);
    showReceipt(root, outcome, labelOf(row), correlationId);
  }
}

/**
 * Return the bank's page, unless it is a script or without TLS.
 *
 * @param {LeanResult} result
 */
const secureUrl = ({ open_banking_redirect_url: url }) => url?.startsWith("https://") && url;

/**
 * Name a word of the bank. A refusal may come again, of another attempt; nothing follows a yes.
 *
 * @param {FlowOutcome} outcome
 */
const nameOf = ({ status = "", updated_at }) =>
  status === "confirmed" ? status : `${status} ${updated_at}`;
