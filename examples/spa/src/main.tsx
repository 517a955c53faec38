import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import "./style.css";

// Read before anything changes the address: Lean adds what its SDK asks for after a redirect.
const landing = location.pathname === "/return" ? location.search : null;

createRoot(document.getElementById("app") as HTMLElement).render(
  <StrictMode>
    <App landing={landing} />
  </StrictMode>,
);
