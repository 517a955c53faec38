// What lean-react-native 4.2.2 declares, as far as this app uses it; written from its types/sdk.ts
// and types/methods.ts. It is for the checks of this repository: delete this folder in your app.

declare module "lean-react-native" {
  import type { ComponentType, Ref } from "react";

  export enum LeanPermission {
    Balance = "balance",
    Identity = "identity",
    Accounts = "accounts",
    Payments = "payments",
    Transactions = "transactions",
    Identities = "identities",
    Beneficiaries = "beneficiaries",
    DirectDebits = "direct_debits",
    StandingOrders = "standing_orders",
    ScheduledPayments = "scheduled_payments",
  }
  export enum LeanCountry {
    SaudiArabia = "sa",
    UnitedArabEmirates = "ae",
  }
  export enum LeanLanguage {
    English = "en",
    Arabic = "ar",
  }
  export enum LeanEnvironment {
    Production = "production",
    Staging = "staging",
    Development = "development",
  }
  export interface CustomizationOptions {
    theme_color?: string;
    button_text_color?: string;
    button_border_radius?: string;
    link_color?: string;
    overlay_color?: string;
    dialog_mode?: string;
    bottom_inset?: number;
    [key: string]: string | number | boolean | undefined;
  }
  export interface LeanCallbackResponse {
    status: "SUCCESS" | "CANCELLED" | "ERROR" | null;
    message: string | null;
    last_api_response: string | null;
    exit_point: string | null;
    exit_intent_point: string | null;
    exit_survey_reason: string | null;
    user_exit_intent: string | null;
    lean_correlation_id: string | null;
    secondary_status: string | null;
    bank: { bank_identifier: string | null; is_supported: boolean };
  }
  export interface LinkSDKProps {
    appToken: string;
    env?: LeanEnvironment;
    country?: LeanCountry;
    language?: LeanLanguage;
    sandbox?: boolean;
    showLogs?: boolean;
    version?: string;
    customization?: CustomizationOptions;
    callback?: (response: LeanCallbackResponse) => void;
  }

  interface Shown {
    destination_alias?: string;
    destination_avatar?: string;
  }
  interface Every {
    access_token?: string;
  }
  interface Landings {
    success_redirect_url?: string;
    fail_redirect_url?: string;
  }
  export interface ConnectParams extends Every, Shown, Landings {
    customer_id: string;
    permissions: LeanPermission[];
    bank_identifier?: string;
    end_user_id?: string;
    payment_destination_id?: string;
    access_to?: string;
    access_from?: string;
    account_type?: string;
    show_consent_explanation?: boolean;
    customer_metadata?: string;
  }
  export interface ReconnectParams extends Every, Shown {
    reconnect_id: string;
    customer_metadata?: string;
  }
  export interface CreateBeneficiaryParams extends Every, Shown, Landings {
    customer_id: string;
    payment_destination_id: string;
    payment_source_id?: string;
    entity_id?: string;
  }
  export interface CreatePaymentSourceParams extends Every, Shown, Landings {
    customer_id: string;
    bank_identifier?: string;
    payment_destination_id?: string;
  }
  export interface UpdatePaymentSourceParams extends Every, Shown, Landings {
    customer_id: string;
    payment_destination_id: string;
    payment_source_id?: string;
    end_user_id?: string;
    entity_id?: string;
  }
  export interface PayParams extends Every, Shown, Landings {
    payment_intent_id?: string;
    bulk_payment_intent_id?: string;
    account_id?: string;
    end_user_id?: string;
    show_balances?: boolean;
    allow_payment_source_change?: boolean;
    bank_identifier?: string;
    risk_details?: object;
  }
  export interface VerifyAddressParams extends Every, Shown {
    customer_id: string;
    customer_name: string;
    permissions?: LeanPermission[];
  }
  export interface AuthorizeConsentParams extends Every, Shown, Required<Landings> {
    customer_id: string;
    consent_id: string;
    bank_identifier?: string;
    account_id?: string;
    allow_payment_source_change?: boolean;
    risk_details?: object;
  }
  export interface CheckoutParams extends Every, Required<Landings> {
    payment_intent_id: string;
    customer_name?: string;
    bank_identifier?: string;
    account_id?: string;
    allow_payment_source_change?: boolean;
    risk_details?: object;
  }
  export interface ManageConsentsParams extends Every {
    customer_id: string;
  }
  export interface CaptureRedirectParams extends Every {
    customer_id: string;
    consent_attempt_id?: string;
    consent_id?: string;
    granular_status_code?: string;
    status_additional_info?: string;
  }
  export interface LinkSDKRef {
    connect(params: ConnectParams): void;
    reconnect(params: ReconnectParams): void;
    createBeneficiary(params: CreateBeneficiaryParams): void;
    createPaymentSource(params: CreatePaymentSourceParams): void;
    updatePaymentSource(params: UpdatePaymentSourceParams): void;
    pay(params: PayParams): void;
    verifyAddress(params: VerifyAddressParams): void;
    authorizeConsent(params: AuthorizeConsentParams): void;
    checkout(params: CheckoutParams): void;
    manageConsents(params: ManageConsentsParams): void;
    captureRedirect(params: CaptureRedirectParams): void;
  }
  const LinkSDK: ComponentType<LinkSDKProps & { ref?: Ref<LinkSDKRef> }>;
  export default LinkSDK;
}
