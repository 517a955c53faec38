import type { Bank, FlowHandle, Language, LeanClient } from "lean-flask-client";
import { useBanks, useLaunch } from "lean-flask-client/react";
import { useEffect, useRef, useState } from "react";
import { newFlow, SignedOut } from "./api";
import { Ending } from "./Ending";
import { Heading } from "./Heading";
import type { Texts } from "./texts";

interface Props {
  client: LeanClient;
  language: Language;
  texts: Texts;
  onSignedOut: () => void;
}

export function Picker({ client, language, texts, onSignedOut }: Props) {
  const { banks, text, type, isBusy: isSearching, error: searchError } = useBanks(client);
  const { launch, reset, outcome, error, isBusy } = useLaunch(client);
  const [isStarting, setStarting] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const flow = useRef<FlowHandle>(undefined);

  useEffect(() => {
    if (error?.reason === "signed_out") onSignedOut();
  }, [error, onSignedOut]);

  async function choose(bank: Bank) {
    setStarting(true);
    setFailed(false);
    try {
      flow.current ??= await newFlow(language);
      await launch(flow.current, { bank_identifier: bank.identifier });
    } catch (failure) {
      if (failure instanceof SignedOut) onSignedOut();
      setFailed(true);
    } finally {
      setStarting(false);
    }
  }

  function startAgain() {
    flow.current = undefined;
    reset();
  }

  if (outcome?.sdk_status === "SUCCESS") {
    return <Ending {...{ client, outcome, texts }} onDone={startAgain} done={texts.another} />;
  }
  // A flow that is over takes no other choice: the next one gets a new flow.
  if (error && [403, 410].includes(error.status)) flow.current = undefined;
  if (outcome && !outcome.can_retry) flow.current = undefined;
  const isWaiting = isBusy || isStarting;
  return (
    <>
      <Heading>{texts.title}</Heading>
      <p role="status" className="note">
        {isWaiting ? texts.busy : noteOf()}
      </p>
      <label>
        <span>{texts.search}</span>
        <input
          type="search"
          value={text}
          autoComplete="off"
          onChange={(event) => type(event.target.value)}
        />
      </label>
      {!banks.length && !isSearching && <p>{searchError?.advice ?? texts.none}</p>}
      <ul aria-busy={isSearching}>
        {banks.map((bank) => (
          <li key={bank.identifier}>
            <button
              type="button"
              disabled={!bank.available.data}
              aria-disabled={isWaiting} // keeps the focus, as a disabled button does not
              onClick={() => isWaiting || choose(bank)}
            >
              {/* Most logos are white: they are drawn for the bank's colour. */}
              <img
                src={bank.logo || undefined}
                alt=""
                loading="lazy"
                style={{ background: bank.main_color }}
              />
              <span>
                {bank.display_name}
                {!bank.available.data && (
                  <small>{bank.notice?.[language] ?? texts.unavailable}</small>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );

  function noteOf(): string | null {
    if (hasFailed) return texts.failed;
    if (error) return error.advice ?? texts.failed;
    if (!outcome) return null;
    if (outcome.sdk_status === "CANCELLED") return texts.cancelled;
    return outcome.sdk_status === "REDIRECT" ? texts.busy : (outcome.advice ?? texts.failed);
  }
}
