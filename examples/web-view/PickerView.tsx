import { Linking } from "react-native";
import WebView from "react-native-webview";
import { whereTo } from "./navigation";

interface Props {
  address: string;
  /** From `POST /api/web-view`, with the bearer token of the user: it is good for one load. */
  code: string;
  language: "en" | "ar";
  /** The status is a hint for what to show. What counts is `GET /lean/flows/<id>`. */
  onDone: (status: string | null) => void;
}

export function PickerView({ address, code, language, onDone }: Props) {
  function isShown(url: string): boolean {
    const where = whereTo(url);
    if (where.show) return true;
    if ("open" in where)
      Linking.openURL(where.open).catch(() => {}); // the bank's app is missing
    else onDone(where.outcome);
    return false;
  }
  return (
    <WebView
      source={{
        uri: `${address}/app/picker`,
        headers: { "App-Code": code, "Accept-Language": language },
      }}
      originWhitelist={["*"]} // else other schemes never reach the next line
      onShouldStartLoadWithRequest={({ url }) => isShown(url)}
      setSupportMultipleWindows={false} // Android: the bank's page opens in this view
      onOpenWindow={({ nativeEvent }) => isShown(nativeEvent.targetUrl)}
    />
  );
}
