import AsyncStorage from "@react-native-async-storage/async-storage";
import type { Bank } from "lean-flask-client";
import { LeanError } from "lean-flask-client";
import { useBanks } from "lean-flask-client/react";
import LinkSDK, { type LeanCallbackResponse, type LinkSDKRef } from "lean-react-native";
import { useCallback, useEffect, useRef, useState } from "react";
import {
  FlatList,
  I18nManager,
  Image,
  Linking,
  Pressable,
  SafeAreaView,
  StyleSheet,
  Text,
  TextInput,
} from "react-native";
import { BankLink, isLanding, openSdk, propsOf, type SdkCall } from "./bank-link";
import { Host } from "./host";
import { TEXTS } from "./texts";

const language = I18nManager.isRTL ? "ar" : "en";
const texts = TEXTS[language];
const host = new Host("https://shop.example", language);
const link = new BankLink(host, AsyncStorage);
const client = host.client();

export default function App() {
  const { banks, text, type, isBusy } = useBanks(client);
  const [note, setNote] = useState("");
  const [call, setCall] = useState<SdkCall | null>(null);
  const sdk = useRef<LinkSDKRef>(null);

  const attempt = useCallback(async (work: () => Promise<void>) => {
    try {
      setNote("");
      await work();
    } catch (error) {
      if (error instanceof LeanError && [403, 410].includes(error.status)) await link.forget();
      setNote((error instanceof LeanError && error.advice) || texts.failed);
    }
  }, []);

  const showOutcome = useCallback(async () => {
    const known = await link.wait();
    if (known?.status === "failed") setNote(texts.failed);
    else if (known?.sdk_status === "SUCCESS") setNote(texts.done);
    await link.forget(); // the next choice begins a new flow
  }, []);

  // Lean's SDK is there once it has its props; then the call opens it.
  useEffect(() => {
    if (call && sdk.current) openSdk(sdk.current, call);
  }, [call]);

  useEffect(() => {
    const comeBack = (address: string | null) => {
      if (!address || !isLanding(address)) return;
      attempt(async () => {
        const next = await link.comeBack(address);
        setCall(next);
        if (!next) await showOutcome(); // Lean's SDK has nothing to be asked
      });
    };
    attempt(() => host.signIn()).then(() => Linking.getInitialURL().then(comeBack));
    const listener = Linking.addEventListener("url", ({ url }) => comeBack(url));
    return () => listener.remove();
  }, [attempt, showOutcome]);

  const choose = (bank: Bank) => attempt(async () => setCall(await link.choose(bank.identifier)));

  const report = (response: LeanCallbackResponse) =>
    attempt(async () => {
      const answer = await link.report(response);
      if (!answer) return; // it was told before
      if (answer.status === "at_bank") setNote(texts.atBank);
      else if (answer.can_retry) setNote(answer.advice ?? texts.failed);
      else if (answer.awaits_confirmation) await showOutcome();
      else setNote(texts.done);
    });

  return (
    <SafeAreaView style={styles.page}>
      <Text accessibilityRole="header" style={styles.title}>
        {texts.title}
      </Text>
      <Text accessibilityLiveRegion="polite">{note}</Text>
      <TextInput
        accessibilityLabel={texts.search}
        autoCorrect={false}
        style={styles.search}
        value={text}
        onChangeText={type}
      />
      {!banks.length && !isBusy && <Text>{texts.none}</Text>}
      <FlatList
        data={banks}
        keyExtractor={(bank) => bank.identifier}
        keyboardShouldPersistTaps="handled"
        renderItem={({ item: bank }) => (
          <Pressable
            accessibilityRole="button"
            disabled={!bank.available.data}
            style={styles.bank}
            onPress={() => choose(bank)}
          >
            <Image source={{ uri: bank.logo }} style={styles.logo} />
            <Text>{bank.display_name}</Text>
            {!bank.available.data && <Text>{bank.notice?.[language] ?? texts.unavailable}</Text>}
          </Pressable>
        )}
      />
      {call && <LinkSDK {...propsOf(call)} ref={sdk} callback={report} />}
    </SafeAreaView>
  );
}

const styles = StyleSheet.create({
  page: { flex: 1, padding: 16 },
  title: { fontSize: 24, fontWeight: "600" },
  search: { borderWidth: 1, borderRadius: 8, minHeight: 44, paddingHorizontal: 12 },
  bank: { flexDirection: "row", alignItems: "center", minHeight: 56, gap: 12 },
  logo: { width: 40, height: 40, borderRadius: 8 },
});
