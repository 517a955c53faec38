// Types of lean-flask's JSON routes. Written by tools/client_types.py: make openapi

export type AccountType = "PERSONAL" | "BUSINESS";

export interface AuthorizeConsentCall {
  /** What the SDK of an app is set up with. */
  native?: NativeSetUp;
  method: "authorizeConsent";
  config: AuthorizeConsentConfig;
}

export interface AuthorizeConsentConfig {
  destination_alias?: string;
  destination_avatar?: string;
  success_redirect_url?: string;
  fail_redirect_url?: string;
  bank_identifier?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  language?: "en" | "ar";
  customization?: Customization;
  access_token?: string;
  customer_id: string;
  account_id?: string;
  allow_payment_source_change?: boolean;
  risk_details?: RiskDetails;
  consent_id: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  app_token?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  sandbox?: boolean;
}

export interface Availability {
  active: PurposeFlags;
  enabled: PurposeFlags;
}

export interface Bank {
  identifier: string;
  name: string;
  arabic_name: string | null;
  commercial_name: string | null;
  commercial_name_arabic: string | null;
  logo: string;
  logo_alt: string;
  main_color: string;
  background_color: string;
  theme: string;
  country_code: string;
  swift_code: string | null;
  active: boolean;
  mock: boolean;
  traits: string[];
  supported_account_types: string[];
  supported_account_sub_types: string[];
  bank_type: string | null;
  account_type: string | null;
  connection_type: string | null;
  relates_to: string[];
  transfer_limits: TransferLimit[];
  international_transfer_limits: TransferLimit[];
  international_destinations: Destination[];
  availability: Availability;
  display_name: string;
  names: Names;
  available: PurposeFlags;
  notice: Notice | null;
}

export interface CallbackData {
  status: string;
  message?: string | null;
  exit_point?: string | null;
  secondary_status?: string | null;
  last_api_response?: string | null;
  lean_correlation_id?: string | null;
  open_banking_redirect_url?: string | null;
  user_exit_intent?: string | null;
  exit_intent_point?: string | null;
  exit_survey_reason?: string | null;
  bank?: ChosenBank | null;
}

export interface CallbackRequest {
  flow: string;
  data: CallbackData;
  /** Whose SDK it is for. Those of apps take other values. */
  platform?: "web" | "react-native" | "flutter" | "ios" | "android";
}

export interface CallbackResponse {
  /** Where to send the customer: the flow's `return_url` with the outcome. */
  next: string | null;
  /** For the customer, in the flow's language, where there is something to say. */
  advice: string | null;
  /** What kind of failure it was, as a heading, where that is known. */
  title: string | null;
  /** `open`: made; `launched`: the SDK got its config; `at_bank`: the SDK said `REDIRECT`; `reported`: the SDK said how it ended; `confirmed` and `failed`: the bank's word, by Lean's webhook, whatever the SDK said. */
  status: "open" | "launched" | "at_bank" | "reported" | "confirmed" | "failed";
  /** Whether the SDK said `SUCCESS` and the bank's word is still to come. Always `false` where webhooks are off. */
  awaits_confirmation: boolean;
  /** Whether the flow may be launched again, as long as it has not expired. `false` once it has ended well, and after a failed attempt that has spent its consent: then the customer starts again at the host. */
  can_retry: boolean;
  /** Once the SDK said `SUCCESS`, or a webhook brought the bank's word; else `null`. */
  receipt: Receipt | null;
}

export interface CaptureRedirectCall {
  /** The last status since the last launch. */
  sdk_status?: string | null;
  /** The flow's `return_url`, for where the SDK says nothing. */
  next?: string | null;
  /** `open`: made; `launched`: the SDK got its config; `at_bank`: the SDK said `REDIRECT`; `reported`: the SDK said how it ended; `confirmed` and `failed`: the bank's word, by Lean's webhook, whatever the SDK said. */
  status?: "open" | "launched" | "at_bank" | "reported" | "confirmed" | "failed";
  /** Whether the SDK said `SUCCESS` and the bank's word is still to come. Always `false` where webhooks are off. */
  awaits_confirmation?: boolean;
  /** Whether the flow may be launched again, as long as it has not expired. `false` once it has ended well, and after a failed attempt that has spent its consent: then the customer starts again at the host. */
  can_retry?: boolean;
  /** Once the SDK said `SUCCESS`, or a webhook brought the bank's word; else `null`. */
  receipt?: Receipt | null;
  /** What the SDK of an app is set up with. */
  native?: NativeSetUp;
  method: "captureRedirect";
  config: CaptureRedirectConfig;
}

export interface CaptureRedirectConfig {
  bank_identifier?: string;
  consent_attempt_id?: string;
  consent_id?: string;
  granular_status_code?: string;
  status_additional_info?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  app_token?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  sandbox?: boolean;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  language?: "en" | "ar";
  customization?: Customization;
  access_token?: string;
  customer_id: string;
}

export interface CheckoutCall {
  /** What the SDK of an app is set up with. */
  native?: NativeSetUp;
  method: "checkout";
  config: CheckoutConfig;
}

export interface CheckoutConfig {
  success_redirect_url?: string;
  fail_redirect_url?: string;
  bank_identifier?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  language?: "en" | "ar";
  customization?: Customization;
  access_token?: string;
  account_id?: string;
  allow_payment_source_change?: boolean;
  risk_details?: RiskDetails;
  payment_intent_id: string;
  customer_name?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  app_token?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  sandbox?: boolean;
}

export interface ChosenBank {
  bank_identifier?: string | null;
  is_supported?: boolean | null;
}

export interface ConnectCall {
  /** What the SDK of an app is set up with. */
  native?: NativeSetUp;
  method: "connect";
  config: ConnectConfig;
}

export interface ConnectConfig {
  destination_alias?: string;
  destination_avatar?: string;
  success_redirect_url?: string;
  fail_redirect_url?: string;
  account_type?: "PERSONAL" | "BUSINESS";
  bank_identifier?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  language?: "en" | "ar";
  customization?: Customization;
  access_token?: string;
  customer_id: string;
  permissions: ("identity" | "accounts" | "balance" | "transactions" | "identities" | "beneficiaries" | "direct_debits" | "standing_orders" | "scheduled_payments" | "payments")[];
  access_from?: string;
  access_to?: string;
  show_consent_explanation?: boolean;
  end_user_id?: string;
  customer_metadata?: string;
  payment_destination_id?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  app_token?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  sandbox?: boolean;
}

export interface CreateBeneficiaryCall {
  /** What the SDK of an app is set up with. */
  native?: NativeSetUp;
  method: "createBeneficiary";
  config: CreateBeneficiaryConfig;
}

export interface CreateBeneficiaryConfig {
  destination_alias?: string;
  destination_avatar?: string;
  success_redirect_url?: string;
  fail_redirect_url?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  language?: "en" | "ar";
  customization?: Customization;
  access_token?: string;
  customer_id: string;
  payment_destination_id: string;
  payment_source_id?: string;
  entity_id?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  app_token?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  sandbox?: boolean;
}

export interface CreatePaymentSourceCall {
  /** What the SDK of an app is set up with. */
  native?: NativeSetUp;
  method: "createPaymentSource";
  config: CreatePaymentSourceConfig;
}

export interface CreatePaymentSourceConfig {
  destination_alias?: string;
  destination_avatar?: string;
  success_redirect_url?: string;
  fail_redirect_url?: string;
  bank_identifier?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  language?: "en" | "ar";
  customization?: Customization;
  access_token?: string;
  customer_id: string;
  payment_destination_id?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  app_token?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  sandbox?: boolean;
}

export interface Customization {
  theme_color?: string;
  theme_color_dark?: string;
  button_text_color?: string;
  button_text_color_dark?: string;
  link_color?: string;
  overlay_color?: string;
  button_border_radius?: string | number;
  dialog_mode?: "contained" | "uncontained";
  dialog_background_color_light?: string;
  dialog_background_color_dark?: string;
  force_appearance?: "light" | "dark";
  bottom_inset?: number | string;
}

export interface Destination {
  country_iso_code: string | null;
  country_name: string | null;
  supported_currencies: string[];
}

export interface FlowStatus {
  id: string;
  /** `open`: made; `launched`: the SDK got its config; `at_bank`: the SDK said `REDIRECT`; `reported`: the SDK said how it ended; `confirmed` and `failed`: the bank's word, by Lean's webhook, whatever the SDK said. */
  status: "open" | "launched" | "at_bank" | "reported" | "confirmed" | "failed";
  /** The SDK's last status since the last launch. A hint, as `lean_status`. */
  sdk_status: string | null;
  /** Of the bank that the webhook named, else the SDK, else the launch. */
  bank_identifier: string | null;
  /** Of the connection, once a webhook named it. */
  entity_id: string | null;
  /** Of the payment, once a webhook named it. */
  payment_id: string | null;
  /** Of the consent, once a webhook named it. */
  consent_id: string | null;
  /** Whether the SDK said `SUCCESS` and the bank's word is still to come. Always `false` where webhooks are off. */
  awaits_confirmation: boolean;
  /** Whether the flow may be launched again, as long as it has not expired. `false` once it has ended well, and after a failed attempt that has spent its consent: then the customer starts again at the host. */
  can_retry: boolean;
  /** Once the SDK said `SUCCESS`, or a webhook brought the bank's word; else `null`. */
  receipt: Receipt | null;
  /** When this changed last, in UTC. */
  updated_at: string | null;
  /** The flow's `return_url` with the outcome, once there is one. */
  next: string | null;
}

export interface LandedWith {
  bank_identifier?: string;
  consent_attempt_id?: string;
  consent_id?: string;
  granular_status_code?: string;
  status_additional_info?: string;
}

export interface LaunchRequest {
  bank_identifier?: string | null;
  account_id?: string | null;
  account_type?: "PERSONAL" | "BUSINESS" | null;
  /** Of `connect`: a connection of the customer to renew, at the bank that they chose. What they share already is asked for, and no more. */
  entity_id?: string | null;
  /** For methods by which one of the customer's sources gets a payee. */
  payment_source_id?: string | null;
  /** Whose SDK it is for. Those of apps take other values. */
  platform?: "web" | "react-native" | "flutter" | "ios" | "android";
  flow: string;
}

export interface ManageConsentsCall {
  /** What the SDK of an app is set up with. */
  native?: NativeSetUp;
  method: "manageConsents";
  config: ManageConsentsConfig;
}

export interface ManageConsentsConfig {
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  language?: "en" | "ar";
  customization?: Customization;
  access_token?: string;
  customer_id: string;
  consent_id?: string;
  consent_type?: ("data" | "payment" | "payment_history")[];
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  app_token?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  sandbox?: boolean;
}

export interface Names {
  en: string;
  ar: string;
}

export interface NativeSetUp {
  app_token: string;
  country: "sa" | "ae";
  env: string;
  sandbox: boolean;
  version: string;
  language: "en" | "ar";
}

/** The SDK is not to be asked; nothing is to be reported either. */
export interface NoCall {
  method: null;
  config: null;
  /** The last status since the last launch. */
  sdk_status?: string | null;
  /** The flow's `return_url`, for where the SDK says nothing. */
  next?: string | null;
  /** Whether the bank's word is still to come. */
  awaits_confirmation?: boolean;
  receipt?: Receipt | null;
}

export interface Notice {
  en: string;
  ar: string;
}

export interface PayCall {
  /** What the SDK of an app is set up with. */
  native?: NativeSetUp;
  method: "pay";
  config: PayConfig;
}

export interface PayConfig {
  destination_alias?: string;
  destination_avatar?: string;
  success_redirect_url?: string;
  fail_redirect_url?: string;
  bank_identifier?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  language?: "en" | "ar";
  customization?: Customization;
  access_token?: string;
  account_id?: string;
  allow_payment_source_change?: boolean;
  risk_details?: RiskDetails;
  payment_intent_id?: string;
  bulk_payment_intent_id?: string;
  show_balances?: boolean;
  end_user_id?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  app_token?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  sandbox?: boolean;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  /** For the developer, in English. */
  detail: string;
  /** For the page. The flow is `expired`, `invalid_flow` (tampered with, or of another browser) or `completed`, or an attempt has failed and the host has to make another consent, `new_consent_needed`; of a flow that is bound to a user, the customer is `signed_out`, or signed in as an `other_user`, or the host cannot tell who it is, `identify_failed`; the bank is `unknown`, `unavailable` or its `limit` forbids the amount; the `account` or the payment `source` cannot be used, or the `entity` cannot be renewed; Lean, `upstream`, cannot be reached; or Lean refuses for good, `upstream_refused`. */
  reason?: "expired" | "invalid_flow" | "completed" | "new_consent_needed" | "signed_out" | "other_user" | "identify_failed" | "unknown" | "unavailable" | "limit" | "account" | "source" | "entity" | "upstream" | "upstream_refused";
  /** The query parameter to mend. */
  parameter?: string;
  /** Field of the body to what is wrong with it. */
  errors?: Record<string, unknown>;
  /** For the customer, in the flow's language, where there is something to say. */
  advice?: string | null;
  /** To quote to Lean's support. */
  correlation_id?: string;
}

export interface PurposeFlags {
  data: boolean;
  payments: boolean;
}

export interface Receipt {
  /** Its name, in the page's language. */
  bank: string | null;
  /** URL, as on the bank's row. */
  logo: string | null;
  /** The colour that the logo is drawn for, such as `#7a4a2b`. */
  logo_background: string | null;
  /** With its currency, in the page's language. Never rounded. */
  amount: string | null;
  /** The bank's own of the payment, else Lean's correlation id. */
  reference: string | null;
  /** What the customer agreed to, in the page's language: what is shared, limits, dates. Empty once the bank has said no. */
  agreed: string[];
}

export interface ReconnectCall {
  /** What the SDK of an app is set up with. */
  native?: NativeSetUp;
  method: "reconnect";
  config: ReconnectConfig;
}

export interface ReconnectConfig {
  destination_alias?: string;
  destination_avatar?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  language?: "en" | "ar";
  customization?: Customization;
  access_token?: string;
  reconnect_id: string;
  customer_metadata?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  app_token?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  sandbox?: boolean;
}

export interface ReturnRequest {
  flow: string;
  landed_with?: LandedWith;
  /** Whose SDK it is for. Those of apps take other values. */
  platform?: "web" | "react-native" | "flutter" | "ios" | "android";
}

export interface RiskDetails {
  debtor_indicators?: Record<string, unknown>;
  destination_delivery_address?: Record<string, unknown>;
  transaction_indicators?: TransactionIndicators;
  payment_process?: Record<string, unknown>;
}

export interface TransactionIndicators {
  channel?: "WEB" | "MOBILE";
}

export interface TransferLimit {
  currency: string;
  min: number | null;
  max: number | null;
}

export interface UpdatePaymentSourceCall {
  /** What the SDK of an app is set up with. */
  native?: NativeSetUp;
  method: "updatePaymentSource";
  config: UpdatePaymentSourceConfig;
}

export interface UpdatePaymentSourceConfig {
  destination_alias?: string;
  destination_avatar?: string;
  success_redirect_url?: string;
  fail_redirect_url?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  language?: "en" | "ar";
  customization?: Customization;
  access_token?: string;
  customer_id: string;
  payment_destination_id: string;
  payment_source_id?: string;
  entity_id?: string;
  end_user_id?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  app_token?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  sandbox?: boolean;
}

export interface VerifyAddressCall {
  /** What the SDK of an app is set up with. */
  native?: NativeSetUp;
  method: "verifyAddress";
  config: VerifyAddressConfig;
}

export interface VerifyAddressConfig {
  destination_alias?: string;
  destination_avatar?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  language?: "en" | "ar";
  customization?: Customization;
  access_token?: string;
  customer_id: string;
  customer_name: string;
  permissions?: ("identity" | "accounts" | "balance" | "transactions" | "identities" | "beneficiaries" | "direct_debits" | "standing_orders" | "scheduled_payments" | "payments")[];
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  app_token?: string;
  /** Of the web's SDK alone; for those of apps it is in `native`. */
  sandbox?: boolean;
}

/** What `GET /banks` takes. */
export interface BanksQuery {
  account_type?: AccountType;
  country?: string;
  purpose?: "data" | "payments";
  q?: string;
  /** A language of `LEAN_LANGUAGES`. Names are in Arabic for `ar`, else in English. */
  lang?: string;
  amount?: number;
  currency?: string;
  /** Whose list, where `LEAN_PER_CUSTOMER` is on. */
  flow?: string;
}

export type LaunchCall = ConnectCall | PayCall | CheckoutCall | AuthorizeConsentCall | CreatePaymentSourceCall | UpdatePaymentSourceCall | CreateBeneficiaryCall | ReconnectCall | ManageConsentsCall | VerifyAddressCall;

export type ReturnCall = CaptureRedirectCall | NoCall;
