// As little of React Native as this app uses, for the checks of this repository: delete this folder
// in your app, where the packages bring their own types.

declare module "react-native" {
  import type { ComponentType, ReactElement, ReactNode } from "react";

  interface Common {
    children?: ReactNode;
    style?: object;
    accessibilityRole?: "header" | "button" | "alert";
    accessibilityLiveRegion?: "polite" | "assertive";
    accessibilityLabel?: string;
  }
  export const View: ComponentType<Common>;
  export const SafeAreaView: ComponentType<Common>;
  export const Text: ComponentType<Common>;
  export const Image: ComponentType<Common & { source: { uri: string } }>;
  export const Pressable: ComponentType<Common & { disabled?: boolean; onPress: () => void }>;
  export const TextInput: ComponentType<
    Common & { value: string; autoCorrect?: boolean; onChangeText: (text: string) => void }
  >;
  interface ListProps<T> {
    data: readonly T[];
    keyExtractor: (item: T) => string;
    renderItem: (given: { item: T }) => ReactElement;
    keyboardShouldPersistTaps?: "handled";
  }
  export function FlatList<T>(props: ListProps<T>): ReactElement;
  export const StyleSheet: { create<T>(styles: T): T };
  export const I18nManager: { isRTL: boolean };
  export const Linking: {
    getInitialURL(): Promise<string | null>;
    openURL(url: string): Promise<unknown>;
    addEventListener(type: "url", listen: (event: { url: string }) => void): { remove(): void };
  };
}

declare module "@react-native-async-storage/async-storage" {
  const AsyncStorage: {
    getItem(key: string): Promise<string | null>;
    setItem(key: string, value: string): Promise<void>;
    removeItem(key: string): Promise<void>;
  };
  export default AsyncStorage;
}

declare module "react-native-webview" {
  import type { ComponentType } from "react";

  const WebView: ComponentType<{
    source: { uri: string; headers?: Record<string, string> };
    originWhitelist?: string[];
    setSupportMultipleWindows?: boolean;
    onShouldStartLoadWithRequest?: (request: { url: string }) => boolean;
    onOpenWindow?: (event: { nativeEvent: { targetUrl: string } }) => void;
  }>;
  export default WebView;
}
