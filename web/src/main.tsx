import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/shell.css";
import "./styles/lobby.css";
import "./styles/library.css";
import "./styles/comments.css";
import "./styles/stage.css";
import "./styles/chat.css";
import "./styles/short.css";
import { render } from "solid-js/web";
import { App } from "./App";
import { isNewEnough } from "./browser";
import { text } from "./i18n/en";
import { followWorker } from "./shell/worker";
import { restore } from "./state/session";

const root = document.getElementById("app");
if (!root) throw new Error("the page has no place for the app");
if (isNewEnough()) {
  void restore();
  render(() => <App />, root);
  followWorker();
} else {
  root.textContent = text.app.tooOld;
}
