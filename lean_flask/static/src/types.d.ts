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

/** What `POST /launch` and `POST /return` answer: a method of the SDK and its config. The latter says
 * what the server knows of the flow, too. */
interface LeanCall extends FlowOutcome {
  method?: string | null;
  config?:
    | ({ bank_identifier?: string; payment_source_id?: string } & Record<string, unknown>)
    | null;
}

/** What the server knows of a flow: of `GET /flows/<id>`, and in part of the others. */
interface FlowOutcome {
  status?: string;
  sdk_status?: string | null;
  updated_at?: string | null;
  next?: string | null;
  /** Whether the bank's word on a success is to come. */
  awaits_confirmation?: boolean;
  /** False where the flow cannot be launched again after its failure. */
  can_retry?: boolean;
  receipt?: {
    bank?: string | null;
    logo?: string | null;
    logo_background?: string | null;
    amount?: string | null;
    reference?: string | null;
    /** What the customer agreed to, in words. */
    agreed?: string[];
  } | null;
}

/** What `POST /callback` answers. */
interface CallbackResponse extends FlowOutcome {
  advice?: string | null;
  title?: string | null;
}
