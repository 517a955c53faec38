// A connection from the choice of a bank to its outcome. No React in here, so that it can be tested.

import type {
  CallbackResponse,
  CaptureRedirectCall,
  FlowHandle,
  FlowStatus,
  LaunchCall,
  LeanClient,
} from "lean-flask-client";
import type { LeanCallbackResponse, LinkSDKProps, LinkSDKRef } from "lean-react-native";
import type { Host } from "./host";

export type SdkCall = LaunchCall | CaptureRedirectCall;

/** Where the flow is kept: the phone may end the app while the customer is at the bank. */
export interface Storage {
  getItem(key: string): Promise<string | null>;
  setItem(key: string, value: string): Promise<unknown>;
  removeItem(key: string): Promise<unknown>;
}

const KEY = "bank-flow";

/** What `LinkSDK` is set up with. The server says it, so that app and server cannot differ. */
export function propsOf({ native, config }: SdkCall): LinkSDKProps {
  if (!native) throw new TypeError("The launch is for another platform");
  return {
    appToken: native.app_token,
    country: native.country as LinkSDKProps["country"],
    language: native.language as LinkSDKProps["language"],
    sandbox: native.sandbox,
    version: native.version,
    ...(config.customization && {
      customization: config.customization as LinkSDKProps["customization"],
    }),
  };
}

/** Open Lean's SDK. Its methods take what the server gives, name by name; the colours are a prop. */
export function openSdk(sdk: LinkSDKRef, { method, config }: SdkCall): void {
  const { customization, ...params } = config;
  (sdk[method] as (params: unknown) => void)(params);
}

/** Whether the phone has opened the app by a link of the bank's way back. */
export const isLanding = (address: string): boolean =>
  /\/return\/(success|fail)(\?|$)/.test(address) || /^[\w.+-]+:\/\/bank(\?|$)/.test(address);

export class BankLink {
  readonly #host: Host;
  readonly #client: LeanClient;
  readonly #storage: Storage;
  /** The flow that was under way last. */
  #last: FlowHandle | null = null;

  constructor(host: Host, storage: Storage) {
    this.#host = host;
    this.#client = host.client();
    this.#storage = storage;
  }

  /** The call that opens Lean's SDK at the bank that the customer chose. */
  async choose(bank_identifier: string): Promise<LaunchCall> {
    const flow = (await this.#flow()) ?? (await this.#host.newFlow());
    const call = await this.#client.prepareLaunch(flow, { bank_identifier });
    await this.#storage.setItem(KEY, JSON.stringify(flow));
    this.#last = flow;
    return call;
  }

  /**
   * Tell the server what the SDK said, in `callback`. It may say it twice.
   *
   * `SUCCESS` with the message "Link closed after redirect" is no success: the customer went to the
   * bank. The server knows that, so look at `status` of its answer, which is then `at_bank`.
   */
  async report(response: LeanCallbackResponse): Promise<CallbackResponse | null> {
    const flow = await this.#flow();
    if (!flow) return null;
    const status = response.status ?? "ERROR";
    const answer = await this.#client.report(flow, { ...response, status });
    if (answer.status !== "at_bank" && !answer.can_retry) await this.forget();
    return answer;
  }

  /** The call that asks Lean's SDK what became of the flow, after the bank's page. */
  async comeBack(address: string): Promise<CaptureRedirectCall | null> {
    const flow = await this.#flow();
    const query = address.split("#")[0]?.split("?")[1] ?? "";
    if (!flow) return null;
    const call = await this.#client.prepareReturn(flow, query);
    return call.method ? call : null;
  }

  /** Wait for the bank's word, which Lean's webhook brings to the server. */
  async wait(onChange: (known: FlowStatus) => void = () => {}): Promise<FlowStatus | null> {
    return this.#last && this.#client.waitForOutcome(this.#last, { onChange });
  }

  /** The next choice begins a new flow. */
  async forget(): Promise<void> {
    await this.#storage.removeItem(KEY);
  }

  async #flow(): Promise<FlowHandle | null> {
    const kept = await this.#storage.getItem(KEY);
    if (kept !== null) this.#last = JSON.parse(kept);
    return kept === null ? null : this.#last;
  }
}
