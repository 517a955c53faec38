import type { LeanClient, Outcome } from "lean-flask-client";
import { useEffect, useState } from "react";
import { Heading } from "./Heading";
import type { Texts } from "./texts";

interface Props {
  client: LeanClient;
  outcome: Outcome;
  texts: Texts;
  done: string;
  onDone: () => void;
}

/** How it ended. The SDK's word is a hint; your server acts on Lean's webhook alone. */
export function Ending({ client, outcome, texts, done, onDone }: Props) {
  const [status, setStatus] = useState(outcome.status);
  useEffect(() => {
    if (!outcome.awaits_confirmation) return;
    const stop = new AbortController();
    client
      .waitForOutcome(outcome.flow, { signal: stop.signal })
      .then((known) => setStatus(known.status))
      .catch(() => {}); // it is told by your server
    return () => stop.abort();
  }, [client, outcome]);

  const isGood =
    status !== "failed" && (status === "confirmed" || outcome.sdk_status === "SUCCESS");
  const isWaiting = isGood && status !== "confirmed" && outcome.awaits_confirmation;
  return (
    <>
      <Heading>{isGood ? texts.linked : (outcome.title ?? texts.failed)}</Heading>
      {outcome.receipt?.bank && isGood && <p>{outcome.receipt.bank}</p>}
      {outcome.advice && !isGood && <p>{outcome.advice}</p>}
      <p role="status">
        {status === "confirmed" ? texts.confirmed : isWaiting ? texts.waiting : null}
      </p>
      <button type="button" className="main" onClick={onDone}>
        {done}
      </button>
    </>
  );
}
