import "react-native-url-polyfill/auto"; // lean-flask-client needs a whole URLSearchParams
import { AppRegistry } from "react-native";
import App from "./src/App";

AppRegistry.registerComponent("Qahwa", () => App);
