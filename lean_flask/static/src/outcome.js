import { getJson } from "./api.js";
import { leaveSoon, wayOn } from "./leaving.js";
import { showNotice } from "./notice.js";
import { report } from "./report.js";
import { addRecentBank, forgetFlow, savedReport } from "./storage.js";

/** @import { BankPicker } from "./bank-picker.js" */
/** @import { LeanWindow } from "./lean-window.js" */
/** @import { Screens } from "./screens.js" */

const LOOK_MS = 3000;
const REDIRECT_TIMEOUT_MS = 1500;
const USER_CANCELLED = /^(CANCELLED|LINK_CLOSED)/;
/** States in which what another tab reports is what this one waits for. */
const WAITING = /^(opening|redirect)$/;

/** How a flow ended: reported by this page, or learnt from the server where another tab did it. */
export class Outcome {
  isSuccess = false;
  /** Whether the server was told, or will be, how the launched flow ended. */
  #isReported = false;
  /** Counts launches. */
  #launch = 0;
  #picker;
  #page;
  #screens;
  #window;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {BankPicker} picker
   * @param {Screens} screens
   * @param {LeanWindow} leanWindow
   */
  constructor(picker, screens, leanWindow) {
    this.#picker = picker;
    this.#page = picker.page;
    this.#screens = screens;
    this.#window = leanWindow;
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
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#isWaiting && this.look(), LOOK_MS);
    return (data) => {
      const isOld = launch !== this.#launch && USER_CANCELLED.test(data.status ?? "");
      // What a newer window closed, or what comes after the end, is no news.
      if (!isOld && !this.isSuccess) this.#onClosed(data);
    };
  }

  /** Ask the server whether another tab ended the flow, such as the one that a bank's app opened. */
  async look() {
    const page = this.#page;
    if (document.hidden || this.isSuccess || !page.flowId) return;
    const url = `${page.urlOf(`flows/${page.flowId}`)}&flow=${page.flow}`;
    const body = await getJson(url).catch(() => ({}));
    const { status, sdk_status = "" } = body;
    if (status !== "reported" || this.isSuccess) return;
    if (sdk_status === "SUCCESS") this.#show("success", { status: sdk_status }, body);
    else if (this.#isWaiting && !this.#isReported) {
      if (USER_CANCELLED.test(sdk_status)) this.#showCancelled();
      else this.#show("error", { status: sdk_status }, body);
    }
  }

  /** Tell the server that the customer goes back to the host, unless it knows an outcome. */
  reportLeaving() {
    if (this.#isReported || this.#page.data.state === "redirect") return;
    this.#isReported = true;
    const data = { status: "CANCELLED", message: "Left the bank picker" };
    this.#page.beacon("callback", { data });
  }

  get #isWaiting() {
    return WAITING.test(this.#page.data.state ?? "");
  }

  /** @param {LeanResult} data */
  async #onClosed(data) {
    const page = this.#page;
    const { status = "", secondary_status, bank: { bank_identifier, is_supported } = {} } = data;
    const isUnsupported = is_supported === false && status !== "SUCCESS";
    this.#window.leave();
    this.#picker.opening.clearTimers();
    this.#isReported = status !== "REDIRECT";
    page.emit("flow_closed", { status: data.status, secondary_status, bank_identifier });
    const { response, soon } = report(page.urlOf("callback"), { flow: page.flow, data });
    if (!isUnsupported && USER_CANCELLED.test(status)) return this.#showCancelled();
    const body = await soon;
    if (isUnsupported) return this.#screens.show("unsupported");
    if (status === "REDIRECT") return this.#screens.show("redirect", { url: secureUrl(data) });
    if (status === "SUCCESS") {
      forgetFlow();
      addRecentBank(bank_identifier ?? this.#window.bank);
      return this.#show("success", data, body, response);
    }
    // A failure that comes at once may still be followed by the way to the bank.
    const wait = this.#window.openedAt + REDIRECT_TIMEOUT_MS - Date.now();
    return this.#picker.opening.after(wait, () => this.#show("error", data, body, response));
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
   * @param {"success" | "error"} name
   * @param {LeanResult} data
   * @param {CallbackResponse} [body] the response, where it came soon
   * @param {Promise<CallbackResponse>} [response]
   */
  #show(name, { status = "", lean_correlation_id: id }, body, response) {
    const page = this.#page;
    const nextOf = wayOn(page.back, status, id);
    const next = nextOf(body);
    this.#window.leave();
    this.isSuccess = name === "success";
    page.setBack(next);
    this.#screens.show(name, { ...body, id, next, pending: !body && "1" });
    if (body) this.#leave(next);
    response?.then((late) => {
      const line = page.findOptional("#pending");
      if (page.data.state !== name || !line) return;
      line.remove();
      page.setBack(nextOf(late));
      this.#leave(nextOf(late));
    });
  }

  /** @param {string | null | undefined} next */
  #leave(next) {
    if (!this.isSuccess || !next) return;
    leaveSoon(next, () => this.#page.findOptional("#leaving")?.remove());
  }
}

/**
 * Return the bank's page, unless it is a script or without TLS.
 *
 * @param {LeanResult} result
 */
const secureUrl = ({ open_banking_redirect_url: url }) => url?.startsWith("https://") && url;
