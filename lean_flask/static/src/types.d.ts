/** Lean's SDK, as its loader puts it into the page. */
interface LeanSDK {
  [method: string]: (config: object) => void;
}

interface Window {
  Lean?: LeanSDK;
  /** The load that is under way or done; shared by all pickers of the document. */
  leanLoading?: Promise<void>;
}

/** What the SDK gives to its callback. */
interface LeanResult {
  status?: string;
  message?: string;
  secondary_status?: string;
  lean_correlation_id?: string;
  open_banking_redirect_url?: string;
  bank?: { bank_identifier?: string; is_supported?: boolean };
}

/** What `POST /launch` and `POST /return` answer: a method of the SDK and its config. */
interface LeanCall {
  /** Of `POST /return`: the SDK's last status of the flow, and where the customer goes on. */
  sdk_status?: string | null;
  next?: string | null;
  method?: string | null;
  config?: ({ bank_identifier?: string } & Record<string, unknown>) | null;
}

/** What `POST /callback` answers. */
interface CallbackResponse {
  next?: string | null;
  advice?: string | null;
  title?: string | null;
}
