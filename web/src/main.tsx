import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/shell.css";
import "./styles/lobby.css";
import "./styles/library.css";
import "./styles/stage.css";
import "./styles/figures.css";
import "./styles/chat.css";
import { render } from "solid-js/web";
import { App } from "./app/App";
import { restore } from "./app/session";
import { followLinks } from "./router";

followLinks();
void restore();
const root = document.getElementById("app");
if (root) render(() => <App />, root);
