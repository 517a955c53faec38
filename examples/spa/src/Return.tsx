import type { LeanClient } from "lean-flask-client";
import { useReturn } from "lean-flask-client/react";
import { useEffect, useState } from "react";
import { latestFlow, SignedOut } from "./api";
import { Ending } from "./Ending";
import { Heading } from "./Heading";
import type { Texts } from "./texts";

interface Props {
  client: LeanClient;
  query: string;
  texts: Texts;
  onDone: () => void;
  onSignedOut: () => void;
}

/** Where the bank's page sends the customer: `success_redirect_url` and `fail_redirect_url`. */
export function Return({ client, query, texts, onDone, onSignedOut }: Props) {
  const { outcome, error, isBusy, retry } = useReturn(client, query);
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    if (error?.reason === "signed_out") onSignedOut(); // after the sign-in this page goes on
    // The bank has opened another browser than the one in which it began: the server knows the flow.
    if (error?.reason !== "no_flow") return;
    latestFlow().then(retry, (failure) =>
      failure instanceof SignedOut ? onSignedOut() : setFailed(true),
    );
  }, [error, onSignedOut, retry]);
  useEffect(() => {
    if (outcome) history.replaceState(null, "", "/"); // loading this page again asks nothing again
  }, [outcome]);
  if (isBusy || (error?.reason === "no_flow" && !hasFailed))
    return <Heading>{texts.returning}</Heading>;
  if (outcome) return <Ending {...{ client, outcome, texts, onDone }} done={texts.choose} />;
  return (
    <>
      <Heading>{error?.advice ?? texts.failed}</Heading>
      {error?.isPassing && (
        <button type="button" className="main" onClick={() => retry()}>
          {texts.again}
        </button>
      )}
      <button type="button" onClick={onDone}>
        {texts.choose}
      </button>
    </>
  );
}
