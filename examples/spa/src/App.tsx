import type { Language } from "lean-flask-client";
import { useCallback, useEffect, useMemo, useState } from "react";
import { bearer, clientFor, signIn, signOut } from "./api";
import { Heading } from "./Heading";
import { Picker } from "./Picker";
import { Return } from "./Return";
import { TEXTS } from "./texts";

const LANGUAGE = "qahwa:language";

export function App({ landing }: { landing: string | null }) {
  const [language, setLanguage] = useState<Language>(
    sessionStorage.getItem(LANGUAGE) === "ar" ? "ar" : "en",
  );
  const [isSignedIn, setSignedIn] = useState(Boolean(bearer()));
  const [landed, setLanded] = useState(landing);
  const client = useMemo(() => clientFor(language), [language]);
  const texts = TEXTS[language];

  useEffect(() => {
    sessionStorage.setItem(LANGUAGE, language);
    document.documentElement.lang = language;
    document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
    document.title = `${texts.title} – ${texts.brand}`;
  }, [language, texts]);
  useEffect(() => {
    if (isSignedIn) client.resendReports();
  }, [client, isSignedIn]);

  const [isOffline, setOffline] = useState(false);
  const enter = () =>
    signIn().then(
      () => {
        setSignedIn(true);
        setOffline(false);
      },
      () => setOffline(true),
    );
  const leave = useCallback(() => {
    signOut();
    setSignedIn(false);
  }, []);
  const goOn = () => {
    history.replaceState(null, "", "/");
    setLanded(null);
  };
  return (
    <>
      <header>
        <strong>{texts.brand}</strong>
        {landed === null && (
          <button
            type="button"
            lang={language === "ar" ? "en" : "ar"}
            onClick={() => setLanguage(language === "ar" ? "en" : "ar")}
          >
            {texts.other}
          </button>
        )}
      </header>
      <main>
        {!isSignedIn ? (
          <>
            <Heading>{texts.welcome}</Heading>
            <p>{texts.about}</p>
            <p role="status" className="note">
              {isOffline && texts.failedToSignIn}
            </p>
            <button type="button" className="main" onClick={enter}>
              {texts.signIn}
            </button>
          </>
        ) : landed !== null ? (
          <Return client={client} query={landed} texts={texts} onDone={goOn} onSignedOut={leave} />
        ) : (
          <Picker key={language} {...{ client, language, texts }} onSignedOut={leave} />
        )}
      </main>
    </>
  );
}
